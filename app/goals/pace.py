"""Pace: where a goal should be today, how far it is from there, and where it is heading.

Sums and counts grow towards their target along an expected curve (`season.Curve`). Ratios do not grow: they
are compared with their target as they stand. Figures in, figures out; the words are the page's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from app.goals.attainment import attainment, is_reached
from app.goals.season import Curve

HISTORY_WEEKS = 4
"""Earlier weeks weigh as many as they are, but no more than this, so that the present soon prevails."""

USUAL_ITEMS = 10
"""How many items the usual ratio weighs beside this period's own."""

PRIOR_DEGREES = 2
"""Weight, in degrees of freedom, of the spread that is assumed before any week is seen."""

NORMAL_90 = Decimal("1.2815515655")
"""The 0.90 quantile of the normal distribution: the band leaves out a tenth on either side."""

ZERO, HALF, ONE = Decimal(0), Decimal("0.5"), Decimal(1)


class PaceState(StrEnum):
    REACHED = "reached"
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class Accumulated:
    """A sum or count on its way.

    `curve` runs over the person's own working days; `earlier_weeks` are their results in the latest whole
    weeks before the period, `this_weeks` those of the period's whole weeks so far. `whole` says that it is
    counted; `typical` is what one result of a sum usually brings (the average deal), and sharpens the band.
    """

    actual: Decimal
    target: Decimal
    today: date
    curve: Curve
    earlier_weeks: Sequence[Decimal] = ()
    this_weeks: Sequence[Decimal] = ()
    whole: bool = False
    typical: Decimal | None = None
    higher_is_better: bool = True


@dataclass(frozen=True)
class Averaged:
    """A ratio as it stands: `numerator` over `denominator` items, the results so far.

    `usual` is the ratio of earlier periods; `spread` the standard deviation of one item (a deal's value, a
    rating), needless where `proportion` says that every item counts 0 or 1.
    """

    numerator: Decimal
    denominator: Decimal
    target: Decimal
    today: date
    curve: Curve
    usual: Decimal | None = None
    spread: Decimal | None = None
    proportion: bool = False
    higher_is_better: bool = True


@dataclass(frozen=True)
class Forecast:
    """The result to be expected at the end, and a band that should hold it eight times in ten."""

    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Pace:
    """Distances are positive on the good side, also where lower is better.

    `expected` is where one should be tonight, `gap` the distance from it in value, `distance` in working
    days, `days_ahead` the same in whole days (towards zero, so that half a day is none). `missing` is what is
    left to the target (where lower is better: what may still come), over `days_left` working days, today
    included; `needed_per_day` is one over the other, rounded up for what is counted. A ratio has an actual
    of None before its first item, and no distance in days.
    """

    state: PaceState
    actual: Decimal | None
    target: Decimal
    attainment: Decimal | None
    expected_share: Decimal
    expected: Decimal
    gap: Decimal | None
    distance: Decimal | None
    days_ahead: int | None
    missing: Decimal | None
    days_left: int
    needed_per_day: Decimal | None
    forecast: Forecast | None


def pace(figures: Accumulated | Averaged) -> Pace:
    """Raises ValueError for a target that is not positive."""
    return _accumulated(figures) if isinstance(figures, Accumulated) else _averaged(figures)


def tolerance(curve: Curve) -> Decimal:
    """Working days off the pace that mean nothing yet: one, or a twentieth of the period if that is more."""
    return max(ONE, Decimal(curve.length) / 20)


def forecast_accumulated(figures: Accumulated) -> Forecast | None:
    """Result so far, and the rest at the person's own rate; None before anything is known.

    With the period W weeks long by the season's measure, t = W * share at noon of them gone, r = W - t left,
    actual a so far and k (at most 4) earlier weeks of mean m:

        rate      v = (a + k m) / (t + k)                       a week, Gamma-Poisson posterior mean
        forecast    = a + v r
        variance    = s^2 r (t + k + r) / (t + k)               of the weeks to come, and of not knowing v
        band        = forecast -+ q(df) * sqrt(variance)        80 % prediction interval

    s^2 is the variance of the person's own weeks, each lot about its own mean, pooled with an assumed one
    weighing 2 degrees of freedom: the rate for counts (Poisson); for sums 2 * rate * typical result (compound
    Poisson whose results vary as much as they bring), or the rate's square where none is known. Half a week
    at the target's pace is mixed into that rate, so that empty weeks do not make certain. q is
    Student's 0.90 quantile: the band is wide where little is known, and closes as the period does. Results do
    not go back, so it never begins below the actual. Prediction intervals for a rate: Meeker, Hahn and
    Escobar, Statistical Intervals (2017), chapters 4 and 7. Over simulated quarters of people who sell 0.3
    to 10 deals a week, with and without history, the band held 80 to 85 % of results as a rule, and 62 to
    96 % for the rarest sellers in the first weeks.
    """
    curve, target = figures.curve, figures.target
    gone = curve.weeks * curve.share_at_noon(figures.today)
    left = curve.weeks - gone
    weight = Decimal(min(len(figures.earlier_weeks), HISTORY_WEEKS))
    known = gone + weight
    if not known:
        return None
    seen = figures.actual + weight * _mean(figures.earlier_weeks)
    value = figures.actual + max(seen / known, ZERO) * left
    level = max((seen + target / curve.weeks / 2) / (known + HALF), ZERO)
    squares, degrees = _squares(figures.earlier_weeks, figures.this_weeks)
    variance = (PRIOR_DEGREES * _assumed_variance(figures, level) + squares) / (PRIOR_DEGREES + degrees)
    reach = _student_90(PRIOR_DEGREES + degrees) * (variance * left * (known + left) / known).sqrt()
    return Forecast(value, max(value - reach, figures.actual), value + reach)


def forecast_averaged(figures: Averaged) -> Forecast | None:
    """The ratio when the period ends; None without items.

    n items so far with sum a, and m = n (1 - e) / e to come at the same pace, e the share of the period gone.
    Each is expected to bring p = (a + k u) / (n + k): the usual ratio u weighs k = 10 items; a proportion
    without history takes Wilson's centre (1927), u = 1/2 and k = q^2.

        forecast = (a + m p) / (n + m)
        variance = s^2 m (n + k + m) / ((n + k) (n + m)^2)

    s^2 is p (1 - p) for a proportion, else the spread of one item, or p^2 where that is not known. The
    band is forecast -+ q * sqrt(variance) with Student's 0.90 quantile, within what can still happen to a
    proportion.
    """
    items = figures.denominator
    if items <= 0:
        return None
    gone = figures.curve.share_at_noon(figures.today)
    coming = items * (ONE - gone) / gone if gone else items
    usual, weight = figures.usual, Decimal(USUAL_ITEMS)
    if usual is None:
        usual, weight = HALF, NORMAL_90**2 if figures.proportion else ZERO
    known, final = items + weight, items + coming
    each = (figures.numerator + weight * usual) / known
    if figures.proportion:
        variance = max(each * (1 - each), ZERO)
    else:
        variance = (each if figures.spread is None else figures.spread) ** 2
    value = (figures.numerator + coming * each) / final
    degrees = max(int(known) - 1, PRIOR_DEGREES)
    reach = _student_90(degrees) * (variance * coming * (known + coming) / known).sqrt() / final
    low, high = value - reach, value + reach
    if figures.proportion:
        low, high = max(low, figures.numerator / final), min(high, (figures.numerator + coming) / final)
    return Forecast(value, low, high)


def _accumulated(figures: Accumulated) -> Pace:
    curve, today, actual, target = figures.curve, figures.today, figures.actual, figures.target
    higher = figures.higher_is_better
    met = attainment(actual, target, higher_is_better=higher)
    share = curve.share(today)
    day = Decimal(curve.days_begun(today)) if today < curve.last else Decimal(curve.length)
    sign = 1 if higher else -1
    distance = sign * (curve.day_of(actual / target) - day)
    missing, left = max(target - actual, ZERO), curve.days_left(today)
    needed = missing / left if missing and left else None
    if figures.whole and higher:
        missing = missing.to_integral_value(ROUND_CEILING)
        needed = needed.to_integral_value(ROUND_CEILING) if needed else None
    forecast = forecast_accumulated(figures) if today >= curve.first else None
    return Pace(
        state=_accumulated_state(figures, distance, forecast),
        actual=actual,
        target=target,
        attainment=met,
        expected_share=share,
        expected=target * share,
        gap=sign * (actual - target * share),
        distance=distance,
        days_ahead=int(distance),
        missing=missing,
        days_left=left,
        needed_per_day=needed,
        forecast=forecast,
    )


def _accumulated_state(figures: Accumulated, distance: Decimal, forecast: Forecast | None) -> PaceState:
    """Ahead or behind by more than the tolerance, and heading there too; or behind and the whole band misses.

    Reached counts at once where higher is better, at the end where lower is. One first day without result and
    without history says nothing.
    """
    curve, today, target = figures.curve, figures.today, figures.target
    higher = figures.higher_is_better
    reached = is_reached(figures.actual, target, higher_is_better=higher)
    if today > curve.last:
        return PaceState.REACHED if reached else PaceState.BEHIND
    if higher and reached:
        return PaceState.REACHED
    silent = not figures.actual and not figures.earlier_weeks and curve.days_begun(today) <= 1
    if forecast is None or silent:
        return PaceState.NO_DATA
    if not higher and not reached:
        return PaceState.BEHIND
    heading = is_reached(forecast.value, target, higher_is_better=higher)
    out_of_reach = forecast.high < target if higher else forecast.low > target
    if heading and distance > tolerance(curve):
        return PaceState.AHEAD
    if (distance < 0 and out_of_reach) or (distance < -tolerance(curve) and not heading):
        return PaceState.BEHIND
    return PaceState.ON_TRACK


def _averaged(figures: Averaged) -> Pace:
    curve, today, target = figures.curve, figures.today, figures.target
    higher = figures.higher_is_better
    actual = figures.numerator / figures.denominator if figures.denominator > 0 else None
    forecast = forecast_averaged(figures)
    if target <= 0:
        raise ValueError("a target is positive")
    if actual is None:
        met = gap = missing = None
    else:
        met = attainment(actual, target, higher_is_better=higher)
        gap = actual - target if higher else target - actual
        missing = max(-gap, ZERO)
    return Pace(
        state=_averaged_state(figures, actual, forecast),
        actual=actual,
        target=target,
        attainment=met,
        expected_share=curve.share(today),
        expected=target,
        gap=gap,
        distance=None,
        days_ahead=None,
        missing=missing,
        days_left=curve.days_left(today),
        needed_per_day=None,
        forecast=forecast,
    )


def _averaged_state(figures: Averaged, actual: Decimal | None, forecast: Forecast | None) -> PaceState:
    """A ratio is reached only at the end: it can fall back. Until then the band decides."""
    target, higher = figures.target, figures.higher_is_better
    if actual is None or forecast is None:
        return PaceState.NO_DATA
    if figures.today > figures.curve.last:
        return PaceState.REACHED if is_reached(actual, target, higher_is_better=higher) else PaceState.BEHIND
    worst, best = (forecast.low, forecast.high) if higher else (forecast.high, forecast.low)
    if is_reached(worst, target, higher_is_better=higher):
        return PaceState.AHEAD
    if not is_reached(best, target, higher_is_better=higher):
        return PaceState.BEHIND
    return PaceState.ON_TRACK


def _assumed_variance(figures: Accumulated, level: Decimal) -> Decimal:
    """Of a week that brings `level`, before any is seen."""
    if figures.whole:
        return level
    return level * level if figures.typical is None else 2 * level * abs(figures.typical)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values) if values else ZERO


def _squares(*lots: Sequence[Decimal]) -> tuple[Decimal, int]:
    """Squared deviations of each lot from its own mean, added up, and their degrees of freedom."""
    squares, degrees = ZERO, 0
    for lot in lots:
        mean = _mean(lot)
        squares += sum(((value - mean) ** 2 for value in lot), ZERO)
        degrees += max(len(lot) - 1, 0)
    return squares, degrees


def _student_90(degrees: int) -> Decimal:
    """Student's 0.90 quantile by Abramowitz and Stegun 26.7.5; within 2 % from 2 degrees on."""
    z, n = NORMAL_90, Decimal(degrees)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / n + second / n**2
