"""Months, quarters and years by the company's fiscal start: their keys and their days."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["month", "quarter", "year"]
KINDS: tuple[Kind, ...] = ("month", "quarter", "year")
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
PERIODS_A_YEAR: dict[str, int] = {"month": 12, "quarter": 4, "year": 1}

_KEY = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])))?")


@dataclass(frozen=True, slots=True)
class Span:
    """A period's days, both ends included."""

    kind: Kind
    key: str
    starts_on: date
    ends_on: date


def span_of(kind: Kind, day: date, fiscal_start: int = 1) -> Span:
    """The month, quarter or year in which a day lies.

    A fiscal year has the number of the calendar year in which it ends: one that begins on 1 April 2026 is
    2027, and its first quarter 2027-Q1. Months keep their calendar names: 2026-04.
    """
    if kind == "month":
        first = day.replace(day=1)
        return Span(kind, f"{first:%Y-%m}", first, _last_of(first, 1))
    since = (day.month - fiscal_start) % 12
    year_start = date(day.year if day.month >= fiscal_start else day.year - 1, fiscal_start, 1)
    fiscal_year = year_start.year if fiscal_start == 1 else year_start.year + 1
    if kind == "year":
        return Span(kind, f"{fiscal_year:04}", year_start, _last_of(year_start, 12))
    quarter = since // 3
    first = _add_months(year_start, 3 * quarter)
    return Span(kind, f"{fiscal_year:04}-Q{quarter + 1}", first, _last_of(first, 3))


def parse_key(key: str, fiscal_start: int = 1) -> Span | None:
    """The period that a key names; None for what is no key."""
    match = _KEY.fullmatch(key)
    if match is None or not 1900 < int(match[1]) < 9000:
        return None
    year = int(match[1])
    if match[2]:
        return span_of("month", date(year, int(match[2]), 1)) if 1 <= int(match[2]) <= 12 else None
    year_start = date(year if fiscal_start == 1 else year - 1, fiscal_start, 1)
    if match[3]:
        return span_of("quarter", _add_months(year_start, 3 * (int(match[3]) - 1)), fiscal_start)
    return span_of("year", year_start, fiscal_start)


def spans_between(kind: Kind, first: date, last: date, fiscal_start: int = 1) -> Iterator[Span]:
    """The periods that have a day from first to last, in order."""
    span = span_of(kind, first, fiscal_start)
    while span.starts_on <= last:
        yield span
        span = span_of(kind, span.ends_on + timedelta(days=1), fiscal_start)


def earlier(kind: Kind, starts_on: date, number: int = 1) -> tuple[date, date]:
    """First and last day of the period that lies `number` periods before the one that starts on a day."""
    first = _add_months(starts_on, -MONTHS[kind] * number)
    return first, _last_of(first, MONTHS[kind])


def year_before(kind: Kind, starts_on: date) -> tuple[date, date]:
    """First and last day of the same period a year earlier."""
    return earlier(kind, starts_on, PERIODS_A_YEAR[kind])


def is_last_tenth(first: date, last: date, day: date) -> bool:
    """Whether nine tenths of the period's days were over when `day` began."""
    return (day - first).days * 10 >= 9 * ((last - first).days + 1)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _last_of(first: date, months: int) -> date:
    last = _add_months(first, months - 1)
    return last.replace(day=monthrange(last.year, last.month)[1])
