"""Who was where, when: spans of days that neither overlap nor, unless somebody was away, leave a gap.

A span lasts from its first to its last day, both included; without a last day it is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    first: date
    last: date | None
    value: int

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Days:
    """From first to last, both included."""

    first: date
    last: date


def changed(spans: Sequence[Span], value: int, on: date, *, until: date | None = None) -> list[Span]:
    """The spans when `value` holds from `on` to the next change that is already known.

    After the last span it holds until `until` (open for None). The order in which changes for different
    days are made does not matter.
    """
    result: list[Span] = []
    end = until
    for span in sorted(spans):
        if span.covers(on):
            end = span.last
            if span.first < on:
                result.append(replace(span, last=on - DAY))
        else:
            if span.first > on and not any(one.covers(on) for one in spans):
                end = min(end, span.first - DAY) if end else span.first - DAY
            result.append(span)
    result.append(Span(on, end, value))
    return merged(result)


def closed(spans: Sequence[Span], on: date) -> list[Span]:
    """The spans up to the last day `on`; nothing lasts longer."""
    return [
        span if span.last is not None and span.last <= on else replace(span, last=on)
        for span in sorted(spans)
        if span.first <= on
    ]


def merged(spans: Sequence[Span]) -> list[Span]:
    """In order, neighbours of the same value as one."""
    result: list[Span] = []
    for span in sorted(spans):
        before = result[-1] if result else None
        if before and before.value == span.value and before.last and before.last + DAY == span.first:
            result[-1] = replace(before, last=span.last)
        else:
            result.append(span)
    return result


def value_on(spans: Sequence[Span], day: date) -> int | None:
    """What held on a day: before the first span the first, in a gap or after the last the one before."""
    found: int | None = None
    for span in sorted(spans):
        if found is None or span.first <= day:
            found = span.value
    return found


def difference(before: Sequence[Span], after: Sequence[Span]) -> Days | None:
    """The days, from the first to the last, for which `value_on` is another than before."""
    edges = sorted({date.min, *(span.first for span in (*before, *after))})
    differing = [
        (start, (edges[index + 1] - DAY) if index + 1 < len(edges) else date.max)
        for index, start in enumerate(edges)
        if value_on(before, start) != value_on(after, start)
    ]
    return Days(differing[0][0], differing[-1][1]) if differing else None
