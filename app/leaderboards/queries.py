"""What boards read: members, figures, targets; each board in a handful of selects."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, and_, any_, exists, func, or_, select

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.goals import queries as goals
from app.goals.models import Period
from app.leaderboards.board import Board, Member, Score
from app.leaderboards.filters import BoardFilter, Mode, Span, same_point
from app.metrics import queries as metrics
from app.metrics.models import Metric, MetricKind, Total
from app.people.models import Membership, Person, Team

CHANGE_SINCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Context:
    chosen: BoardFilter
    metric: Metric
    span: Span
    period: Period
    today: date

    @property
    def changes_since(self) -> Span | None:
        """A running period up to a week ago; none for one that is over or has just begun."""
        if self.today > self.span.ends_on or self.chosen.mode not in {Mode.VALUE, Mode.ATTAINMENT}:
            return None
        return self.span.until(self.today - CHANGE_SINCE)


def _context(chosen: BoardFilter) -> _Context:
    metric = db.session.get_one(Metric, chosen.metric_id)
    period = db.session.get_one(Period, chosen.period_id)
    return _Context(chosen, metric, Span(period.starts_on, period.ends_on), period, clock.today())


def read_board(chosen: BoardFilter) -> Board:
    """A board with all its members, read whole."""
    context = _context(chosen)
    members = _members(context)
    ids = None if chosen.team_id is None else [member.person_id for member in members]
    scores = dict(_scores(context, [member.person_id for member in members], ids))
    return Board(
        chosen,
        ((member, scores[member.person_id]) for member in members),
        higher_is_better=context.metric.is_higher_better,
        has_change=context.changes_since is not None,
    )


def read_scores(chosen: BoardFilter, person_ids: Collection[int]) -> list[tuple[int, Score]]:
    """The scores of a few people, who need not be members."""
    return list(_scores(_context(chosen), person_ids, person_ids))


def _members(context: _Context) -> list[Member]:
    """Reps who belonged to the team in the period, and whoever else has results in it."""
    stmt = select(Person.id, Person.name, Person.is_hidden).where(
        or_(
            and_(
                Person.role == Role.REP,
                or_(Person.is_active, Person.left_on >= context.span.starts_on),
            ),
            exists().where(
                Total.person_id == Person.id,
                Total.metric_id == context.metric.id,
                Total.month.between(context.span.starts_on, context.span.ends_on),
                or_(Total.value != 0, Total.base != 0),
            ),
        )
    )
    if context.chosen.team_id is not None:
        stmt = stmt.where(Person.id.in_(_belonged(context.chosen.team_id, context.span)))
    return [Member(*row) for row in db.session.execute(stmt)]


def _belonged(team_id: int, span: Span) -> Select[tuple[int]]:
    """Keys of those who were in a team, or below it, on any day of a span."""
    return (
        select(Membership.person_id)
        .join(Team, Team.id == Membership.team_id)
        .where(
            any_(Team.path) == team_id,
            Membership.starts_on <= span.ends_on,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= span.starts_on),
        )
    )


def _scores(
    context: _Context, person_ids: Iterable[int], only: Collection[int] | None
) -> Iterable[tuple[int, Score]]:
    """Scores of `person_ids`; `only` restricts what is read, None reads everybody's."""
    metric, span = context.metric, context.span
    now = _figures(metric, span, only)
    targets = goals.targets(metric, span.starts_on, span.ends_on, only)
    against = targets if context.chosen.mode is Mode.ATTAINMENT else _against(context, only)
    since = context.changes_since
    earlier = _figures(metric, since, only) if since is not None else {}
    nothing = None if metric.kind is MetricKind.RATIO else Decimal(0)
    for person_id in person_ids:
        yield (
            person_id,
            Score(
                figure=now.get(person_id, nothing),
                against=against.get(person_id),
                target=targets.get(person_id),
                earlier=earlier.get(person_id, nothing),
            ),
        )


def _figures(metric: Metric, span: Span, only: Collection[int] | None) -> dict[int, Decimal | None]:
    values = metrics.person_values(metric, span.starts_on, span.ends_on, only)
    if metric.kind is not MetricKind.RATIO:
        return {person_id: value.figure for person_id, value in values.items()}
    return {
        person_id: value.figure if value.base >= metric.rank_from else None
        for person_id, value in values.items()
    }


def _against(context: _Context, only: Collection[int] | None) -> dict[int, Decimal | None]:
    if context.chosen.mode is Mode.IMPROVED:
        before = previous_period(context.period)
        if before is None:
            return {}
        span = same_point(context.span, Span(before.starts_on, before.ends_on), context.today)
        return _figures(context.metric, span, only)
    if context.chosen.mode is Mode.BEST:
        return _best(context, only)
    return {}


def previous_period(period: Period) -> Period | None:
    return db.session.scalars(
        select(Period).where(
            Period.kind == period.kind, Period.ends_on == period.starts_on - timedelta(days=1)
        )
    ).one_or_none()


def _best(context: _Context, only: Collection[int] | None) -> dict[int, Decimal | None]:
    """Each person's best earlier period of the same kind; periods are whole months."""
    metric = context.metric
    value, base = func.sum(Total.value), func.sum(Total.base)
    figure = value / func.nullif(base, 0) if metric.kind is MetricKind.RATIO else value
    by_period = (
        select(Total.person_id, figure.label("figure"))
        .join(Period, Total.month.between(Period.starts_on, Period.ends_on))
        .where(
            Total.metric_id == metric.id,
            Period.kind == context.period.kind,
            Period.ends_on < context.span.starts_on,
        )
        .group_by(Total.person_id, Period.id)
    )
    if metric.kind is MetricKind.RATIO:
        by_period = by_period.having(base >= metric.rank_from)
    if only is not None:
        by_period = by_period.where(Total.person_id.in_(only))
    found = by_period.subquery()
    best = func.max(found.c.figure) if metric.is_higher_better else func.min(found.c.figure)
    rows = db.session.execute(select(found.c.person_id, best).group_by(found.c.person_id))
    return {person_id: figure for person_id, figure in rows if figure is not None and figure > 0}
