"""Aims in figures: from what, to what, by when, and how far one has come. Pure.

An aim is what is within reach, not what is wished for:

    steady = (cases * own + WEIGHT * peers) / (cases + WEIGHT)
    aim    = steady + (peers - steady) * weeks / (weeks + HALF)

`steady` is what is to be expected without doing anything: a figure that rests on few cases says little
and lies nearer to that of peers (shrinkage towards the mean, Efron & Morris 1975, here with a weight
that is fixed, not estimated). From there half of the way to the peers is walked in `HALF` weeks, three
quarters in three times as many. The aim is never beyond the peers' upper quartile, and is rounded
towards the start, so that nothing is promised by rounding.
"""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

WEIGHT = Decimal(20)
"""Cases of one's own that weigh as much as the peers' level."""

WEIGHT_OF_WEEKS = Decimal(4)
"""The same for sums and counts, which rest on weeks."""

WEIGHT_OF_START = Decimal(5)
"""The same for the start of an aim, when it is looked at how far one has come."""

HALF = Decimal(12)
"""Weeks in which half of the way is walked."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Level:
    """What peers come to: their common level, the upper quartile (of the better ones), how many there are."""

    level: Decimal
    upper: Decimal
    people: int


def steady(own: Decimal, cases: Decimal, peers: Decimal, weight: Decimal = WEIGHT) -> Decimal:
    """What is to be expected of the person without doing anything; own cases count for what they are."""
    if cases < 0 or weight <= 0:
        raise ValueError("cases and weight are numbers of cases")
    return (cases * own + weight * peers) / (cases + weight)


def reachable(
    own: Decimal,
    cases: Decimal,
    peers: Level,
    weeks: Decimal,
    *,
    unit: Decimal,
    weight: Decimal = WEIGHT,
    higher_is_better: bool = True,
) -> Decimal | None:
    """The aim, in whole `unit`s; None where the person is where peers are, or the step would not show."""
    if weeks <= 0:
        raise ValueError("an aim needs time")
    sign = Decimal(1) if higher_is_better else Decimal(-1)
    start, level, upper = own * sign, peers.level * sign, peers.upper * sign
    expected = steady(start, cases, level, weight)
    aim = min(expected + (level - expected) * _walked(weeks), upper)
    return _rounded(aim, start, unit, sign)


def of_the_whole(
    actual: Decimal,
    own_part: Decimal,
    target: Decimal,
    upper: Decimal | None,
    weeks: Decimal,
    *,
    unit: Decimal,
    higher_is_better: bool = True,
) -> Decimal | None:
    """The aim for the goal's own figure: what was reached, and of what was missing for reasons of
    the person's own (`own_part`) as much as is walked in the time. Not beyond the target, nor the
    peers' upper quartile.
    """
    if weeks <= 0 or own_part < 0:
        raise ValueError("an aim needs time, and a part is not negative")
    sign = Decimal(1) if higher_is_better else Decimal(-1)
    start = actual * sign
    aim = min(start + own_part * _walked(weeks), target * sign)
    if upper is not None:
        aim = min(aim, upper * sign)
    return _rounded(aim, start, unit, sign)


def _walked(weeks: Decimal) -> Decimal:
    return weeks / (weeks + HALF)


def _rounded(aim: Decimal, start: Decimal, unit: Decimal, sign: Decimal) -> Decimal | None:
    """Towards the start; None unless it lies a unit or more beyond it."""
    if aim - start < unit:
        return None
    rounded = (aim / unit).to_integral_value(ROUND_FLOOR) * unit
    return rounded * sign if rounded > start else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an aim is: `share` 1 is there; `expected` is where it should be by today.

    `now` is the figure as the aim is said (a ratio, or what a week has brought so far); a sum's `done` and
    `wanted` are those of all weeks together. None: nothing to go by yet.
    """

    share: Decimal | None
    expected: Decimal
    now: Decimal | None
    done: Decimal | None = None
    wanted: Decimal | None = None


def stand_of_ratio(
    now: Decimal | None, cases: Decimal, starts_at: Decimal, aims_at: Decimal, elapsed: Decimal
) -> Standing:
    """The part of the way from start to aim that is walked; whoever falls back stands at its beginning.

    Few cases say little here too: the figure is drawn towards the start by `WEIGHT_OF_START` cases, so that
    two lucky sales are no arrival, and each sale moves the bar a little.
    """
    if starts_at == aims_at:
        raise ValueError("an aim is not where one starts")
    if now is None or cases <= 0:
        return Standing(None, elapsed, None)
    steadied = steady(now, cases, starts_at, WEIGHT_OF_START)
    return Standing(max((steadied - starts_at) / (aims_at - starts_at), Decimal(0)), elapsed, now)


def stand_of_sum(done: Decimal, aims_at: Decimal, weeks: Decimal, weeks_so_far: Decimal) -> Standing:
    """What was done of all that is wanted by the last day: every result moves it."""
    if aims_at <= 0 or weeks <= 0:
        raise ValueError("nothing is wanted")
    wanted = aims_at * weeks
    now = done / weeks_so_far if weeks_so_far > 0 else None
    return Standing(done / wanted, min(weeks_so_far / weeks, Decimal(1)), now, done, wanted)
