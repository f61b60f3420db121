"""A span of days as whole months, which are kept, and what is left at its edges."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Split:
    """`months`: the first days of the first and last whole month. `edges`: both days included."""

    months: tuple[date, date] | None
    edges: tuple[tuple[date, date], ...]


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def split(start: date, end: date) -> Split:
    """Raises ValueError for a span that ends before it starts."""
    if end < start:
        raise ValueError("a span ends before it starts")
    first = start if start.day == 1 else next_month(start)
    after = month_of(end + DAY)
    if first >= after:
        return Split(None, ((start, end),))
    edges = []
    if start < first:
        edges.append((start, first - DAY))
    if after <= end:
        edges.append((after, end))
    return Split((first, month_of(after - DAY)), tuple(edges))
