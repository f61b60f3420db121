"""What the lists of people, managers and teams show."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Permission, Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people import queries
from app.people.models import AccessLink, AccessLinkKind, Person, Team, TeamKind

_ACCENTS = ("áàäâéèëêíìïîóòöôúùüûñç", "aaaaeeeeiiiioooouuuunc")


class State(enum.StrEnum):
    """Whom the directory lists."""

    ACTIVE = "active"
    NOT_INVITED = "not_invited"
    INVITED = "invited"
    NO_EMAIL = "no_email"
    NEEDS_MANAGER = "needs_manager"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Filter:
    text: str = ""
    team_id: int | None = None
    role: Role | None = None
    state: State = State.ACTIVE
    manager_id: int | None = None


def _plain(column: Any) -> ColumnElement[str]:
    """Lower case without accents: `nunez` finds Núñez."""
    return func.translate(func.lower(column), *_ACCENTS)


def _invited(since: datetime) -> ColumnElement[bool]:
    return exists().where(
        AccessLink.person_id == Person.id,
        AccessLink.kind == AccessLinkKind.INVITATION,
        AccessLink.used_at.is_(None),
        AccessLink.expires_at > since,
    )


def needs_manager() -> ColumnElement[bool]:
    """Their manager has left."""
    boss = aliased(Person)
    return exists().where(boss.id == Person.manager_id, boss.is_active.is_(False))


def _of_state(state: State) -> ColumnElement[bool]:
    never_in = and_(Person.is_active, Person.password_hash.is_(None), Person.email.is_not(None))
    now = clock.now()
    meant: dict[State, ColumnElement[bool]] = {
        State.ACTIVE: Person.is_active.is_(True),
        State.LEFT: ~Person.is_active,
        State.NO_EMAIL: and_(Person.is_active, Person.email.is_(None)),
        State.NEEDS_MANAGER: and_(Person.is_active, needs_manager()),
        State.INVITED: and_(never_in, _invited(now)),
        State.NOT_INVITED: and_(never_in, ~_invited(now)),
    }
    return meant[state]


def list_people(viewer: Viewer, wanted: Filter) -> Select[Person]:
    """People of the directory in order of their names, with team and manager.

    Colleagues are found by name; who manages people also finds e-mails, and those who left.
    """
    stmt = (
        select(Person)
        .where(_of_state(wanted.state))
        .options(joinedload(Person.team), joinedload(Person.manager))
        .order_by(func.lower(Person.name), Person.id)
    )
    if wanted.state is not State.ACTIVE:
        stmt = stmt.where(Person.id.in_(queries.visible_people(viewer)))
    if text := wanted.text.strip():
        pattern = f"%{_escaped(_without_accents(text))}%"
        found: ColumnElement[bool] = _plain(Person.name).like(pattern, escape="\\")
        if viewer.can(Permission.PEOPLE_MANAGE):
            found = or_(
                found,
                func.lower(Person.email).like(pattern, escape="\\"),
                func.lower(Person.employee_number).like(pattern, escape="\\"),
            )
        stmt = stmt.where(found)
    if wanted.team_id:
        stmt = stmt.where(Person.team_id.in_(queries.below(wanted.team_id)))
    if wanted.role:
        stmt = stmt.where(Person.role == wanted.role)
    if wanted.manager_id:
        stmt = stmt.where(Person.manager_id == wanted.manager_id)
    return stmt


def _without_accents(text: str) -> str:
    return text.lower().translate(str.maketrans(*_ACCENTS))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Access(enum.StrEnum):
    """How far somebody is on the way into the portal."""

    OPEN = "open"
    INVITED = "invited"
    NOT_INVITED = "not_invited"
    NO_EMAIL = "no_email"
    LEFT = "left"


def access_of(people: Sequence[Person]) -> dict[int, Access]:
    ids = [person.id for person in people]
    invited = set(
        db.session.scalars(
            select(AccessLink.person_id).where(
                AccessLink.person_id.in_(ids),
                AccessLink.kind == AccessLinkKind.INVITATION,
                AccessLink.used_at.is_(None),
                AccessLink.expires_at > clock.now(),
            )
        )
    )
    return {person.id: _access(person, person.id in invited) for person in people}


def _access(person: Person, is_invited: bool) -> Access:
    if not person.is_active:
        return Access.LEFT
    if not person.email:
        return Access.NO_EMAIL
    if person.password_hash:
        return Access.OPEN
    return Access.INVITED if is_invited else Access.NOT_INVITED


def possible_leads() -> list[tuple[int, str]]:
    """Who may manage people or lead a team: all but plain reps, and reps who do so already."""
    report, team = aliased(Person), aliased(Team)
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(
            Person.is_active,
            or_(
                Person.role != Role.REP,
                exists().where(report.manager_id == Person.id),
                exists().where(team.lead_id == Person.id),
            ),
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def active_people(ids: Sequence[int]) -> Sequence[Person]:
    return db.session.scalars(
        select(Person).where(Person.id.in_(ids), Person.is_active).order_by(Person.id)
    ).all()


def count_waiting() -> dict[State, int]:
    """How many wait for an invitation, for themselves to answer it, for an e-mail, for a new manager."""
    boss = aliased(Person)
    invited = (
        select(func.count(AccessLink.person_id.distinct()))
        .join(Person, Person.id == AccessLink.person_id)
        .where(
            AccessLink.kind == AccessLinkKind.INVITATION,
            AccessLink.used_at.is_(None),
            AccessLink.expires_at > clock.now(),
            Person.is_active,
            Person.password_hash.is_(None),
            Person.email.is_not(None),
        )
        .scalar_subquery()
    )
    unmanaged = (
        select(func.count())
        .select_from(Person)
        .join(boss, boss.id == Person.manager_id)
        .where(Person.is_active, boss.is_active.is_(False))
        .scalar_subquery()
    )
    never_in, no_email, answering, leaderless = db.session.execute(
        select(
            func.count(case((and_(Person.email.is_not(None), Person.password_hash.is_(None)), 1))),
            func.count(case((Person.email.is_(None), 1))),
            invited,
            unmanaged,
        ).where(Person.is_active)
    ).one()
    return {
        State.NOT_INVITED: never_in - answering,
        State.INVITED: answering,
        State.NO_EMAIL: no_email,
        State.NEEDS_MANAGER: leaderless,
    }


@dataclass(frozen=True, slots=True)
class Manager:
    person: Person
    reports: int


def managers(viewer: Viewer) -> Select[Any]:
    """Who has reports today, with how many; those who left first, as their people wait."""
    report = aliased(Person)
    counts = (
        select(report.manager_id, func.count().label("reports"))
        .where(report.is_active, report.manager_id.is_not(None))
        .group_by(report.manager_id)
        .subquery()
    )
    return (
        select(Person, counts.c.reports)
        .join(counts, counts.c.manager_id == Person.id)
        .where(Person.id.in_(queries.visible_people(viewer)))
        .options(joinedload(Person.team))
        .order_by(Person.is_active, func.lower(Person.name), Person.id)
    )


def team_of_directory(team_id: int) -> Team:
    """Any team: the tree is no secret. Raises NotFound."""
    team = db.session.scalars(
        select(Team).where(Team.id == team_id).options(joinedload(Team.parent), joinedload(Team.lead))
    ).one_or_none()
    if team is None:
        raise NotFound
    return team


def possible_parents(team: Team | None = None) -> list[tuple[int, str]]:
    """Where a team may be put, indented by depth: no plain team, and nothing below itself."""
    return [
        (node.id, "\u2003" * node.depth + node.name)
        for node in queries.team_tree()
        if node.kind != TeamKind.TEAM and not (team and team.id in node.path)
    ]
