"""What was to be expected of every lead, by the periods before: decided when, won how likely, worth what."""

from dataclasses import dataclass

import numpy as np

from app.diagnosis.counting import totals
from app.diagnosis.frame import Frame
from app.diagnosis.records import Flags, Floats, Ints
from app.diagnosis.shrinkage import Shrunk, shrink, shrunk_means

ROUNDS = 8
MOST_LIKELY = 0.97
OLDEST = 1500  # days; older leads count as that old


@dataclass(frozen=True)
class Baseline:
    """By row. `win` is the chance of a decided lead to be won, `worth` a won sale's expected value.

    `ability` is what each person's record says about their win rate beside what they sell to whom.
    """

    win: Floats
    worth: Floats
    keep: Floats  # the chance that a won sale is not cancelled
    ability: Shrunk
    value_level: Shrunk  # each person's deals against others' of the same products
    log_worth: Floats  # the usual logarithm of a deal's value, by product
    has_history: bool


def baseline(frame: Frame) -> Baseline:
    learn = frame.decided & frame.before(frame.closed_in)
    has_history = bool(learn.sum() >= 20)
    if not has_history:
        learn = frame.decided
    win, ability = _wins(frame, learn)
    log_worth, worth, level = _worth(frame, frame.won & learn)
    return Baseline(
        win=win,
        worth=worth * level.factor[frame.person],
        keep=_keep(frame, learn),
        ability=ability,
        value_level=level,
        log_worth=log_worth,
        has_history=has_history,
    )


def ages(frame: Frame) -> Ints:
    """Bins of days from opened to decided: slow leads may be won less often, and a first period has fewer."""
    days = np.where(frame.decided, frame.sales.closed - frame.opened, -1)
    known = days[frame.decided]
    if not len(known):
        return np.zeros(len(days), np.int64)
    edges = np.unique(np.quantile(known, [0.25, 0.5, 0.75]))
    return np.searchsorted(edges, days, "right").astype(np.int64)


def _wins(frame: Frame, learn: Flags) -> tuple[Floats, Shrunk]:
    """Chance of a win as a product of factors for product, source, age and person.

    Fitted margin by margin until expected and seen wins agree (minimum bias: Bailey and Simon, "Two
    studies in automobile insurance ratemaking", 1960), each factor drawn towards 1 by its credibility.
    """
    share, age = frame.share, ages(frame)
    weight = share[learn]
    seen = np.where(frame.won, share, 0.0)[learn]
    overall = float(seen.sum() / weight.sum()) if weight.sum() else 0.3
    margins = [
        (frame.product, len(frame.products)),
        (frame.source, len(frame.sources)),
        (age, int(age.max(initial=0)) + 1),
        (frame.person, len(frame.people)),
    ]
    fitted = [Shrunk(np.ones(size), np.zeros(size), 0.0) for _, size in margins]
    chance = np.full(len(weight), overall)
    observed = [totals(group[learn], seen, size) for group, size in margins]
    for _ in range(ROUNDS):
        for place, (group, size) in enumerate(margins):
            rows = group[learn]
            without = np.clip(chance / fitted[place].factor[rows], 0, MOST_LIKELY)
            expected = totals(rows, weight * without, size)
            variance = totals(rows, weight**2 * without * (1 - without), size)
            fitted[place] = shrink(observed[place], expected, variance)
            chance = np.clip(without * fitted[place].factor[rows], 0.002, MOST_LIKELY)
    result = np.full(len(share), overall)
    for factors, (group, _) in zip(fitted, margins, strict=True):
        result *= factors.factor[group]
    return np.clip(result, 0.002, MOST_LIKELY), fitted[-1]


def _worth(frame: Frame, learn: Flags) -> tuple[Floats, Floats, Shrunk]:
    """Usual log value and mean value by product, and each person's level against them."""
    size, people = len(frame.products), len(frame.people)
    worth_something = learn & (frame.sales.value > 0) & (frame.share > 0)
    whole = frame.sales.value[worth_something] / frame.share[worth_something]
    logs, product = np.log(whole), frame.product[worth_something]
    count = totals(product, np.ones(len(product)), size)
    mean_log = shrunk_means(totals(product, logs, size), count, 0.5)
    mean_value = shrunk_means(totals(product, whole, size), count, 0.25)
    noise = logs - mean_log[product]
    variance = float(np.mean(noise**2)) if len(noise) else 0.25
    person = frame.person[worth_something]
    deals = totals(person, np.ones(len(person)), people)
    level = shrink(deals + totals(person, noise, people), deals, np.maximum(deals, 0) * max(variance, 0.002))
    return mean_log[frame.product], mean_value[frame.product], level


def _keep(frame: Frame, learn: Flags) -> Floats:
    size = len(frame.products)
    rows = frame.won & learn
    won = totals(frame.product[rows], frame.share[rows], size)
    kept = totals(frame.product[rows], (frame.share * frame.kept)[rows], size)
    usual = float(kept.sum() / won.sum()) if won.sum() else 1.0
    return np.clip(shrunk_means(kept, won, 30.0, usual), 0.02, 1.0)[frame.product]


def still_open(frame: Frame) -> Floats:
    """Share of leads not decided by each age in days, by those opened before this period.

    Life table (Kaplan and Meier, JASA 53, 1958) with late entry: a lead opened before the first period is
    seen only from its age at the start of the records.
    """
    start = frame.spans[0].first.toordinal()
    limit = frame.spans[-1].first.toordinal() if frame.now else frame.company.as_of.toordinal() + 1
    rows = (frame.opened > 0) & (frame.opened < limit)
    opened = frame.opened[rows]
    closed = np.where(frame.sales.stage[rows] == 0, limit + OLDEST, frame.sales.closed[rows])
    entry = np.clip(start - opened, 0, OLDEST)
    exits = np.clip(np.minimum(closed, limit) - opened, 0, OLDEST)
    happened = closed < limit
    at_risk = np.cumsum(np.bincount(entry, minlength=OLDEST + 2)) - np.concatenate(
        ([0], np.cumsum(np.bincount(exits, minlength=OLDEST + 2))[:-1])
    )
    events = np.bincount(exits[happened], minlength=OLDEST + 2)
    hazard = np.where(at_risk > 0, events / np.maximum(at_risk, 1), 0.0)
    left: Floats = np.cumprod(1 - np.clip(hazard, 0, 1))
    return np.concatenate(([1.0], left))


def due(frame: Frame, open_share: Floats, span: int) -> Floats:
    """By row, how likely a lead at hand in the span is decided in it at the usual speed; 0 elsewhere."""
    first, last = (day.toordinal() for day in (frame.spans[span].first, frame.spans[span].last))
    decided_before = (frame.sales.stage != 0) & (frame.sales.closed < first)
    at_hand = (frame.opened > 0) & (frame.opened <= last) & ~decided_before
    age = np.clip(first - frame.opened, 0, OLDEST)
    age_after = np.clip(last - frame.opened + 1, 0, OLDEST)
    begun = np.maximum(open_share[age], 1e-9)
    return np.where(at_hand, np.clip(1 - open_share[age_after] / begun, 0, 1), 0.0)
