"""From what a URL says to a board, and what else could be chosen."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from flask_babel import gettext as _
from sqlalchemy import cast, func, or_, select
from sqlalchemy.types import Date

from app.core import clock
from app.extensions import db
from app.goals import queries as goals
from app.goals.fiscal import KINDS, span_of
from app.goals.models import Period, PeriodKind
from app.goals.periods import fiscal_start, period_by_key
from app.leaderboards.filters import BoardFilter, Mode, Of
from app.leaderboards.memo import Memo, apart
from app.leaderboards.queries import teams
from app.leaderboards.queries.teams import TeamName
from app.metrics import queries as metrics
from app.metrics.models import Metric, TeamTotal, Total
from app.people.models import Function, Team, TeamKind

Kind = TypeVar("Kind", bound=enum.StrEnum)

FIRST_METRIC = "revenue"


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
_ASKED = ("metric", "period", "team", "team_name", "mode", "of", "level")


def choose(asked: Mapping[str, str], *, own_team_id: int | None = None) -> Choice | None:
    """The board that a URL asks for: `metric`, `period`, `team` (or `team_name`), `mode`, `of` and `level`.

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
    team = _team(asked.get("team"), asked.get("team_name"), hints)
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


def _team(key: str | None, typed: str | None, hints: list[str]) -> TeamName | None:
    if typed and typed.strip():
        called = teams.teams_called(typed)
        if len(called) > 1:
            hints.append(_("Several teams are called %(name)s. Here is the whole company.", name=typed))
            return None
        key = str(called[0]) if called else typed
    if not key:
        return None
    team = db.session.get(Team, int(key)) if key.isdecimal() and len(key) < 16 else None
    if team is None:
        hints.append(_("There is no such team. Here is the whole company."))
        return None
    return teams.team_name(team)


def _depth(asked: str | None, team: TeamName | None, own_team_id: int | None) -> int:
    """As asked; else that of one's own team; else the lowest where there are two to compare."""
    there = {level.depth: level for level in teams.levels(team.id if team else None)}
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
