"""Boards as the database has them: whole, or what a few members need to be brought up to date."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.core import clock
from app.core.driver import Question, array
from app.core.permissions import Role
from app.extensions import db
from app.goals import queries as goals
from app.goals.models import Period
from app.leaderboards.board import Board, Columns
from app.leaderboards.filters import BoardFilter, Mode, Of, Span, same_point
from app.leaderboards.memo import apart
from app.leaderboards.standing import SCALE, Facts, Number
from app.metrics import queries as metrics
from app.metrics.models import Metric, MetricKind, TeamTotal, Total
from app.metrics.spans import month_of, split
from app.people.models import Function, Person, Team
from app.people.queries import team_on_expression

MOST_NAMED = 2_000  # members that a query names; of more it reads everybody's
CHANGE_SINCE = timedelta(days=7)


Sums = Select[*tuple[Any, ...]]


class Needs(enum.Flag):
    """Which columns are to be read."""

    FIGURES = enum.auto()
    EARLIER = enum.auto()
    AGAINST = enum.auto()
    TARGETS = enum.auto()
    MEMBERS = enum.auto()


NOTHING = Needs(0)
EVERYTHING = ~NOTHING


@dataclass(frozen=True, slots=True)
class Context:
    """A board's metric and days, read once."""

    chosen: BoardFilter
    metric: Metric
    span: Span
    kind: str  # of the period
    before: Span | None  # what "improved" compares with
    since: Span | None  # the running period up to a week ago, for the change of rank
    today: date

    @property
    def reach(self) -> tuple[date, date]:
        """First and last day on which a figure of this board depends."""
        start = self.span.starts_on
        if self.chosen.mode is Mode.BEST:
            start = date.min
        elif self.before is not None:
            start = min(start, self.before.starts_on)
        return start, self.span.ends_on

    @property
    def facts(self) -> Facts:
        return Facts(
            chosen=self.chosen,
            higher_is_better=self.metric.is_higher_better,
            is_ratio=self.metric.kind is MetricKind.RATIO,
            has_change=self.since is not None,
        )


def read_context(chosen: BoardFilter) -> Context:
    metric = apart(db.session.get_one(Metric, chosen.metric_id))
    period = db.session.get_one(Period, chosen.period_id)
    today = clock.today()
    span = Span(period.starts_on, period.ends_on)
    is_running = span.starts_on <= today <= span.ends_on
    has_change = is_running and chosen.mode in {Mode.VALUE, Mode.ATTAINMENT}
    earlier = _previous(period) if chosen.mode is Mode.IMPROVED else None
    return Context(
        chosen=chosen,
        metric=metric,
        span=span,
        kind=period.kind.value,
        before=same_point(span, earlier, today) if earlier is not None else None,
        since=span.until(today - CHANGE_SINCE) if has_change else None,
        today=today,
    )


def _previous(period: Period) -> Span | None:
    row = db.session.execute(
        select(Period.starts_on, Period.ends_on).where(
            Period.kind == period.kind, Period.ends_on == period.starts_on - timedelta(days=1)
        )
    ).one_or_none()
    return Span(*row) if row is not None else None


def read_board(chosen: BoardFilter) -> Board:
    """A board with all its members, read whole."""
    context = read_context(chosen)
    return Board(context.facts, read_columns(context))


def read_columns(context: Context, keys: Collection[int] | None = None, needs: Needs = EVERYTHING) -> Columns:
    """What a board's members are ranked by: of all, or of some keys, who need not be members."""
    columns = Columns()
    of_teams = context.chosen.of is Of.TEAMS
    if Needs.MEMBERS in needs:
        columns = _teams(context, keys) if of_teams else _people(context, keys)
    if keys is None and context.chosen.team_id and len(columns.names or ()) < MOST_NAMED:
        keys = columns.names or ()
    if Needs.FIGURES in needs:
        columns.figures = _figures(context, context.span, keys)
    if Needs.EARLIER in needs and context.since is not None:
        columns.earlier = _figures(context, context.since, keys)
    if Needs.TARGETS in needs:
        columns.targets = read_targets(context, keys)
    if Needs.AGAINST in needs:
        columns.against = _against(context, columns, keys)
    return columns


def read_targets(context: Context, keys: Collection[int] | None = None) -> dict[int, Number]:
    read = goals.team_targets if context.chosen.of is Of.TEAMS else goals.targets
    found = read(context.metric, context.span.starts_on, context.span.ends_on, keys)
    return {key: _number(context, target) for key, target in found.items()}


# -- members


def _people(context: Context, keys: Collection[int] | None) -> Columns:
    """Reps who worked in the period, and whoever else has results in it.

    On a team's board: who was in it, or below it, on the period's last day, or today while it runs.
    """
    span = context.span
    is_settled = and_(
        Person.role == Role.REP,
        or_(Person.is_active, Person.left_on >= span.starts_on),
        or_(Person.hired_on.is_(None), Person.hired_on <= span.ends_on),
    )
    with_results = select(Total.person_id).where(
        Total.metric_id == context.metric.id,
        Total.month.between(month_of(span.starts_on), span.ends_on),
        or_(Total.value != 0, Total.base != 0),
    )
    if keys is not None:
        with_results = with_results.where(Total.person_id.in_(keys))
    stmt = select(Person.id, Person.name, Person.is_hidden, is_settled.label("is_settled")).where(
        or_(is_settled, Person.id.in_(with_results))
    )
    if context.chosen.team_id is not None:
        day = max(span.starts_on, min(context.today, span.ends_on))
        team = func.coalesce(team_on_expression(Person.__table__.c.id, literal(day)), Person.team_id)
        stmt = stmt.where(team.in_(select(Team.id).where(any_(Team.path) == context.chosen.team_id)))
    if keys is not None:
        stmt = stmt.where(Person.id.in_(keys))
    ids, names, hidden, settled = _in_columns(stmt)
    return Columns(
        names=dict(zip(ids, names, strict=True)),
        hidden={key for key, is_hidden in zip(ids, hidden, strict=True) if is_hidden},
        guests={key for key, is_rep in zip(ids, settled, strict=True) if not is_rep},
    )


def _teams(context: Context, keys: Collection[int] | None) -> Columns:
    """Teams of one level that sell, or have results in the period."""
    span = context.span
    has_results = exists().where(
        TeamTotal.team_id == Team.id,
        TeamTotal.metric_id == context.metric.id,
        TeamTotal.day.between(span.starts_on, span.ends_on),
        or_(TeamTotal.value != 0, TeamTotal.base != 0),
    )
    stmt = select(Team.id, Team.name).where(
        func.cardinality(Team.path) == (context.chosen.depth or 0) + 1,
        or_(and_(Team.archived_at.is_(None), Team.function == Function.SALES), has_results),
    )
    if context.chosen.team_id is not None:
        stmt = stmt.where(any_(Team.path) == context.chosen.team_id)
    if keys is not None:
        stmt = stmt.where(Team.id.in_(keys))
    return Columns(names={row.id: row.name for row in db.session.execute(stmt)})


# -- figures


def _figures(context: Context, span: Span, keys: Collection[int] | None) -> dict[int, Number]:
    if context.chosen.of is Of.TEAMS:
        return _as_figures(context, _team_sums(context, span, keys))
    if keys is not None and not split(span.starts_on, span.ends_on).edges:
        found = _SUMS_OF_SOME.ask_alone(_parameters(context, span, keys))
        return _ranked(context, *zip(*found, strict=True)) if found else {}
    return _as_figures(context, metrics.person_sums(context.metric, span.starts_on, span.ends_on, keys))


def _parameters(context: Context, span: Span, keys: Collection[int]) -> dict[str, Any]:
    metric_id = context.metric.id
    return {"metric": metric_id, "first": span.starts_on, "last": span.ends_on, "keys": array(keys)}


def _team_sums(context: Context, span: Span, keys: Collection[int] | None) -> Sums:
    stmt: Sums = (
        select(
            TeamTotal.team_id,
            func.sum(TeamTotal.value).label("value"),
            func.sum(TeamTotal.base).label("base"),
        )
        .where(TeamTotal.metric_id == context.metric.id, TeamTotal.day.between(span.starts_on, span.ends_on))
        .group_by(TeamTotal.team_id)
    )
    return stmt if keys is None else stmt.where(TeamTotal.team_id.in_(keys))


def _as_figures(context: Context, sums: Sums) -> dict[int, Number]:
    """Of (key, value, base). A ratio of fewer cases than `rank_from` is none yet."""
    key, value, base = sums.subquery().c
    keys, values, bases = _in_columns(select(key, _as_integer(value), _as_integer(base)))
    return _ranked(context, keys, values, bases)


def _ranked(
    context: Context, keys: Sequence[int], values: Sequence[int], bases: Sequence[int]
) -> dict[int, Number]:
    if context.metric.kind is not MetricKind.RATIO:
        return dict(zip(keys, values, strict=True))
    least = max(context.metric.rank_from * SCALE, 1)
    rows = zip(keys, values, bases, strict=True)
    return {key: value / base for key, value, base in rows if base >= least}


def _as_integer(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Ten-thousandths: 100,000 Decimals would take as long to make as the query."""
    return cast(column * SCALE, BigInteger)


# Of whole months, and made once: it is run for every sale that somebody waits to see. An array of a select:
# the planner must not see how few the keys are, or it would plan the prepared statement again each time.
_some = select(func.unnest(bindparam("keys", type_=ARRAY(BigInteger)))).scalar_subquery()
_total = Total.__table__.c
_SUMS_OF_SOME = Question(
    select(_total.person_id, _as_integer(func.sum(_total.value)), _as_integer(func.sum(_total.base)))
    .where(
        _total.metric_id == bindparam("metric"),
        _total.month.between(bindparam("first"), bindparam("last")),
        _total.person_id == any_(func.array(_some)),
    )
    .group_by(_total.person_id)
)


def _in_columns(stmt: Sums) -> list[list[Any]]:
    """What a select gives as a list a column: made in C, without an object a row."""
    part = stmt.subquery()
    row = db.session.execute(select(*(func.array_agg(column) for column in part.c))).one()
    return [column or [] for column in row]


def _number(context: Context, figure: Decimal) -> Number:
    return float(figure) if context.metric.kind is MetricKind.RATIO else _scaled(figure)


def _scaled(value: Decimal | int) -> int:
    return int(value * SCALE)


# -- what a mode compares with


def _against(context: Context, columns: Columns, keys: Collection[int] | None) -> dict[int, Number]:
    if context.chosen.mode is Mode.IMPROVED and context.before is not None:
        return _before(context, context.before, keys)
    if context.chosen.mode is Mode.BEST:
        return _best(context, keys)
    return {}


def _before(context: Context, before: Span, keys: Collection[int] | None) -> dict[int, Number]:
    """Figures of the period before. Who worked then and did nothing has nought; who did not has none."""
    found = _figures(context, before, keys)
    if context.metric.kind is MetricKind.RATIO:
        return found
    there = (
        select(Team.id)
        if context.chosen.of is Of.TEAMS
        else select(Person.id).where(or_(Person.hired_on.is_(None), Person.hired_on <= before.ends_on))
    )
    if keys is not None:
        there = there.where(there.selected_columns[0].in_(keys))
    return dict.fromkeys(db.session.scalars(there), 0) | found


def _best(context: Context, keys: Collection[int] | None) -> dict[int, Number]:
    """Each one's best earlier period of the same kind."""
    metric = context.metric
    is_ratio = metric.kind is MetricKind.RATIO
    of_teams = context.chosen.of is Of.TEAMS
    table: Any = TeamTotal if of_teams else Total
    subject: Any = TeamTotal.team_id if of_teams else Total.person_id
    day: Any = TeamTotal.day if of_teams else Total.month
    value, base = func.sum(table.value), func.sum(table.base)
    figure = value / func.nullif(base, 0) if is_ratio else value
    by_period = (
        select(subject.label("key"), figure.label("figure"))
        .join(Period, day.between(Period.starts_on, Period.ends_on))
        .where(
            table.metric_id == metric.id,
            Period.kind == context.kind,
            Period.ends_on < context.span.starts_on,
        )
        .group_by(subject, Period.id)
    )
    if is_ratio:
        by_period = by_period.having(base >= metric.rank_from)
    if keys is not None:
        by_period = by_period.where(subject.in_(keys))
    found = by_period.subquery()
    best = func.max(found.c.figure) if metric.is_higher_better else func.min(found.c.figure)
    rows = db.session.execute(select(found.c.key, best).group_by(found.c.key))
    return {key: _number(context, figure) for key, figure in rows if figure is not None}
