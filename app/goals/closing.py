"""A period closes: its results and goals are frozen, and every goal that counts is judged once.

One transaction. The period's row is locked first, and whoever records something of its days holds the same
row (`closed.hold`): what was recorded before counts, what comes later is refused. All else is set-based.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update

from app.core import audit, clock, events
from app.core.bulk import copy_rows, take_keys
from app.core.changes import changes
from app.core.errors import Conflict
from app.core.transactions import atomic
from app.extensions import db
from app.goals import news, queries
from app.goals.judging import Judged, evaluate
from app.goals.lapsing import refuse_waiting
from app.goals.models import ClosingRules, Goal, GoalResult, GoalStatus, Period, PeriodStatus
from app.goals.moments import closes_at, is_over
from app.goals.words import stored

log = logging.getLogger(__name__)
EVENTS = {"exceeded": "goal_reached", "reached": "goal_reached", "missed": "goal_missed"}


class NotOver(Conflict):
    """The period's last day has not passed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How periods close; `exceeded_from` is a share of the target."""

    grace_days: int = 5
    hour: int = 6
    exceeded_from: Decimal = Decimal("1.1")


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a period did. `drafts` are not judged at all."""

    period_id: int
    key: str
    at: datetime
    is_new: bool
    outcomes: dict[str, int] = field(default_factory=dict)
    not_judged: dict[str, int] = field(default_factory=dict)
    drafts: int = 0

    @property
    def judged(self) -> int:
        return sum(self.outcomes.values())


def rules() -> Rules:
    row = db.session.get(ClosingRules, 1)
    if row is None:
        return Rules()
    return Rules(row.grace_days, row.hour, Decimal(row.exceeded_from) / 10_000)


@atomic
def close_period(period: Period, *, by_id: int | None = None, force: bool = False) -> Closed:
    """Close at once; a second time changes nothing and tells what stands.

    Raises NotOver for a period whose last day has not passed, unless forced.
    """
    period = db.session.scalars(
        select(Period)
        .where(Period.id == period.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if period.status is PeriodStatus.CLOSED:
        return _as_it_stands(period, is_new=False)
    now = clock.now()
    is_early = not is_over(period.ends_on, now, clock.zone())
    if is_early and not force:
        raise NotOver(_("%(key)s is not over yet: it ends on %(day)s.", key=period.key, day=period.ends_on))
    refuse_waiting(period)
    _keep(period, evaluate(period, rules().exceeded_from))
    period.status, period.closed_at = PeriodStatus.CLOSED, now
    db.session.flush()
    closed = _as_it_stands(period, is_new=True)
    early = {"is_early": True} if is_early else {}
    audit.record("period.closed", period, actor_id=by_id, **closed.outcomes, drafts=closed.drafts, **early)
    changes.announce("periods")
    news.targets_stand()
    return closed


def _keep(period: Period, judged: Sequence[Judged]) -> None:
    """Results and events, each kind in one statement."""
    keys = take_keys(GoalResult, len(judged))
    copy_rows(GoalResult, COLUMNS, (_row(period.id, *pair) for pair in zip(keys, judged, strict=True)))
    events.record("period_closed", period_id=period.id)
    told: dict[str, list[dict[str, Any]]] = {"goal_reached": [], "goal_missed": []}
    for key, one in zip(keys, judged, strict=True):
        if (name := EVENTS.get(one.verdict.outcome)) is not None:
            told[name].append({"result_id": key, "outcome": one.verdict.outcome, **one.whose})
    for name, payloads in told.items():
        events.record_many(name, payloads)


COLUMNS = (
    "id",
    "goal_id",
    "period_id",
    "outcome",
    "not_judged",
    "value",
    "base",
    "figure",
    "target",
    "attainment",
    "arithmetic",
)


def _row(period_id: int, key: int, one: Judged) -> dict[str, Any]:
    given, verdict = one.given, one.verdict
    return {
        "id": key,
        "goal_id": one.goal_id,
        "period_id": period_id,
        "outcome": verdict.outcome,
        "not_judged": verdict.not_judged,
        "value": given.value,
        "base": given.base or 0,
        "figure": verdict.figure,
        "target": given.target,
        "attainment": verdict.attainment,
        "arithmetic": json.dumps(stored(verdict.lines)),
    }


def _as_it_stands(period: Period, *, is_new: bool) -> Closed:
    rows = db.session.execute(
        select(GoalResult.outcome, GoalResult.not_judged, func.count())
        .where(GoalResult.period_id == period.id, GoalResult.is_current)
        .group_by(GoalResult.outcome, GoalResult.not_judged)
    ).all()
    outcomes = dict.fromkeys(("exceeded", "reached", "missed", "not_judged"), 0)
    reasons: dict[str, int] = {}
    for outcome, reason, number in rows:
        outcomes[outcome.value] += number
        if reason is not None:
            reasons[reason.value] = number
    drafts = db.session.scalar(
        select(func.count()).where(
            Goal.period_id == period.id, Goal.status == GoalStatus.DRAFT, Goal.withdrawn_at.is_(None)
        )
    )
    at = period.closed_at or clock.now()
    return Closed(period.id, period.key, at, is_new, outcomes, reasons, drafts or 0)


def closing_time(ends_on: date, last_goal_at: datetime | None, given: Rules) -> datetime:
    """When a period closes by itself. Where goals were set after its end, the grace begins with the last."""
    zone = clock.zone()
    begins = ends_on
    if last_goal_at is not None:
        begins = max(begins, last_goal_at.astimezone(zone).date())
    return closes_at(begins, given.grace_days, given.hour, zone)


@atomic
def mark_closing() -> int:
    """Periods with goals that are over await their close; returns how many are new. Cheap when none is."""
    today = clock.today()
    waiting = select(Period.id).where(
        Period.status == PeriodStatus.OPEN, Period.ends_on < today, _has_goals()
    )
    if db.session.scalar(select(exists(waiting))) is not True:
        return 0
    marked = db.session.execute(
        update(Period)
        .where(Period.id.in_(waiting.with_for_update(skip_locked=True)))
        .values(status=PeriodStatus.CLOSING)
        .returning(Period.id, Period.key)
        .execution_options(synchronize_session=False)
    ).all()
    for period_id, key in marked:
        period = db.session.get_one(Period, period_id, populate_existing=True)
        audit.record("period.closing", period, actor_id=None, key=key)
    if marked:
        changes.announce("periods")
    return len(marked)


def _has_goals() -> Any:
    return exists().where(Goal.period_id == Period.id, queries.stands)


def due_periods() -> list[Period]:
    """Those whose time has come, the earliest and shortest first."""
    given, now = rules(), clock.now()
    last_goal = (
        select(func.max(Goal.created_at)).where(Goal.period_id == Period.id, queries.stands).scalar_subquery()
    )
    rows = db.session.execute(
        select(Period, last_goal)
        .where(Period.status == PeriodStatus.CLOSING)
        .order_by(Period.ends_on, Period.starts_on.desc(), Period.id)
    )
    return [period for period, at in rows if closing_time(period.ends_on, at, given) <= now]


def close_due() -> list[Closed]:
    """The worker's part: each period in a transaction of its own; one that fails holds up no other."""
    mark_closing()
    done, failed = [], None
    for period_id in [period.id for period in due_periods()]:
        try:
            done.append(close_period(db.session.get_one(Period, period_id)))
        except Exception as error:
            log.exception("period %s was not closed", period_id)
            failed = error
    if failed is not None:
        raise failed
    return done
