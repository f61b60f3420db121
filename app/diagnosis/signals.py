"""What the records tell beside who won: deliveries, cancellations, follow-up, ratings, discounts, values."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from app.diagnosis.baseline import Baseline
from app.diagnosis.counting import totals
from app.diagnosis.frame import Frame, seen_until
from app.diagnosis.records import Flags, Floats, Ints
from app.diagnosis.shrinkage import shrunk_means

USUAL_ITEMS = 20.0
"""How many usual items weigh beside a group's own before it is compared with itself."""


SWING = 0.08
"""By how much any mean moves from period to period though nothing happened, in items' standard deviations."""


class Sign(StrEnum):
    LATE = "late"
    CANCELLED = "cancelled"
    FOLLOWED_UP = "followed_up"
    SATISFACTION = "satisfaction"
    DISCOUNT = "discount"  # logarithm of what was paid of the list price
    VALUE = "value"  # logarithm of a deal's value


WORSE = {
    Sign.LATE: 1,
    Sign.CANCELLED: 1,
    Sign.FOLLOWED_UP: -1,
    Sign.SATISFACTION: -1,
    Sign.DISCOUNT: -1,
    Sign.VALUE: -1,
}
"""The direction in which each is bad."""


@dataclass(frozen=True)
class Signal:
    """`value` of the rows it is known of, against what is `expected` of each; `excess` is how much more the
    groups differ from period to period than chance would have them."""

    sign: Sign
    known: Flags
    value: Floats
    expected: Floats
    excess: float
    rows: tuple[Ints, Ints]  # positions of the known, now and before

    @cached_property
    def residuals(self) -> tuple[Floats, Floats]:
        """Beyond what is expected, in the order of `rows`."""
        now, before = self.rows
        return self.value[now] - self.expected[now], self.value[before] - self.expected[before]

    def explained(self, rows: Flags, by: float) -> "Signal":
        """With `by` more expected of some rows, once a cause is found for them."""
        return replace(self, expected=self.expected + np.where(rows, by, 0.0))


@dataclass(frozen=True)
class Shift:
    """By group: how far the mean moved since before, and its standard score (positive is worse)."""

    change: Floats
    score: Floats
    now: Floats
    before: Floats
    n_now: Floats
    n_before: Floats


def read(frame: Frame, base: Baseline) -> dict[Sign, Signal]:
    """Those of which at least 20 rows are known, before and now together."""
    sales = frame.sales
    limit = np.where(frame.closed_in >= 0, seen_until(frame.company)[frame.closed_in], 0)
    delivered = (sales.delivered > 0) & (sales.delivered <= limit)
    was_due = frame.won & (sales.promised > 0) & (delivered | (~frame.cancelled & (sales.promised <= limit)))
    paid = frame.won & (sales.value > 0) & (frame.share > 0)
    listed = paid & (sales.list_value > 0)
    followed = (sales.followed_up > 0) & (sales.followed_up <= limit)
    served = frame.won & (delivered if delivered.any() else frame.kept)
    with np.errstate(divide="ignore", invalid="ignore"):
        discount = np.where(listed, np.log(sales.value / np.maximum(sales.list_value, 1e-9)), 0.0)
        value = np.where(paid, np.log(np.maximum(sales.value, 1e-9) / np.maximum(frame.share, 1e-9)), 0.0)
    given: dict[Sign, tuple[Flags, Floats]] = {
        Sign.LATE: (was_due, (~delivered | (sales.delivered > sales.promised)).astype(float)),
        Sign.CANCELLED: (frame.won, frame.cancelled.astype(float)),
        Sign.FOLLOWED_UP: (served, followed.astype(float)),
        Sign.SATISFACTION: (frame.won & (sales.satisfaction > 0), sales.satisfaction.astype(float)),
        Sign.DISCOUNT: (listed, np.clip(discount, -3, 3)),
        Sign.VALUE: (paid, value),
    }
    nothing = {Sign.FOLLOWED_UP: not followed.any(), Sign.CANCELLED: not frame.cancelled.any()}
    late = given[Sign.LATE][1] * given[Sign.LATE][0]
    return {
        sign: _signal(frame, base, sign, known, values, late)
        for sign, (known, values) in given.items()
        if int(known.sum()) >= 20 and not nothing.get(sign)
    }


def _signal(frame: Frame, base: Baseline, sign: Sign, known: Flags, value: Floats, late: Floats) -> Signal:
    """Expected of each is the mean before of its product; a rating, also by whether the order was late: that
    customers wait and are unhappy is not the service's doing."""
    learn = known & (frame.before(frame.closed_in) if base.has_history else frame.closed_in >= 0)
    size = len(frame.products)
    count = totals(frame.product[learn], np.ones(int(learn.sum())), size)
    mean = shrunk_means(totals(frame.product[learn], value[learn], size), count, 2.0)
    expected = mean[frame.product]
    if sign is Sign.SATISFACTION:
        for was_late in (0.0, 1.0):
            alike = known & (late == was_late)
            by = value[alike & learn] - expected[alike & learn]
            expected = expected + np.where(alike, by.sum() / (len(by) + USUAL_ITEMS), 0.0)
    excess = _excess(frame, known & learn, value - expected)
    return Signal(sign, known, value, expected, excess, frame.split(known))


def _excess(frame: Frame, rows: Flags, residual: Floats) -> float:
    """Variance of the means of product and period beyond that of their items; 1 is chance. At least 1.

    Twenty groups that vary by chance alone are added, so that two periods cannot say too much.
    """
    spans = len(frame.spans)
    cell = frame.product[rows] * spans + frame.closed_in[rows]
    size = len(frame.products) * spans
    count = totals(cell, np.ones(len(cell)), size)
    mean = totals(cell, residual[rows], size) / np.maximum(count, 1)
    variance = float(np.var(residual[rows])) if len(cell) else 0.0
    used = count >= 5
    degrees = float(used.sum()) - len(np.unique(frame.product[rows]))
    if degrees <= 0 or variance <= 0:
        return 1.0
    chi = float((count[used] * mean[used] ** 2).sum() / variance)
    return float(np.clip((chi + 20) / (degrees + 20), 1.0, 6.0))


def shift(signal: Signal, frame: Frame, groups: Ints, size: int) -> Shift:
    """How each group's mean moved, against its own before (drawn towards what is usual)."""
    (now, before), (left_now, left_before) = signal.rows, signal.residuals
    of_now, of_before = groups[now], groups[before]
    n1, r1, v1 = (totals(of_now, values, size) for values in (np.ones(len(now)), left_now, signal.value[now]))
    n0, r0, v0 = (
        totals(of_before, values, size)
        for values in (np.ones(len(before)), left_before, signal.value[before])
    )
    inside = np.concatenate((left_now[of_now >= 0], left_before[of_before >= 0]))
    variance = float(np.var(inside)) if len(inside) else 0.0
    change = r1 / np.maximum(n1, 1) - r0 / (n0 + USUAL_ITEMS)
    noise = variance * (signal.excess * (1 / np.maximum(n1, 1) + 1 / (n0 + USUAL_ITEMS)) + SWING**2)
    score = np.where((n1 > 0) & (noise > 0), change / np.sqrt(np.maximum(noise, 1e-12)), 0.0)
    return Shift(
        change=np.where(n1 > 0, change, 0.0),
        score=score * WORSE[signal.sign],
        now=v1 / np.maximum(n1, 1),
        before=v0 / np.maximum(n0, 1),
        n_now=n1,
        n_before=n0,
    )
