"""Persons come and change; how they move and leave is beside this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.audit import AuditEntry, record
from app.core.changes import changes
from app.core.errors import Invalid
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.people import sessions
from app.people.models import AccessLink, Membership, Person, ReportingLine, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is known of somebody new. Team and manager count from the first day of work, else from today."""

    name: str
    role: Role
    email: str | None = None
    employee_number: str | None = None
    hired_on: date | None = None
    locale: str | None = None
    team: Team | None = None
    manager: Person | None = None
    import_id: int | None = None


def create_person(new: NewPerson, *, by_id: int | None) -> Person:
    """Raises Invalid for an e-mail or employee number that is somebody's already."""
    return create_people([new], by_id=by_id)[0]


@atomic
def create_people(new: Iterable[NewPerson], *, by_id: int | None) -> list[Person]:
    """Many at once with few statements; all or, raising Invalid, none."""
    rows = list(new)
    _refuse_taken([row.email for row in rows], [row.employee_number for row in rows])
    today = clock.today()
    people = [
        Person(
            name=row.name,
            role=row.role,
            email=row.email,
            employee_number=row.employee_number,
            hired_on=row.hired_on,
            locale=row.locale,
            team_id=row.team.id if row.team else None,
            manager_id=row.manager.id if row.manager else None,
            import_id=row.import_id,
        )
        for row in rows
    ]
    db.session.add_all(people)
    _flush()
    for person, row in zip(people, rows, strict=True):
        since = row.hired_on or today
        if row.team:
            db.session.add(Membership(person_id=person.id, team_id=row.team.id, starts_on=since))
        if row.manager:
            db.session.add(ReportingLine(person_id=person.id, manager_id=row.manager.id, starts_on=since))
        db.session.add(
            AuditEntry(
                action="person.created",
                subject_type=Person.__tablename__,
                subject_id=person.id,
                actor_id=by_id,
                details={"name": row.name, "role": row.role.value},
            )
        )
    db.session.flush()
    changes.announce("people")
    return people


@atomic
def update_person(
    person: Person,
    *,
    name: str,
    role: Role,
    email: str | None,
    employee_number: str | None,
    hired_on: date | None,
    locale: str | None,
    by_id: int | None,
    import_id: int | None = None,
) -> bool:
    """Returns whether anything changed. Raises Invalid for what is somebody else's already, and where
    nobody would be left to administer the portal.
    """
    wanted = {
        "name": name,
        "role": role,
        "email": email,
        "employee_number": employee_number,
        "hired_on": hired_on,
        "locale": locale,
    }
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    if not changed:
        return False
    if person.role is Role.ADMIN and (role is not Role.ADMIN or not email):
        keep_an_administrator(person, "role" if role is not Role.ADMIN else "email")
    if hired_on and person.left_on and hired_on > person.left_on:
        raise Invalid(_("The first day cannot come after the last."), "hired_on")
    if {"email", "employee_number"} & set(changed):
        _refuse_taken([email], [employee_number], besides=person.id)
    is_new_address = "email" in changed and person.email is not None
    for field in changed:
        setattr(person, field, wanted[field])
    _flush()
    if is_new_address:
        # What was mailed to the old address opens nothing any more.
        db.session.execute(
            update(AccessLink)
            .where(AccessLink.person_id == person.id, AccessLink.used_at.is_(None))
            .values(expires_at=func.least(AccessLink.expires_at, clock.now()))
        )
        if email is None:
            sessions.revoke(person.id, by_id=by_id)
    record(
        "person.changed",
        person,
        actor_id=by_id,
        fields=changed,
        **({"role": role.value} if "role" in changed else {}),
    )
    changes.announce("people", people=[person.id])
    return True


def keep_an_administrator(person: Person, field: str | None = None) -> None:
    """Raises Invalid where nobody but this person administers the portal."""
    others = db.session.scalars(
        select(Person.id)
        .where(
            Person.role == Role.ADMIN,
            Person.is_active,
            Person.left_on.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if not set(others) - {person.id}:
        raise Invalid(
            _("Somebody must administer the portal. Make another person administrator first."), field
        )


def _refuse_taken(
    emails: Iterable[str | None], numbers: Iterable[str | None], besides: int | None = None
) -> None:
    wanted_emails = [email.lower() for email in emails if email]
    wanted_numbers = [number for number in numbers if number]
    if len(set(wanted_emails)) < len(wanted_emails):
        raise Invalid(_("Two people cannot share an e-mail."), "email")
    if len(set(wanted_numbers)) < len(wanted_numbers):
        raise Invalid(_("Two people cannot share an employee number."), "employee_number")
    if not wanted_emails and not wanted_numbers:
        return
    taken = db.session.execute(
        select(Person.name, Person.email, Person.is_active)
        .where(
            or_(func.lower(Person.email).in_(wanted_emails), Person.employee_number.in_(wanted_numbers)),
            Person.id != (besides or 0),
        )
        .limit(1)
    ).one_or_none()
    if taken is None:
        return
    field = "email" if (taken.email or "").lower() in wanted_emails else "employee_number"
    words = (
        _("%(name)s has this already.", name=taken.name)
        if taken.is_active
        else _("%(name)s, who left, has this already. Bring them back instead.", name=taken.name)
    )
    raise Invalid(words, field)


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        number = "employee_number" in str(error.orig)
        raise Invalid(
            _("Somebody else has this already."), "employee_number" if number else "email"
        ) from error
