"""When in a period results come: the share of a goal to be expected by a day.

A period is cut into equal bins of its working days (quarter: 13, month: 4, year: 12). Earlier periods say how
much of their result fell into each bin, for instance that the last quarter of a month brings 40 %. A bin's
weight is how much a working day in it brings, against the average working day; 1 everywhere is a flat season.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from app.goals.calendar import STANDARD, WorkingCalendar

PRIOR_PERIODS = 2
"""Flat periods that are mixed with the earlier ones, so that one odd period does not make a season."""

PRIOR_RESULTS = 10
"""Results a bin must have had before its own figures weigh as much as the flat ones."""

LEAST_WEIGHT = Decimal("0.1")
"""No working day is expected to bring less than this: a season never says that work is in vain."""

DEFAULT_BINS = {"month": 4, "quarter": 13, "year": 12}


@dataclass(frozen=True)
class Season:
    """Weights of a period's bins, in order. One bin is a flat season."""

    weights: tuple[Decimal, ...] = (Decimal(1),)

    def __post_init__(self) -> None:
        if not self.weights or any(not weight.is_finite() or weight <= 0 for weight in self.weights):
            raise ValueError("a season has weights, all positive")

    def weight_at(self, index: int, length: int) -> Decimal:
        """Weight of working day `index` (from 0) of a period of `length` working days."""
        return self.weights[index * len(self.weights) // length]


FLAT = Season()


@dataclass(frozen=True)
class PastPeriod:
    """What an earlier period brought, bin by bin: working days, value and number of results."""

    days: tuple[int, ...]
    values: tuple[Decimal, ...]
    results: tuple[int, ...]


def past_period(
    first: date,
    last: date,
    calendar: WorkingCalendar,
    daily: Iterable[tuple[date, Decimal, int]],
    bins: int,
) -> PastPeriod:
    """Sort (day, value, number of results) rows of an earlier period into bins; days outside are left out.

    What came on a free day counts with the working day before it, or else with the first.
    """
    working = list(calendar.days(first, last)) or _plain_days(first, last)
    days, values, results = [0] * bins, [Decimal(0)] * bins, [0] * bins
    for index in range(len(working)):
        days[index * bins // len(working)] += 1
    for day, value, number in daily:
        if first <= day <= last:
            bin_ = max(bisect_right(working, day) - 1, 0) * bins // len(working)
            values[bin_] += value
            results[bin_] += number
    return PastPeriod(tuple(days), tuple(values), tuple(results))


def learn(past: Sequence[PastPeriod], bins: int) -> Season:
    """Season from earlier periods of one kind, drawn towards flat where they say little.

    For bin k over P periods: share expected if flat f_k = days_k / days, intensity i_k = (sum of values_k) /
    (sum over periods of period value * f_k), weight w_k = 1 + z_k (i_k - 1). The credibility
    z_k = P / (P + 2) * n_k / (n_k + 10) is Bühlmann's (1967) over periods times Gamma-Poisson shrinkage
    (Clayton and Kaldor 1987) over n_k, the results expected in the bin if flat. Learn it from a team or
    the company, and use it for each of its people: one person's results are too few.
    """
    told = [period for period in past if sum(period.values) > 0 and any(period.days)]
    credibility = Decimal(len(told)) / (len(told) + PRIOR_PERIODS)
    weights = []
    for k in range(bins):
        value = expected = results = Decimal(0)
        for period in told:
            flat = Decimal(period.days[k]) / sum(period.days)
            value += period.values[k]
            expected += sum(period.values) * flat
            results += sum(period.results) * flat
        trust = credibility * results / (results + PRIOR_RESULTS)
        intensity = value / expected if expected else Decimal(1)
        weights.append(max(1 + trust * (intensity - 1), LEAST_WEIGHT))
    return Season(tuple(weights))


@dataclass(frozen=True)
class Curve:
    """Share of a period's result to be expected by the end of each day, over one working calendar.

    Build it once for a period, calendar and season, and use it for everybody who shares them. Without a
    working day in the period every plain day counts.
    """

    first: date
    last: date
    calendar: WorkingCalendar = STANDARD
    season: Season = FLAT

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after its first day")

    @property
    def length(self) -> int:
        """Working days of the period."""
        return len(self._days)

    @property
    def weeks(self) -> Decimal:
        """Working days in ordinary weeks of this calendar."""
        return Decimal(self.length) / self.calendar.week_length

    def days_begun(self, day: date) -> int:
        """Working days over or begun by `day`, the day itself included."""
        return bisect_right(self._days, day)

    def days_left(self, day: date) -> int:
        """Working days from `day` on, the day itself included."""
        return self.length - bisect_left(self._days, day)

    def share(self, day: date) -> Decimal:
        """Share expected by the end of `day`: 0 before the period, never falling, 1 from its last day on."""
        if day >= self.last:
            return Decimal(1)
        return self._shares[self.days_begun(day)]

    def share_at_noon(self, day: date) -> Decimal:
        """Share expected in the middle of `day`: a run rate is measured against it while the day lasts."""
        return (self.share(day - timedelta(days=1)) + self.share(day)) / 2

    def day_of(self, share: Decimal) -> Decimal:
        """Working days after which `share` is to be expected, with a fraction: the curve read the other way.

        0 for nothing, the period's length for everything or more.
        """
        if share <= 0:
            return Decimal(0)
        if share >= 1:
            return Decimal(self.length)
        index = bisect_left(self._shares, share)
        below, above = self._shares[index - 1], self._shares[index]
        return index - 1 + (share - below) / (above - below)

    @cached_property
    def _days(self) -> tuple[date, ...]:
        return tuple(self.calendar.days(self.first, self.last)) or tuple(_plain_days(self.first, self.last))

    @cached_property
    def _shares(self) -> tuple[Decimal, ...]:
        """Share expected after 0, 1, ... working days; the last is exactly 1."""
        sums = [Decimal(0)]
        for index in range(self.length):
            sums.append(sums[-1] + self.season.weight_at(index, self.length))
        return tuple(part / sums[-1] for part in sums)


def expected_share(
    day: date, first: date, last: date, calendar: WorkingCalendar, season: Season = FLAT
) -> Decimal:
    """Share of a period's result to be expected by the end of `day`; for more than one day keep a Curve."""
    return Curve(first, last, calendar, season).share(day)


def _plain_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
