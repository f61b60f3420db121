"""For how long a completed course counts, and when it is due again. Pure."""

from calendar import monthrange
from datetime import date

AHEAD = 30  # days before it expires, the next round is assigned; a quarter of its time where that is less


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or before), or that month's last where it has none."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def expiry(completed_on: date, valid_months: int | None) -> date | None:
    """The first day on which it counts no more; None where it counts for good."""
    return None if valid_months is None else months_after(completed_on, valid_months)
