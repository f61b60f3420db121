"""Links by mail with which a person sets a password: once, and not for long."""

import enum
import secrets
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from app.core import clock, jobs
from app.core.audit import record
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people import letters, sessions, throttle
from app.people.models import AccessLink, AccessLinkKind, Company, Person
from app.people.operations.signing_in import Browser, set_password

INVITATION_DAYS = 7
RESET_MINUTES = 60


class LinkState(enum.StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class LinkClosed(Conflict):
    """The link was used in the meantime."""


@atomic
def invite(people: Iterable[Person], *, by_id: int, address: str) -> int:
    """Mail each a link to choose a password. Who has no e-mail or left is passed over. Returns how many."""
    learn_address(address)
    invited = 0
    for person in people:
        if not person.email or not person.is_active:
            continue
        token = _new_link(person, AccessLinkKind.INVITATION, timedelta(days=INVITATION_DAYS), by_id)
        letters.send_invitation(person, link_url(address, token), INVITATION_DAYS)
        record("person.invited", person, actor_id=by_id)
        invited += 1
    changes.announce("people", boards=False)
    return invited


@atomic
def request_reset(email: str, browser: Browser, address: str) -> None:
    """Have a link mailed to whom the e-mail belongs. The answer takes as long for nobody's.

    `address` is where the portal was reached. Raises TooManyAttempts where one has to wait first.
    """
    throttle.begin(throttle.subjects("reset", email, browser.address))
    jobs.defer("people.mail_reset", email=email.strip().lower(), address=address)


@jobs.job("people.mail_reset")
@atomic
def mail_reset(email: str, address: str) -> None:
    person = db.session.scalars(
        select(Person).where(func.lower(Person.email) == email, Person.is_active)
    ).one_or_none()
    if person is None:
        return
    token = _new_link(person, AccessLinkKind.RESET, timedelta(minutes=RESET_MINUTES), None)
    # A stranger's Host header proves nothing: the mail leads where an administrator works.
    letters.send_reset(person, link_url(portal_address() or address, token), RESET_MINUTES)
    record("person.reset_requested", person, actor_id=None)


def link_url(address: str, token: str) -> str:
    return f"{address.rstrip('/')}/access/{token}"


@atomic
def make_link(person: Person, *, by_id: int | None) -> str:
    """A token for the operator of the server, who reads it on a terminal."""
    token = _new_link(person, AccessLinkKind.INVITATION, timedelta(days=INVITATION_DAYS), by_id)
    record("person.invited", person, actor_id=by_id)
    return token


def _new_link(person: Person, kind: AccessLinkKind, lasts: timedelta, by_id: int | None) -> str:
    now = clock.now()
    db.session.execute(
        update(AccessLink)
        .where(AccessLink.person_id == person.id, AccessLink.kind == kind, AccessLink.used_at.is_(None))
        .values(expires_at=func.least(AccessLink.expires_at, now))
    )
    token = secrets.token_urlsafe(32)
    db.session.add(
        AccessLink(
            person_id=person.id,
            kind=kind,
            token_hash=sessions.hash_token(token),
            created_at=now,
            expires_at=now + lasts,
            created_by_id=by_id,
        )
    )
    return token


def link_state(token: str) -> tuple[LinkState, Person | None]:
    """Whether a link still opens, and for whom."""
    row = db.session.execute(
        select(AccessLink, Person)
        .join(Person, Person.id == AccessLink.person_id)
        .where(AccessLink.token_hash == sessions.hash_token(token))
    ).one_or_none()
    if row is None:
        return LinkState.UNKNOWN, None
    link, person = row
    if not person.is_active:
        return LinkState.UNKNOWN, None
    if link.used_at is not None:
        return LinkState.USED, person
    if link.expires_at <= clock.now():
        return LinkState.EXPIRED, person
    return LinkState.OPEN, person


@atomic
def use_link(token: str, password: str, browser: Browser) -> str:
    """Set the password and sign in; everything else of the person that was open ends.

    Raises LinkClosed for a link that does not open, Invalid for a password that is too easy.
    """
    now = clock.now()
    person_id = db.session.scalar(
        update(AccessLink)
        .where(
            AccessLink.token_hash == sessions.hash_token(token),
            AccessLink.used_at.is_(None),
            AccessLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(AccessLink.person_id)
    )
    person = db.session.get(Person, person_id, with_for_update=True) if person_id else None
    if person is None or not person.is_active:
        raise LinkClosed
    set_password(person, password, by_id=person.id)
    db.session.execute(
        update(AccessLink)
        .where(AccessLink.person_id == person.id, AccessLink.used_at.is_(None))
        .values(expires_at=func.least(AccessLink.expires_at, now))
    )
    sessions.revoke(person.id, by_id=person.id)
    for purpose in ("sign-in", "reset"):
        throttle.forget(throttle.subjects(purpose, person.email or "", None))
    record("person.signed_in", person, actor_id=person.id)
    return sessions.open_session(person, address=browser.address, browser=browser.name)


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@atomic
def learn_address(address: str, *, only_first: bool = False) -> None:
    """Remember where an administrator reached the portal: links asked for by strangers lead there."""
    company = db.session.get(Company, 1)
    if company is None or company.address == address or (only_first and company.address):
        return
    if company.address and (urlsplit(address).hostname or "") in LOOPBACK:
        return  # an administrator at the machine itself: nobody else could follow such a link
    record("company.address_set", company, actor_id=None, before=company.address, after=address)
    company.address = address


def portal_address() -> str | None:
    return db.session.scalar(select(Company.address))


@atomic
def invite_one(person: Person, *, by_id: int, address: str) -> None:
    """Raises Invalid for a person whom no mail reaches."""
    if not person.email:
        raise Invalid(_("Enter an e-mail address first."), "email")
    if not person.is_active:
        raise Invalid(_("Who has left cannot be invited."))
    invite([person], by_id=by_id, address=address)
