"""Who are you? Signing in with e-mail and password, and changing the password."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from app.core import clock
from app.core.audit import record
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people import passwords, sessions, throttle
from app.people.models import Person


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from."""

    address: str | None
    name: str | None


def sign_in(email: str, password: str, browser: Browser) -> str | None:
    """The token of a new session, or None where e-mail and password do not fit.

    Takes as long for an unknown e-mail. Raises TooManyAttempts where one has to wait first.
    """
    counted = throttle.subjects("sign-in", email, browser.address)
    throttle.begin(counted)
    person = _by_email(email)
    fits = passwords.verify(password, person.password_hash if person else None)
    if person is None or not fits:
        return None
    throttle.forget(counted)
    return _enter(person, password, browser)


@atomic
def _enter(person: Person, password: str, browser: Browser) -> str:
    if person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    record("person.signed_in", person, actor_id=person.id)
    return sessions.open_session(person, address=browser.address, browser=browser.name)


def _by_email(email: str) -> Person | None:
    return db.session.scalars(
        select(Person).where(
            func.lower(Person.email) == email.strip().lower(),
            Person.is_active,
            or_(Person.left_on.is_(None), Person.left_on >= clock.today()),
        )
    ).one_or_none()


def check_new_password(password: str, person: Person) -> None:
    """Raises Invalid for one that is guessed first."""
    if len(password) < passwords.MIN_LENGTH:
        raise Invalid(
            _(
                "Take at least %(num)s characters; a short sentence is easy to keep.",
                num=passwords.MIN_LENGTH,
            ),
            "password",
        )
    if len(password) > passwords.MAX_LENGTH:
        raise Invalid(
            _("That is longer than anybody needs: %(num)s characters at most.", num=passwords.MAX_LENGTH),
            "password",
        )
    plain = password.casefold()
    if len(set(plain)) < 4 or plain in {(person.email or "").casefold(), person.name.casefold()}:
        raise Invalid(_("That would be guessed first. Take something only you know."), "password")


@atomic
def set_password(person: Person, password: str, *, by_id: int) -> None:
    """Raises Invalid for a password that is too easy."""
    check_new_password(password, person)
    person.password_hash = passwords.hash_password(password)
    record("person.password_set", person, actor_id=by_id)


def change_password(person_id: int, current: str, new: str, *, keep: int, browser: Browser) -> None:
    """Change one's own password; all other sessions end. Raises Invalid or TooManyAttempts."""
    person = db.session.get_one(Person, person_id)
    counted = throttle.subjects("password", person.email or str(person_id), browser.address)
    throttle.begin(counted)
    if not passwords.verify(current, person.password_hash):
        raise Invalid(_("That is not your current password."), "current")
    throttle.forget(counted)
    _replace_password(person, new, keep)


@atomic
def _replace_password(person: Person, new: str, keep: int) -> None:
    set_password(person, new, by_id=person.id)
    sessions.revoke(person.id, by_id=person.id, keep=keep)
