"""A fair target for somebody who is not there in full: new, away, joining or leaving in the period."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from app.goals.calendar import WorkingCalendar
from app.goals.lines import Line, to_unit

Ramp: TypeAlias = Sequence[tuple[int, Decimal]]
"""(months since hiring, share of a full target), months rising; between two of them the share is linear."""

DEFAULT_RAMP: Ramp = (
    (0, Decimal("0.25")),
    (1, Decimal("0.50")),
    (2, Decimal("0.75")),
    (3, Decimal(1)),
)


@dataclass(frozen=True)
class Prorated:
    """`share` of the full target, and the lines that lead to it: full, present, ramp, rounding; a step that
    changes nothing is left out. A target of 0 is no goal to be judged by."""

    target: Decimal
    share: Decimal
    days: int
    lines: tuple[Line, ...]


def months_since(hired_on: date, day: date) -> Fraction:
    """Whole months, and the part gone of the one begun; a month from the 31st ends with a shorter month."""
    whole = (day.year - hired_on.year) * 12 + day.month - hired_on.month
    if _months_later(hired_on, whole) > day:
        whole -= 1
    begin, end = _months_later(hired_on, whole), _months_later(hired_on, whole + 1)
    return whole + Fraction((day - begin).days, (end - begin).days)


def ramp_share(hired_on: date, day: date, ramp: Ramp = DEFAULT_RAMP) -> Fraction:
    """Share of a full day's target asked for on `day`: 0 before hiring, the last share after the ramp.

    Raises ValueError for a ramp that is empty, not in order, or has a negative share.
    """
    months = [month for month, _ in ramp]
    if not ramp or months != sorted(set(months)) or any(share < 0 for _, share in ramp):
        raise ValueError("a ramp has months in order, and shares of 0 or more")
    if day < hired_on:
        return Fraction(0)
    since = months_since(hired_on, day)
    month, share = ramp[0][0], Fraction(ramp[0][1])
    for next_month, next_share in ramp:
        if since < next_month:
            if next_month == ramp[0][0]:
                return share
            return share + (Fraction(next_share) - share) * (since - month) / (next_month - month)
        month, share = next_month, Fraction(next_share)
    return share


def prorate(
    target: Decimal,
    first: date,
    last: date,
    calendar: WorkingCalendar,
    *,
    hired_on: date | None = None,
    left_on: date | None = None,
    days_off: frozenset[date] = frozenset(),
    ramp: Ramp = DEFAULT_RAMP,
    unit: Decimal = Decimal(1),
) -> Prorated:
    """A full target for the working days somebody is there, each as heavy as their ramp says.

        share = sum of ramp over the working days present / working days of the period
              = (days present / days) * (mean ramp over the days present)

    `calendar` is everybody's; `days_off` are the person's. Both ends of an employment are worked. A period
    without working days is measured in plain days. Days off do not stop the ramp.
    """
    days = list(calendar.days(first, last)) or _plain_days(first, last)
    present = [
        day
        for day in days
        if (hired_on is None or day >= hired_on)
        and (left_on is None or day <= left_on)
        and day not in days_off
    ]
    there = Fraction(len(present), len(days))
    ramped = Fraction(1)
    if hired_on is not None and present:
        ramped = sum((ramp_share(hired_on, day, ramp) for day in present), Fraction(0)) / len(present)
    lines = [Line("full", target)]
    if there != 1:
        lines.append(Line("present", _times(target, there), _decimal(there)))
    if ramped != 1:
        lines.append(Line("ramp", _times(target, there * ramped), _decimal(ramped)))
    exact = lines[-1].value
    rounded = target if there * ramped == 1 else to_unit(exact, unit)
    if rounded != exact:
        lines.append(Line("rounding", rounded))
    return Prorated(rounded, _decimal(there * ramped), len(days), tuple(lines))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _plain_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _times(value: Decimal, share: Fraction) -> Decimal:
    return value * share.numerator / share.denominator


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / share.denominator
