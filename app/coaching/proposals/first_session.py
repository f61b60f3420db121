"""On which day the first one-to-one of a plan is proposed. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from app.goals.calendar import WorkingCalendar

WITHIN = 7
"""Days from the proposal; when both are away longer, the first day after."""

AT_MOST = 14
MOST_A_DAY = 2
"""First sessions that one manager is asked to hold on a day."""


def free_day(
    today: date, calendar: WorkingCalendar, away: Iterable[frozenset[date]], taken: Counter[date]
) -> date | None:
    """The first day after today on which both work and the manager has room; within a week if there is any.

    In a full week the working day with the fewest; None where the two do not meet within two weeks.
    """
    both = calendar.with_days_off(frozenset().union(*away))
    days = [today + timedelta(days=step) for step in range(1, AT_MOST + 1)]
    working = [day for day in days if both.is_working(day)]
    soon = [day for day in working if day <= today + timedelta(days=WITHIN)] or working
    free = [day for day in soon if taken[day] < MOST_A_DAY]
    if free:
        return free[0]
    return min(soon, key=lambda day: (taken[day], day), default=None)
