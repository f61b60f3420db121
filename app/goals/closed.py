"""What closed periods came to, and the guard before them; what other rooms ask about results."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, bindparam, column, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import joinedload

from app.core.driver import Question, array
from app.extensions import db
from app.goals.models import Goal, GoalResult, Period, PeriodStatus

_period = Period.__table__.c
# Put together once: it is asked while somebody waits for a sale to be recorded. An array of a select: the
# planner must not see how few the days are, or it would plan the prepared statement again each time.
_days = select(func.unnest(bindparam("days", type_=ARRAY(Date))))
_day = func.unnest(func.array(_days.scalar_subquery())).column_valued("day")
_HOLD = Question(
    select(_period.starts_on, _period.ends_on, _period.status)
    .where(exists(select(1).where(_day.between(_period.starts_on, _period.ends_on))))
    .order_by(_period.id)
    .with_for_update(read=True, key_share=True)
)


def hold(days: Iterable[date]) -> list[date]:
    """Those of some days that are closed. The others' periods stay open until the operation ends.

    One statement. A close that is under way is waited for, and then seen.
    """
    wanted = sorted(set(days))
    if not wanted:
        return []
    rows = _HOLD.ask({"days": array(wanted)})
    closed = [(first, last) for first, last, status in rows if status == PeriodStatus.CLOSED]
    return [day for day in wanted if any(first <= day <= last for first, last in closed)]


def judged_days(counted: Mapping[int, Collection[date]]) -> set[date]:
    """Of some days by metric, those on which a closed period has come to something by it."""
    pairs = [(metric_id, day) for metric_id, days in counted.items() for day in days]
    if not pairs:
        return set()
    asked = (
        func.unnest(
            literal([metric_id for metric_id, _ in pairs], ARRAY(BigInteger)),
            literal([day for _, day in pairs], ARRAY(Date)),
        )
        .table_valued(column("metric_id", BigInteger), column("day", Date))
        .render_derived("asked")
    )
    came_to = (
        select(GoalResult.id)
        .join(Goal, Goal.id == GoalResult.goal_id)
        .where(
            GoalResult.is_current,
            Goal.metric_id == asked.c.metric_id,
            asked.c.day.between(Goal.starts_on, Goal.ends_on),
        )
    )
    return set(db.session.scalars(select(asked.c.day).where(exists(came_to)).distinct()))


def hold_period(period_id: int) -> PeriodStatus:
    """How it stands; it stays so until the operation ends."""
    return db.session.execute(
        select(Period.status).where(Period.id == period_id).with_for_update(read=True, key_share=True)
    ).scalar_one()


_lifted: ContextVar[frozenset[int]] = ContextVar("lifted_periods", default=frozenset())


def is_frozen(period_id: int) -> bool:
    """Whether a period's goals stand; one that is open stays so until the operation ends."""
    return hold_period(period_id) is PeriodStatus.CLOSED and not is_lifted(period_id)


def is_lifted(period_id: int) -> bool:
    return period_id in _lifted.get()


@contextmanager
def lifting_periods(*period_ids: int) -> Iterator[None]:
    """Do inside what was asked for and approved of closed periods' goals."""
    token = _lifted.set(frozenset(period_ids))
    try:
        yield
    finally:
        _lifted.reset(token)


def results_for(goal_ids: Collection[int]) -> dict[int, GoalResult]:
    """The current results of some goals, by goal."""
    found = db.session.scalars(
        select(GoalResult).where(GoalResult.goal_id.in_(goal_ids), GoalResult.is_current)
    )
    return {result.goal_id: result for result in found}


def versions_of(goal_id: int) -> Sequence[GoalResult]:
    """All that was ever concluded of a goal, latest first."""
    return db.session.scalars(
        select(GoalResult).where(GoalResult.goal_id == goal_id).order_by(GoalResult.version.desc())
    ).all()


def history_of(
    person_id: int, metric_id: int, before: date, limit: int = 8, *, kind: Any = None
) -> Sequence[GoalResult]:
    """A person's results on a metric in periods that ended before a day, latest first; with their periods."""
    stmt = (
        select(GoalResult)
        .join(GoalResult.goal)
        .join(Goal.period)
        .where(
            GoalResult.is_current,
            Goal.person_id == person_id,
            Goal.metric_id == metric_id,
            Period.ends_on < before,
        )
        .options(joinedload(GoalResult.goal).joinedload(Goal.period))
        .order_by(Period.ends_on.desc(), Period.starts_on.desc(), GoalResult.id.desc())
        .limit(limit)
    )
    if kind is not None:
        stmt = stmt.where(Period.kind == kind)
    return db.session.scalars(stmt).all()
