"""From what a URL says to a board, and what else could be chosen."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from flask_babel import gettext as _
from sqlalchemy import any_, cast, func, or_, select
from sqlalchemy.types import Date

from app.core import clock
from app.extensions import db
from app.goals import queries as goals
from app.goals.fiscal import KINDS, span_of
from app.goals.models import Period, PeriodKind
from app.goals.periods import fiscal_start, period_by_key
from app.leaderboards.filters import BoardFilter, Mode, Of
from app.leaderboards.memo import Memo, apart
from app.metrics import queries as metrics
from app.metrics.models import Metric, TeamTotal, Total
from app.people.models import Function, Team, TeamKind

Kind = TypeVar("Kind", bound=enum.StrEnum)

FIRST_METRIC = "revenue"
MOST_TEAMS = 300  # in a list to choose from


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


@dataclass(frozen=True, slots=True)
class Choice:
    """A board that somebody asked for. `hints` say what was not there and what stands for it."""

    filter: BoardFilter
    metric: Metric
    period: Period
    team: TeamName | None
    hints: tuple[str, ...] = ()

    def arguments(self, **changed: str | int | None) -> dict[str, str | int]:
        """Of the URL of this board, or of one that differs; None leaves one out."""
        mode, of = self.filter.mode, self.filter.of
        own: dict[str, str | int | None] = {
            "metric": self.metric.key,
            "period": self.period.key,
            "team": self.filter.team_id,
            "mode": mode.value if mode is not Mode.VALUE else None,
            "of": of.value if of is not Of.PEOPLE else None,
            "level": self.filter.depth,
        }
        return {name: value for name, value in (own | changed).items() if value is not None}


_choices = Memo["Choice | None"]("metrics", "periods", "people", "company", most=5_000)
_ASKED = ("metric", "period", "team", "mode", "of", "level")


def choose(asked: Mapping[str, str], *, own_team_id: int | None = None) -> Choice | None:
    """The board that a URL asks for: `metric`, `period`, `team`, `mode`, `of` and `level`.

    A period is named by its key, or `month`, `quarter`, `year` for the one that runs today. What is missing
    has a default; what is unknown too, with a hint. None in a portal that counts nothing yet.
    """
    given = tuple(asked.get(name) for name in _ASKED)
    return _choices.get(
        (given, own_team_id),
        lambda: _choose(asked, own_team_id),
        keep=lambda found: found is not None and _lasts(found, asked),
    )


def _lasts(found: Choice, asked: Mapping[str, str]) -> bool:
    """Not so: the latest period with results while it is not the running one, and hints, which are in the
    reader's language."""
    span = found.period.starts_on, found.period.ends_on
    return not found.hints and (bool(asked.get("period")) or span[0] <= clock.today() <= span[1])


def _choose(asked: Mapping[str, str], own_team_id: int | None) -> Choice | None:
    hints: list[str] = []
    metric = _metric(asked.get("metric"), hints)
    if metric is None:
        return None
    period = _period(asked.get("period"), metric, hints)
    if period is None:
        return None
    team = _team(asked.get("team"), hints)
    of = _member(Of, asked.get("of"))
    return Choice(
        filter=BoardFilter(
            metric_id=metric.id,
            period_id=period.id,
            # The whole company is not a team's board: who left without a team is on it.
            team_id=team.id if team is not None and team.depth else None,
            mode=_member(Mode, asked.get("mode")) or Mode.VALUE,
            of=of or Of.PEOPLE,
            depth=_depth(asked.get("level"), team, own_team_id) if of is Of.TEAMS else None,
        ),
        metric=apart(metric),
        period=apart(period),
        team=team if team is not None and team.depth else None,
        hints=tuple(hints),
    )


def _member(kind: type[Kind], value: str | None) -> Kind | None:
    return next((member for member in kind if member.value == value), None)


def _metric(key: str | None, hints: list[str]) -> Metric | None:
    by_key = {metric.key: metric for metric in metrics.metrics(with_hidden=True)}
    offered = [metric for metric in by_key.values() if metric.is_active]
    default = next((m for m in offered if m.key == FIRST_METRIC), offered[0] if offered else None)
    if not key:
        return default
    if key not in by_key and default is not None:
        hints.append(_("There is no such metric any more. Here is %(name)s.", name=default.label()))
    return by_key.get(key, default)


def _period(key: str | None, metric: Metric, hints: list[str]) -> Period | None:
    if key in KINDS:
        return _running(PeriodKind(key), clock.today())
    found = period_by_key(key) if key else None
    if found is not None:
        return found
    if key:
        hints.append(_("There is no such period. Here is the latest with results."))
    latest = _latest_month(metric)
    return _running(PeriodKind.QUARTER, latest or clock.today())


def _running(kind: PeriodKind, day: date) -> Period | None:
    return goals.period_on(kind, day) or period_by_key(span_of(kind.value, day, fiscal_start()).key)


def _latest_month(metric: Metric) -> date | None:
    """The last month up to today with results of a metric: an imported past begins with what it has."""
    return db.session.scalar(
        select(Total.month)
        .where(Total.metric_id == metric.id, Total.month <= clock.today())
        .where(or_(Total.value != 0, Total.base != 0))
        .order_by(Total.month.desc())
        .limit(1)
    )


def _team(key: str | None, hints: list[str]) -> TeamName | None:
    if not key:
        return None
    team = db.session.get(Team, int(key)) if key.isdecimal() and len(key) < 16 else None
    if team is None:
        hints.append(_("There is no such team. Here is the whole company."))
        return None
    return _team_name(team)


def _team_name(team: Team) -> TeamName:
    return TeamName(team.id, team.name, len(team.path) - 1, tuple(team.path))


def _depth(asked: str | None, team: TeamName | None, own_team_id: int | None) -> int:
    """As asked; else that of one's own team; else the lowest where there are two to compare."""
    there = {level.depth: level for level in levels(team.id if team else None)}
    if asked and asked.isdecimal() and int(asked) in there:
        return int(asked)
    own = db.session.get(Team, own_team_id) if own_team_id is not None else None
    if own is not None and own.function is Function.SALES and len(own.path) - 1 in there:
        return len(own.path) - 1
    comparable = [depth for depth, level in there.items() if level.number > 1]
    return max(comparable or there or [1])


_metrics = Memo[list[Metric]]("metrics", most=1)


def offered_metrics() -> Sequence[Metric]:
    return _metrics.get((), lambda: [apart(metric) for metric in metrics.active_metrics()])


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
    """Teams that sell, each followed by those below it; of very many, only the upper levels."""
    return _teams.get((), _read_teams)


def _read_teams() -> list[TeamName]:
    rows = db.session.scalars(
        select(Team).where(Team.archived_at.is_(None), Team.function == Function.SALES).order_by(Team.name)
    )
    below: dict[int | None, list[TeamName]] = {}
    for team in rows:
        below.setdefault(team.parent_id, []).append(_team_name(team))
    found: list[TeamName] = []

    def descend(parent_id: int | None, deepest: int) -> None:
        for team in below.get(parent_id, ()):
            if team.depth <= deepest:
                found.append(team)
                descend(team.id, deepest)

    deepest = max((team.depth for group in below.values() for team in group), default=0)
    roots = [parent for parent in below if all(parent != t.id for group in below.values() for t in group)]
    while True:
        found.clear()
        for root in roots:
            descend(root, deepest)
        if len(found) <= MOST_TEAMS or deepest <= 1:
            return found
        deepest -= 1


_Periods: TypeAlias = dict[PeriodKind, list[Period]]
_periods = Memo[_Periods]("metrics", "periods", "totals", "company")


def periods(metric: Metric, chosen: Period) -> _Periods:
    """Those with results of a metric, the running ones and the chosen one; latest first, by kind."""
    return _periods.get((metric.id, chosen.id), lambda: _read_periods(metric, chosen))


def _read_periods(metric: Metric, chosen: Period) -> _Periods:
    today = clock.today()
    month = cast(func.date_trunc("month", TeamTotal.day), Date)
    company = select(Team.id).where(Team.kind == TeamKind.COMPANY).scalar_subquery()
    months = set(
        db.session.scalars(
            select(month)
            .where(TeamTotal.metric_id == metric.id, TeamTotal.team_id == company, TeamTotal.day <= today)
            .distinct()
        )
    )
    found: dict[PeriodKind, list[Period]] = {kind: [] for kind in PeriodKind}
    for period in goals.periods_of(until=today):
        is_running = period.ends_on >= today
        if (
            period.id == chosen.id
            or is_running
            or any(period.starts_on <= month <= period.ends_on for month in months)
        ):
            found[period.kind].append(apart(period))
    return {kind: found[kind] for kind in (PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.YEAR)}


_paths = Memo[tuple[int, ...]]("people", most=5_000)


def path_of(team_id: int | None) -> Sequence[int]:
    """A team and those above it, the lowest first."""

    def read() -> tuple[int, ...]:
        team = db.session.get(Team, team_id) if team_id is not None else None
        return tuple(reversed(team.path)) if team is not None else ()

    return _paths.get(team_id, read)


def teams_called(given: str) -> list[int]:
    """Keys of the teams of a name, a path from the company down, or the team of a key."""
    wanted = [part.strip().casefold() for part in given.split("/")]
    names = {team.id: team for team in db.session.scalars(select(Team))}
    found = [
        team.id
        for team in names.values()
        if [names[key].name.casefold() for key in team.path if key in names][-len(wanted) :] == wanted
    ]
    if not found and given.isdecimal() and int(given) in names:
        return [int(given)]
    return found
