"""Leaving and coming back; what the turn of a day brings."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from app.core import clock, events, jobs
from app.core.audit import record
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.people import sessions, timeline
from app.people.models import AccessLink, Membership, Person, ReportingLine, Team
from app.people.moving import moving
from app.people.operations import placing
from app.people.operations.persons import keep_an_administrator
from app.people.timeline import Days


@atomic
def leave(person: Person, on: date, *, by_id: int | None) -> None:
    """`on` is the last day of work. Today or earlier: access ends at once; later: when that day is over.

    The history stays. Raises Invalid for a day before the first, and for the last administrator.
    """
    placing.lock(person)
    if not person.is_active:
        raise Conflict(_("%(name)s has left already.", name=person.name))
    if person.hired_on and on < person.hired_on:
        raise Invalid(_("That is before the first day of work."), "on")
    if person.role is Role.ADMIN:
        keep_an_administrator(person, "on")
    person.left_on = on
    _end_spans(person, on)
    record("person.left", person, actor_id=by_id, on=on.isoformat())
    if on <= clock.today():
        _end_access(person, by_id=by_id)
    changes.announce("people", people=[person.id])
    changes.announce("sessions", people=[person.id])


@atomic
def bring_back(person: Person, on: date, team: Team, *, by_id: int | None) -> None:
    """A person works here again from `on`, after an absence or, called off, as if they had never left.

    Raises Invalid for a day before they left.
    """
    placing.lock(person)
    if person.left_on is None:
        raise Conflict(_("%(name)s has not left.", name=person.name))
    if on <= person.left_on:
        raise Invalid(_("That is before the last day of work."), "on")
    person.left_on, person.is_active = None, True
    placing.place(person, team, on, by_id=by_id)
    manager = db.session.get(Person, person.manager_id) if person.manager_id else None
    placing.set_manager(person, manager if manager and manager.is_active else None, on, by_id=by_id)
    record("person.returned", person, actor_id=by_id, on=on.isoformat())
    changes.announce("people", people=[person.id])


def _end_spans(person: Person, on: date) -> None:
    teams = placing.membership_spans(person.id)
    teams_after = timeline.closed(teams, on)
    days = timeline.difference(teams, teams_after)
    if teams and not teams_after:
        days = Days(date.min, date.max)  # gone before the first day: the last known team counts
    with moving([person.id], days):
        placing.write_memberships(person, teams, teams_after)
    lines = placing.line_spans(person.id)
    placing.write_lines(person, lines, timeline.closed(lines, on))


def _end_access(person: Person, *, by_id: int | None) -> None:
    person.is_active = False
    person.password_hash = None
    now = clock.now()
    db.session.execute(
        update(AccessLink)
        .where(AccessLink.person_id == person.id, AccessLink.used_at.is_(None))
        .values(expires_at=func.least(AccessLink.expires_at, now))
    )
    sessions.revoke(person.id, by_id=by_id)
    events.record("person_left", person_id=person.id)


@jobs.job("people.turn_day", cron="*/10 * * * *")
@atomic
def turn_day(timestamp: int = 0) -> None:
    """Bring today's teams, managers and access in line with what was set for today beforehand."""
    today = clock.today()
    gone = db.session.scalars(
        select(Person).where(Person.is_active, Person.left_on < today).order_by(Person.id).with_for_update()
    ).all()
    for person in gone:
        _end_access(person, by_id=None)

    team = (
        select(Membership.team_id)
        .where(
            Membership.person_id == Person.id,
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .scalar_subquery()
    )
    manager = (
        select(ReportingLine.manager_id)
        .where(
            ReportingLine.person_id == Person.id,
            or_(ReportingLine.ends_on.is_(None), ReportingLine.ends_on >= today),
        )
        .order_by(ReportingLine.starts_on)
        .limit(1)
        .scalar_subquery()
    )
    moved = db.session.scalars(
        update(Person)
        .where(Person.is_active, team.is_not(None), Person.team_id.is_distinct_from(team))
        .values(team_id=team)
        .returning(Person.id)
    ).all()
    reporting = db.session.scalars(
        update(Person)
        .where(Person.is_active, Person.manager_id.is_distinct_from(manager))
        .values(manager_id=manager)
        .returning(Person.id)
    ).all()
    if gone or moved or reporting:
        changes.announce("people")
