"""Goals on one sign of the work: on-time delivery, follow-up, satisfaction, cancellations, discounts."""

from dataclasses import replace

import numpy as np

from app.diagnosis import measures
from app.diagnosis.costs import Claim, Conclusions, Costs
from app.diagnosis.counting import normal_tail, totals
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.frame import Frame
from app.diagnosis.judging import benjamini_hochberg
from app.diagnosis.measures import Measured
from app.diagnosis.records import Floats
from app.diagnosis.shrinkage import shrunk_means
from app.diagnosis.signals import WORSE, Sign, Signal, shift
from app.metrics.definition import Condition, Rule

CLEAR = 3.0
"""Standard score from which a shift that everybody shares is put down to its department."""

OWN = frozenset({Sign.FOLLOWED_UP, Sign.SATISFACTION, Sign.DISCOUNT})
"""What a rep has in hand; late deliveries and cancellations they have not."""

DEPARTMENT = {
    Sign.LATE: (Cause.DELIVERY, Why.WIN_RATE),
    Sign.CANCELLED: (Cause.DELIVERY, Why.CANCELLATIONS),
    Sign.FOLLOWED_UP: (Cause.SERVICE, Why.WIN_RATE),
    Sign.SATISFACTION: (Cause.SERVICE, Why.WIN_RATE),
    Sign.DISCOUNT: (Cause.PRICE, Why.DISCOUNTS),
}
FALSE_BLAME = 0.05
USUAL = 10.0


def process(about: Conclusions, rule: Rule, what: Measured, signals: dict[Sign, Signal]) -> Costs | None:
    """None where the sign is not recorded, or not before.

    Cost in the metric's unit: the share or score by which the person's mean moved with everybody's, and, for
    what a rep has in hand and only if it would be rare among all, what they moved beyond that.
    """
    assert what.sign is not None
    if what.sign not in signals:
        return None
    frame, people = about.frame, len(about.frame.people)
    signal = _of(frame, signals[what.sign], rule)
    rows = signal.known & frame.in_now(frame.closed_in)
    number = totals(frame.person[rows], np.ones(int(rows.sum())), people)
    nobody = np.zeros(people)
    if not rows.any() or not about.base.has_history:
        return None
    everybody = np.zeros(len(rows), np.int64)
    shared = np.zeros(len(rows))
    sure, left = 0.0, signal
    for groups, size in [
        (everybody, 1),
        (frame.product, len(frame.products)),
        *((level.of_person[frame.person], len(level.keys)) for level in frame.levels),
    ]:
        moved = shift(left, frame, groups, size)
        clear = moved.score > CLEAR + np.log(size) / 2
        sure = max(sure, 1 - normal_tail(-float(moved.score.max())))
        by = np.where(clear[groups] & (groups >= 0), moved.change[groups], 0.0)
        shared += by
        left = replace(left, expected=left.expected + np.where(frame.in_now(frame.closed_in), by, 0.0))
    worse = WORSE[what.sign]
    cost = worse * totals(frame.person[rows], shared[rows], people) / np.maximum(number, 1)
    before = signal.known & frame.before(frame.closed_in)
    usual = shrunk_means(
        totals(frame.person[before], signal.value[before], people),
        totals(frame.person[before], np.ones(int(before.sum())), people),
        USUAL,
    )
    if what.sign is Sign.LATE and Condition.ON_TIME in rule.conditions:
        usual = 1 - usual
    if what.sign is Sign.DISCOUNT:
        usual, cost = np.exp(usual), cost * np.exp(usual)
    claims = []
    if cost.max(initial=0) > 0:
        claims.append(Claim(*DEPARTMENT[what.sign], np.maximum(cost, 0), np.full(people, sure), Scope()))
    if what.sign in OWN:
        own = shift(left, frame, frame.person, people)
        judged = (own.n_now >= 4) & (own.n_before >= 4) & about.persons.judged
        chance = np.array([normal_tail(-score) for score in own.score.tolist()])
        limit = benjamini_hochberg(chance[judged], FALSE_BLAME)
        named = judged & (chance <= limit)
        scale = np.exp(usual) if what.sign is Sign.DISCOUNT else 1.0
        fell = np.where(named, np.maximum(worse * own.change, 0) * scale, nobody)
        claims.append(Claim(Cause.CAPABILITY, Why.ACTIVITY, fell, 1 - chance))
    return Costs(what, usual, usual, tuple(claims))


def _of(frame: Frame, signal: Signal, rule: Rule) -> Signal:
    """Of the metric's products and sources; for a share of the satisfied, whether each was."""
    known = signal.known & measures.within(frame, rule)
    if Condition.SATISFIED not in rule.conditions:
        return replace(signal, known=known, rows=frame.split(known))
    happy: Floats = (signal.value >= 4).astype(float)
    before = known & frame.before(frame.closed_in)
    mean = float(happy[before].mean()) if before.any() else 0.5
    expected = np.full(len(happy), mean)
    return replace(signal, known=known, rows=frame.split(known), value=happy, expected=expected)
