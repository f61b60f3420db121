"""How often a person is promised a one-to-one: when the next is due, and how many were promised."""

from collections.abc import Callable
from datetime import date, timedelta

LOOK_BACK = 91
"""Days over which sessions held are compared with sessions promised: a quarter."""


def due_on(every_days: int, starts_on: date, last_held_on: date | None) -> date:
    """When the next session is due: one interval after the last one held, or after the rhythm began.

    What was held before the rhythm began counts too: a promise does not ask for what was given yesterday.
    """
    if last_held_on is None:
        return starts_on
    return max(last_held_on + timedelta(days=every_days), starts_on)


def next_working_day(day: date, is_working: Callable[[date], bool], longest: int = 14) -> date:
    """The day itself or the first after it on which people work; the day itself where none is near."""
    for ahead in range(longest):
        if is_working(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day


def promised(every_days: int, starts_on: date, first: date, last: date) -> int:
    """How many sessions a rhythm promised within first to last, both included.

    starts_on, starts_on + every_days, starts_on + 2 * every_days, ...    those within the days
    """
    if last < max(first, starts_on):
        return 0
    until_last = (last - starts_on).days // every_days + 1
    until_first = -((starts_on - first).days // every_days) if first > starts_on else 0
    return until_last - until_first
