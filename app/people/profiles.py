"""What the page of one person shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.people import queries
from app.people.models import DayOff, Membership, Person, ReportingLine, Team


def colleague_for(viewer: Viewer, person_id: int) -> tuple[Person, bool]:
    """Somebody of the directory, and whether they are within the viewer's scope.

    Who has left is there only for those whose scope they were in. Raises NotFound.
    """
    row = db.session.execute(
        select(Person, Person.id.in_(queries.visible_people(viewer)))
        .where(Person.id == person_id)
        .options(joinedload(Person.team), joinedload(Person.manager))
    ).one_or_none()
    if row is None or not (row[0].is_active or row[1]):
        raise NotFound
    return row[0], bool(row[1])


def person_for_days_off(viewer: Viewer, person_id: int) -> Person:
    """Somebody whose days off the viewer may enter: not oneself, unless one manages everybody."""
    person = queries.person_for(viewer, person_id)
    if person.id == viewer.person_id and not viewer.can(Permission.PEOPLE_MANAGE):
        raise NotFound
    return person


def day_off_for(person: Person, day_off_id: int) -> DayOff:
    found = db.session.scalars(
        select(DayOff).where(DayOff.id == day_off_id, DayOff.person_id == person.id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of somebody's way through the company."""

    starts_on: date
    ends_on: date | None
    name: str
    key: int
    is_team: bool


def way_of(person_id: int) -> list[Chapter]:
    """Teams and managers of a person, the latest first."""
    boss = aliased(Person)
    teams = db.session.execute(
        select(Membership.starts_on, Membership.ends_on, Team.name, Team.id)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.person_id == person_id)
    )
    lines = db.session.execute(
        select(ReportingLine.starts_on, ReportingLine.ends_on, boss.name, boss.id)
        .join(boss, boss.id == ReportingLine.manager_id)
        .where(ReportingLine.person_id == person_id)
    )
    chapters = [Chapter(*row, is_team=True) for row in teams]
    chapters += [Chapter(*row, is_team=False) for row in lines]
    return sorted(chapters, key=lambda one: (one.starts_on, one.is_team), reverse=True)


def days_off_of(person_id: int) -> Sequence[DayOff]:
    return db.session.scalars(
        select(DayOff)
        .where(DayOff.person_id == person_id)
        .order_by(DayOff.starts_on.desc(), DayOff.id.desc())
        .limit(50)
    ).all()
