"""Teams whose board can be asked for, and how they are called."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import any_, func, select

from app.extensions import db
from app.leaderboards.board import order_of
from app.leaderboards.memo import Memo
from app.people.models import Function, Team, TeamKind

MOST_LISTED = 100  # in a list to choose from; of more, one is found by its name
MOST_PROPOSED = 20


@dataclass(frozen=True, slots=True)
class Level:
    """Teams as far below the company as each other."""

    depth: int
    are_departments: bool
    number: int


@dataclass(frozen=True, slots=True)
class TeamName:
    id: int
    name: str
    depth: int
    path: tuple[int, ...]


def team_name(team: Team) -> TeamName:
    return TeamName(team.id, team.name, len(team.path) - 1, tuple(team.path))


def levels(team_id: int | None = None) -> list[Level]:
    """Where below the company (or a team) teams sell, the highest first."""
    depth = (func.cardinality(Team.path) - 1).label("depth")
    stmt = (
        select(depth, func.bool_and(Team.kind == TeamKind.DEPARTMENT), func.count())
        .where(Team.archived_at.is_(None), Team.function == Function.SALES, Team.parent_id.is_not(None))
        .group_by(depth)
        .order_by(depth)
    )
    if team_id is not None:
        stmt = stmt.where(any_(Team.path) == team_id, Team.id != team_id)
    return [Level(*row) for row in db.session.execute(stmt)]


_teams = Memo[list[TeamName]]("people", most=1)


def teams() -> list[TeamName]:
    """Teams that sell, below the company, each followed by those below it."""
    return _teams.get((), _read_teams)


def _read_teams() -> list[TeamName]:
    rows = db.session.scalars(
        select(Team).where(Team.archived_at.is_(None), Team.function == Function.SALES).order_by(Team.name)
    )
    below: dict[int | None, list[TeamName]] = {}
    for team in rows:
        below.setdefault(team.parent_id, []).append(team_name(team))
    there = {team.id for group in below.values() for team in group}
    found: list[TeamName] = []

    def descend(parent_id: int | None) -> None:
        for team in below.get(parent_id, ()):
            if team.depth:
                found.append(team)
            descend(team.id)

    for root in sorted(below.keys() - there, key=lambda key: key or 0):
        descend(root)
    return found


_labels = Memo[dict[int, str]]("people", most=1)


def labels() -> dict[int, str]:
    """The name of each team, with those above it where several are called so."""

    def read() -> dict[int, str]:
        names = {team.id: team.name for team in teams()}
        times = Counter(order_of(name).casefold() for name in names.values())
        return {
            team.id: team.name
            if times[order_of(team.name).casefold()] == 1
            else " / ".join(names[key] for key in team.path if key in names)
            for team in teams()
        }

    return _labels.get((), read)


def proposals(typed: str) -> Sequence[str]:
    """Labels of teams that contain what somebody typed, those that begin with it first."""
    wanted = order_of(typed.strip()).casefold()
    found = [
        (not folded.startswith(wanted), folded, label)
        for label in labels().values()
        if wanted in (folded := order_of(label).casefold())
    ]
    return [label for *_, label in sorted(found)[:MOST_PROPOSED]]


_paths = Memo[tuple[int, ...]]("people", most=5_000)


def path_of(team_id: int | None) -> Sequence[int]:
    """A team and those above it, the lowest first."""

    def read() -> tuple[int, ...]:
        team = db.session.get(Team, team_id) if team_id is not None else None
        return tuple(reversed(team.path)) if team is not None else ()

    return _paths.get(team_id, read)


def teams_called(given: str) -> list[int]:
    """Keys of the teams of a name, a path from the company down, or the team of a key."""
    wanted = [order_of(part.strip()).casefold() for part in given.split("/")]
    rows = db.session.execute(select(Team.id, Team.name, Team.path))
    known = {key: (order_of(name).casefold(), path) for key, name, path in rows}
    found = [
        key
        for key, (_, path) in known.items()
        if [known[each][0] for each in path if each in known][-len(wanted) :] == wanted
    ]
    if not found and given.isdecimal() and len(given) < 16 and int(given) in known:
        return [int(given)]
    return found
