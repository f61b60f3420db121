"""Periods as the administrator sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.extensions import db
from app.goals import holidays, queries
from app.goals.models import Goal, Period


@dataclass(frozen=True, slots=True)
class Row:
    period: Period
    working_days: int
    goals: int


def periods(kind: str) -> Sequence[Row]:
    """Of one kind, latest first, with their working days and how many goals stand in them."""
    found = queries.periods_of(kind)
    if not found:
        return []
    counts = dict(
        db.session.execute(
            select(Goal.period_id, func.count()).where(queries.stands).group_by(Goal.period_id)
        ).all()
    )
    calendar = holidays.company_calendar(found[-1].starts_on, found[0].ends_on)
    return [
        Row(period, calendar.working_days(period.starts_on, period.ends_on), counts.get(period.id, 0))
        for period in found
    ]
