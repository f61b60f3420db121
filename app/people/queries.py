"""Who may see whose results, and the team tree; what the rooms above ask about people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, any_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Membership, Person, Team

_SEES_ALL = frozenset({Role.HR, Role.EXECUTIVE, Role.ADMIN})


def sees_all(viewer: Viewer) -> bool:
    return viewer.role in _SEES_ALL


def led_teams(person_id: int) -> Select[int]:
    """Keys of the teams a person leads, and of all below them."""
    led = select(Team.id).where(Team.lead_id == person_id).correlate(None).scalar_subquery()
    ids = func.array(led)
    return select(Team.id).where(Team.path.op("&&")(ids), Team.archived_at.is_(None))


def visible_people(viewer: Viewer) -> Select[int]:
    """Keys of the people whose results this viewer may read, those who left included.

    Oneself; whoever works in a team that one leads or in one below it; one's reports and theirs.
    HR, executives and administrators read everybody's.
    """
    if sees_all(viewer):
        return select(Person.id)
    # A function of the database (migration 0008): a recursion in the query itself misleads the planner.
    seen = func.people_in_sight(literal(viewer.person_id, BigInteger), type_=BigInteger)
    return select(seen.column_valued("seen").label("id"))


def visible_teams(viewer: Viewer) -> Select[int]:
    """Keys of the teams whose results this viewer may read: one's own, those one leads, all below these."""
    if sees_all(viewer):
        return select(Team.id)
    return select(Team.id).where(or_(Team.id == viewer.team_id, Team.id.in_(led_teams(viewer.person_id))))


def person_for(viewer: Viewer, person_id: int) -> Person:
    """A person within the viewer's scope, with team and manager. Raises NotFound for all others."""
    person = db.session.scalars(
        select(Person)
        .where(Person.id == person_id, Person.id.in_(visible_people(viewer)))
        .options(joinedload(Person.team), joinedload(Person.manager))
    ).one_or_none()
    if person is None:
        raise NotFound
    return person


def team_for(viewer: Viewer, team_id: int) -> Team:
    """A team within the viewer's scope. Raises NotFound for all others."""
    team = db.session.scalars(
        select(Team).where(Team.id == team_id, Team.id.in_(visible_teams(viewer)))
    ).one_or_none()
    if team is None:
        raise NotFound
    return team


def is_visible_team(viewer: Viewer, team_id: int) -> bool:
    """Whether the viewer may read a team's results."""
    return db.session.scalar(visible_teams(viewer).where(Team.id == team_id)) is not None


def team_on_expression(person_id: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[int | None]:
    """The same as `team_on`, as a column of another select: correlated by person and day."""
    is_begun = Membership.starts_on <= day
    return (
        select(Membership.team_id)
        .where(Membership.person_id == person_id)
        .order_by(
            is_begun.desc(),
            case((is_begun, Membership.starts_on)).desc().nulls_last(),
            Membership.starts_on,
        )
        .limit(1)
        .scalar_subquery()
    )


def team_on(person_id: int, day: date) -> int | None:
    """The key of the team a person belonged to on a day.

    Before the first membership that is the first, in a gap or after the last the one before it;
    without any membership the team of today, if there is one.
    """
    found: int | None = db.session.scalar(select(team_on_expression(literal(person_id), literal(day))))
    return found or db.session.scalar(select(Person.team_id).where(Person.id == person_id))


def team_spans(person_ids: Iterable[int] | None = None) -> Select[int, int, date, date]:
    """person_id, team_id, first, last: memberships stretched so that `team_on` is a plain join on
    `day BETWEEN first AND last`; every day falls in exactly one row of a person who has any.
    """

    def over(function: Any) -> Any:
        return function.over(partition_by=Membership.person_id, order_by=Membership.starts_on)

    first = case((over(func.row_number()) == 1, literal(date.min)), else_=Membership.starts_on)
    last = func.coalesce(over(func.lead(Membership.starts_on)) - 1, literal(date.max))
    stmt = select(Membership.person_id, Membership.team_id, first.label("first"), last.label("last"))
    if person_ids is not None:
        stmt = stmt.where(Membership.person_id.in_(list(person_ids)))
    return stmt


@dataclass(frozen=True, slots=True)
class TeamNode:
    """A team as the tree shows it. `depth` is 0 for the company; `headcount` counts who works there today,
    `total` those of the teams below as well.
    """

    id: int
    name: str
    kind: str
    function: str
    parent_id: int | None
    path: tuple[int, ...]
    depth: int
    lead_id: int | None
    lead_name: str | None
    lead_has_left: bool
    is_archived: bool
    headcount: int
    total: int


def team_tree(*, archived: bool = False) -> list[TeamNode]:
    """All teams, each followed by those below it, siblings by name."""
    lead = select(Person.id, Person.name, Person.is_active).subquery()
    heads = (
        select(Person.team_id, func.count().label("heads"))
        .where(Person.is_active)
        .group_by(Person.team_id)
        .subquery()
    )
    stmt = (
        select(Team, lead.c.name, lead.c.is_active, func.coalesce(heads.c.heads, 0))
        .outerjoin(lead, lead.c.id == Team.lead_id)
        .outerjoin(heads, heads.c.team_id == Team.id)
        .order_by(func.lower(Team.name), Team.id)
    )
    if not archived:
        stmt = stmt.where(Team.archived_at.is_(None))
    rows: dict[int | None, list[tuple[Team, str | None, bool | None, int]]] = {}
    totals: dict[int, int] = {}
    for team, lead_name, is_there, heads_here in db.session.execute(stmt):
        rows.setdefault(team.parent_id, []).append((team, lead_name, is_there, heads_here))
        for key in team.path:
            totals[key] = totals.get(key, 0) + heads_here
    nodes: list[TeamNode] = []

    def descend(parent_id: int | None, depth: int) -> None:
        for team, lead_name, is_there, heads_here in rows.get(parent_id, ()):
            nodes.append(
                TeamNode(
                    id=team.id,
                    name=team.name,
                    kind=str(team.kind),
                    function=str(team.function),
                    parent_id=team.parent_id,
                    path=tuple(team.path),
                    depth=depth,
                    lead_id=team.lead_id,
                    lead_name=lead_name,
                    lead_has_left=is_there is False,
                    is_archived=team.archived_at is not None,
                    headcount=heads_here,
                    total=totals.get(team.id, 0),
                )
            )
            descend(team.id, depth + 1)

    descend(None, 0)
    return nodes


def below(team_id: int) -> Select[int]:
    """Keys of a team and of all below it."""
    return select(Team.id).where(literal(team_id) == any_(Team.path))


def people_by_id(ids: Iterable[int]) -> dict[int, Person]:
    found = db.session.scalars(select(Person).where(Person.id.in_(list(ids))))
    return {person.id: person for person in found}


def managed_by(person_id: int) -> Sequence[Person]:
    """Those who report to a person today."""
    return db.session.scalars(
        select(Person)
        .where(Person.manager_id == person_id, Person.is_active)
        .order_by(func.lower(Person.name), Person.id)
    ).all()


def the_person(person_id: int) -> Person:
    """A person whose key is known to be right: the viewer's own."""
    return db.session.get_one(Person, person_id)
