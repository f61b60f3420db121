"""For how long a completed course counts, and when it is due again. Pure."""

from calendar import monthrange
from datetime import date, timedelta

AHEAD = 30  # days before it expires, the next round is assigned; a quarter of its time where that is less


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or before), or that month's last where it has none."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def expiry(completed_on: date, valid_months: int | None) -> date | None:
    """The first day on which it counts no more; None where it counts for good."""
    return None if valid_months is None else months_after(completed_on, valid_months)


def due_again(expires_on: date | None, today: date, due_days: int) -> date:
    """When the next round is due: by the day the last one expires, or from today where that is over."""
    if expires_on is not None and expires_on > today:
        return expires_on
    return today + timedelta(days=due_days)


def renewed_from(completed_on: date, expires_on: date) -> date:
    """The day from which on the next round is there."""
    return expires_on - timedelta(days=min(AHEAD, (expires_on - completed_on).days // 4))
