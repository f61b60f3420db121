"""How periods close, as an administrator sets it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core import audit, clock
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.goals import queries
from app.goals.closing import Rules, closing_time, rules
from app.goals.models import ClosingRules, Goal, Period, PeriodStatus


@atomic
def set_rules(wanted: Rules, *, by: int) -> Rules:
    """They hold for periods that close from now on; what was closed stays as it was judged."""
    before = rules()
    if before == wanted:
        return wanted
    values = {
        "grace_days": wanted.grace_days,
        "hour": wanted.hour,
        "exceeded_from": int((wanted.exceeded_from * 10_000).to_integral_value()),
    }
    db.session.execute(
        insert(ClosingRules)
        .values(id=1, **values)
        .on_conflict_do_update(index_elements=[ClosingRules.id], set_=values)
    )
    row = db.session.get_one(ClosingRules, 1, populate_existing=True)
    audit.record("period.rules_set", row, actor_id=by, before=_plain(before), after=_plain(wanted))
    changes.announce("periods")
    return wanted


@dataclass(frozen=True, slots=True)
class Coming:
    """A period that is over, and when it closes by itself."""

    period: Period
    goals: int
    closes_at: datetime


def coming() -> Sequence[Coming]:
    """What waits for its close, and what ends next, the earliest first."""
    given, today = rules(), clock.today()
    last_goal, number = func.max(Goal.created_at), func.count(Goal.id)
    rows = db.session.execute(
        select(Period, last_goal, number)
        .join(Goal, (Goal.period_id == Period.id) & queries.stands)
        .where(Period.status != PeriodStatus.CLOSED, Period.starts_on <= today)
        .group_by(Period.id)
        .order_by(Period.ends_on, Period.starts_on.desc(), Period.id)
        .limit(24)
    )
    return [Coming(period, goals, closing_time(period.ends_on, at, given)) for period, at, goals in rows]


def _plain(given: Rules) -> dict[str, int | str]:
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(given).items()}
