"""What remains for the person, once everything that is shared is expected: only if it is more than chance.

Each rep's leads, pace, wins and deal values are compared with what their own record and their peers' results
in the same products, sources, team and weeks make expect. A rep is named only if such a shortfall would be
rare among all reps judged together.
"""

from dataclasses import dataclass, replace

import numpy as np

from app.diagnosis.baseline import Baseline, due, still_open
from app.diagnosis.counting import (
    beta_binomial_tail,
    gamma_poisson_tail,
    log_beta_binomial,
    log_gamma_poisson,
    normal_quantile,
    totals,
)
from app.diagnosis.found import Known
from app.diagnosis.frame import Frame
from app.diagnosis.judging import FALLS, Judgement, judge
from app.diagnosis.records import Flags, Floats
from app.diagnosis.shrinkage import shrink, spread
from app.diagnosis.signals import Sign

FEWEST_PEERS = 3
FAR = 1.75
"""Standard deviations from where the peers' figure would have them, beyond which reps are left out of it:
those far below, lest the worst lower the mark for all, and as many far above, lest that raise it."""
THERE = 0.9
"""Share of the period that somebody was there, below which their pace says nothing."""
UNEVEN = 0.12
"""By how much a shared cause's fall differs from person to person, of itself."""
PLAUSIBLE = 0.35
"""Spread of the falls that are looked for: a rep's estimate is drawn towards none by what chance leaves of
it.
"""


@dataclass(frozen=True)
class Component:
    """One side of a rep's work: what was seen against what was expected, and its standard score (below 0:
    worse).

    `ratio` is seen over expected, drawn towards 1. `speaks` (falls x persons) is the logarithm of how many
    times likelier what was seen is if that side fell so far than if it did not. `known` tells of whom it can
    be judged.
    """

    name: str
    seen: Floats
    expected: Floats
    score: Floats
    ratio: Floats
    speaks: Floats
    known: Flags


@dataclass(frozen=True)
class Persons:
    components: tuple[Component, ...]
    judgement: Judgement
    loss: Floats  # estimated share of the expected revenue
    judged: Flags

    @property
    def named(self) -> Flags:
        return self.judgement.named


def persons(frame: Frame, base: Baseline, known: Known) -> Persons:
    components = [
        _leads(frame, known),
        _pace(frame),
        _wins(frame, base, known),
        _wins(frame, base, known, only_fresh=True),
        *_values(frame, known),
    ]
    components = [_calm(each) for each in components]
    people = len(frame.people)
    judged, kept = np.zeros(people, bool), np.ones(people)
    for each in components:
        judged |= each.known
        if each.name != "fresh":
            kept *= np.where(each.known & (each.score < 0), np.minimum(each.ratio, 1.0), 1.0)
    judged &= (frame.present[:, -1] > 0) & _has_peers(frame)
    speaks = {each.name: np.where(each.known, each.speaks, 0.0) for each in components}
    return Persons(tuple(components), judge(speaks, judged), 1 - kept, judged)


def _calm(component: Component) -> Component:
    """Scores measured by how far those above the middle lie from it, where that is further than chance has
    it.

    The spread of the good half tells how much such scores vary where nobody fell (Efron, "Large-scale
    simultaneous hypothesis testing: the choice of a null hypothesis", JASA 99, 2004). Forty standard scores
    are added.
    """
    scores = component.score[component.known]
    if len(scores) < 5:
        return component
    middle = float(np.median(scores))
    above = float(np.quantile(scores, 0.84)) - middle
    scale = float(np.sqrt(max((len(scores) * above**2 + 40) / (len(scores) + 40), 1.0)))
    return replace(component, score=component.score / scale, speaks=component.speaks / scale**2)


def _has_peers(frame: Frame) -> Flags:
    """Whether enough others decided leads of the same products in the period."""
    size = len(frame.products)
    rows = frame.decided & frame.in_now(frame.closed_in)
    pair = np.unique(frame.person[rows] * size + frame.product[rows])
    sellers = np.bincount(pair % size, minlength=size)
    return np.bincount(pair // size, sellers[pair % size] > FEWEST_PEERS, len(frame.people)) > 0


def _score(tail: Floats) -> Floats:
    return np.array([normal_quantile(p) for p in np.clip(tail, 1e-12, 1 - 1e-12).tolist()])


def _leads(frame: Frame, known: Known) -> Component:
    """Leads taken up, against the own rate before, drawn towards the peers', and the peers' change since."""
    expected = known.leads
    had = expected.before.sum(axis=1)
    usual = float(had.sum() / max(expected.exposure.sum(), 1e-9))
    awaited = usual * expected.exposure
    change, steady = _restless(frame)
    own = shrink(had, awaited, np.maximum(steady * awaited, 1e-9))
    raw = np.where(had > 0, own.factor * awaited / np.maximum(had, 1e-9), 0.0)
    mean = expected.expected.sum(axis=1) * raw
    seen = expected.seen.sum(axis=1)
    counts = expected.known & (mean >= 1)
    mean = mean * _common(seen, mean, counts)
    doubt = 1.3 * own.variance / own.factor**2 + change
    noise = steady * mean + mean**2 * doubt
    if steady < 1:  # handed out evenly: closer to each other than chance would have them
        score = np.where(counts, (seen - mean) / np.sqrt(np.maximum(noise, 1e-9)), 0.0)
        speaks = np.stack([_normal(seen - mean, -fall * mean, np.maximum(noise, 1e-9)) for fall in FALLS])
    else:
        shape = 1 / np.maximum(doubt, 1e-6)
        score = _score(gamma_poisson_tail(seen, mean, shape))
        at_rest = log_gamma_poisson(seen, mean, shape)
        speaks = np.stack([log_gamma_poisson(seen, mean * (1 - fall), shape) - at_rest for fall in FALLS])
    return Component("leads", seen, mean, score, _ratio(seen, mean, noise), speaks, counts)


def _restless(frame: Frame) -> tuple[float, float]:
    """How much one person's leads differ from period to period: relative variance beyond chance, and what
    part of chance's own there is where they differ less (1 at most; ten reps of mere chance added)."""
    people, spans = len(frame.people), frame.now
    if spans < 2:
        return 0.01, 1.0
    counts = np.stack(
        [totals(frame.person[rows], frame.share[rows], people) for rows in _opened_before(frame)]
    )
    present = frame.present[:, :-1].T
    expected = counts.sum(axis=0) * present / np.maximum(present.sum(axis=0), 1e-9)
    by_span = counts.sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-9)
    expected = expected * by_span[:, None]
    used = expected >= 5
    if used.sum() < 20:
        return 0.01, 1.0
    room = (spans - 1) / spans
    chi = ((counts - expected) ** 2)[used] / expected[used] / room
    beyond = float(np.clip(1.3 * (chi.sum() - used.sum()) / expected[used].sum(), 0.0, 1.0))
    degrees = used.sum() * room
    # a standard error more than was seen: that leads came evenly may itself have been chance
    steady = (float(chi.sum()) * room + 10) / (degrees + 10) * (1 + np.sqrt(2 / (degrees + 10)))
    return beyond, float(min(steady, 1.0))


def _opened_before(frame: Frame) -> list[Flags]:
    return [np.asarray(frame.opened_in == span) for span in range(frame.now)]


def _pace(frame: Frame) -> Component:
    """Leads decided, of those at hand and as many as are usually decided in the time.

    Not of who was away or left: what they had at hand was left lying, or somebody else's.
    """
    people, now = len(frame.people), frame.in_now(frame.closed_in)
    share = frame.share
    chance = due(frame, still_open(frame), frame.now)
    awaited = totals(frame.person, share * chance, people)
    variance = totals(frame.person, share**2 * chance * (1 - chance), people)
    seen = totals(
        frame.person[now & frame.decided & (chance > 0)], share[now & frame.decided & (chance > 0)], people
    )
    counts = (awaited >= 3) & (variance >= 0.5) & (frame.present[:, -1] >= THERE)
    awaited = awaited * _common(seen, awaited, counts)
    tau = spread(seen[counts], awaited[counts], variance[counts], least=0.02)
    noise = variance + (tau * awaited) ** 2
    noise = np.maximum(noise, 1e-9)
    score = np.where(counts, (seen - awaited) / np.sqrt(noise), 0.0)
    speaks = np.stack([_normal(seen - awaited, -fall * awaited, noise) for fall in FALLS])
    return Component("pace", seen, awaited, score, _ratio(seen, awaited, noise), speaks, counts)


def _normal(seen: Floats, moved: Floats, noise: Floats) -> Floats:
    """Log likelihood ratio of a mean moved by that much against none."""
    return np.asarray((seen**2 - (seen - moved) ** 2) / (2 * noise))


def _wins(frame: Frame, base: Baseline, known: Known, *, only_fresh: bool = False) -> Component:
    """Wins among the decided; or only among those opened in the period as well, which nothing earlier
    touched.
    """
    people = len(frame.people)
    rows = frame.decided & frame.in_now(frame.closed_in)
    if only_fresh:
        rows &= frame.in_now(frame.opened_in)
    person, share = frame.person[rows], frame.share[rows]
    chance = peers(frame, known, rows)[rows]
    decided = totals(person, share, people)
    seen = totals(person, share * frame.won[rows], people)
    mean = totals(person, share * chance, people)
    counts = (decided >= 4) & (mean > 0)
    average = np.clip(mean / np.maximum(decided, 1e-9), 0.002, 0.97)
    doubt = 1.4 * base.ability.variance / base.ability.factor**2 + _unevenness(frame, base, known, rows)
    doubt = np.maximum(doubt, 1e-4)
    weight = np.maximum((1 - average) / (average * doubt) - 1, 2.0)
    score = _score(beta_binomial_tail(seen, decided, average, weight))
    noise = mean * (1 - average) + mean**2 * doubt
    at_rest = log_beta_binomial(seen, decided, average, weight)
    speaks = np.stack(
        [log_beta_binomial(seen, decided, average * (1 - fall), weight) - at_rest for fall in FALLS]
    )
    name = "fresh" if only_fresh else "win_rate"
    return Component(name, seen, mean, score, _ratio(seen, mean, noise), speaks, counts)


def _unevenness(frame: Frame, base: Baseline, known: Known, rows: Flags) -> Floats:
    """Relative variance of a person's wins because a shared cause hits some a little harder than others."""
    people, awaited = len(frame.people), (frame.share * known.chance)[rows]
    fall = np.clip(1 - known.chance / base.win, 0.0, 0.95)[rows]
    swing = totals(frame.person[rows], awaited * UNEVEN * fall / (1 - fall), people)
    return np.asarray((swing / np.maximum(totals(frame.person[rows], awaited, people), 1e-9)) ** 2)


def peers(frame: Frame, known: Known, rows: Flags) -> Floats:
    """Each row's chance to be won, moved by how all who sell the same do in this period.

    Margins for everybody, product, source and team, each drawn towards no change. Reps far from them are
    left out of the peers' figure, twice over.
    """
    chance = known.chance.copy()
    people = len(frame.people)
    families = [(frame.product, len(frame.products)), (frame.source, len(frame.sources))]
    families += [(level.of_person[frame.person], len(level.keys)) for level in frame.levels]
    share, won = frame.share, np.where(frame.won, frame.share, 0.0)
    for _ in range(2):
        mean = totals(frame.person[rows], (share * chance)[rows], people)
        seen = totals(frame.person[rows], won[rows], people)
        noise = totals(frame.person[rows], (share**2 * chance * (1 - chance))[rows], people)
        usual = np.abs(seen - mean) < FAR * np.sqrt(np.maximum(noise, 0.25))
        used = rows & usual[frame.person]
        everybody = float(won[used].sum()), float((share * chance)[used].sum())
        if everybody[1] > 0:
            chance = np.clip(chance * (everybody[0] + 20) / (everybody[1] + 20), 0.002, 0.97)
        for groups, size in families:
            group = groups[used]
            o, e = totals(group, won[used], size), totals(group, (share * chance)[used], size)
            v = totals(group, (share**2 * chance * (1 - chance))[used], size)
            factor = shrink(o, e, np.maximum(v, 1e-9), least=0.01).factor
            chance = np.clip(chance * np.where(groups >= 0, factor[groups], 1.0), 0.002, 0.97)
    return chance


def _values(frame: Frame, known: Known) -> list[Component]:
    """Value of won deals, against the own level before and the peers' change; in logs.

    With list prices, in two: what was sold at list price, and what was paid of it.
    """
    found = []
    signals = known.signals
    if Sign.VALUE not in signals:
        return []
    value = signals[Sign.VALUE]
    if Sign.DISCOUNT in signals:
        discount = signals[Sign.DISCOUNT]
        listed = value.known & discount.known
        size = np.where(listed, value.value - discount.value, value.value)
        found.append(_level(frame, "discount", discount.known, discount.value - discount.expected))
        usual = np.where(listed, value.expected - discount.expected, value.expected)
        found.append(_level(frame, "deal_value", value.known, size - usual))
    else:
        found.append(_level(frame, "deal_value", value.known, value.value - value.expected))
    return found


def _level(frame: Frame, name: str, rows: Flags, residual: Floats) -> Component:
    people = len(frame.people)
    now, before = rows & frame.in_now(frame.closed_in), rows & frame.before(frame.closed_in)
    n1, n0 = (totals(frame.person[part], np.ones(int(part.sum())), people) for part in (now, before))
    s1, s0 = (totals(frame.person[part], residual[part], people) for part in (now, before))
    limit = 4 * float(np.std(residual[rows])) if rows.any() else 1.0
    variance = max(float(np.var(np.clip(residual[rows], -limit, limit))), 1e-6) if rows.any() else 1.0
    own = shrink(n0 + s0, n0, np.maximum(n0, 1e-9) * variance, least=0.01)
    expected = own.factor - 1
    mean = s1 / np.maximum(n1, 1)
    counts = n1 >= 3
    common = float(np.median((mean - expected)[counts])) if counts.sum() >= 5 else 0.0
    noise = variance / np.maximum(n1, 1) + own.variance
    gap = mean - expected - common
    score = np.where(counts, gap / np.sqrt(noise), 0.0)
    credible = PLAUSIBLE**2 / (PLAUSIBLE**2 + noise)
    speaks = np.stack([_normal(gap, np.full(people, np.log(1 - fall)), noise) for fall in FALLS])
    ratio = np.exp(np.clip(credible * gap, -2, 2))
    return Component(name, mean, expected + common, score, ratio, speaks, counts)


def _common(seen: Floats, mean: Floats, counts: Flags) -> float:
    """What all did of what was expected of them, without those far from it; half trusted under 20 items."""
    used = counts.copy()
    for _ in range(3):
        awaited = float(mean[used].sum())
        if awaited <= 0:
            return 1.0
        common = (float(seen[used].sum()) + 20) / (awaited + 20)
        used = counts & (np.abs(seen - mean * common) < FAR * np.sqrt(np.maximum(mean * common, 0.25)))
    return float(np.clip(common, 0.25, 4.0))


def _ratio(seen: Floats, mean: Floats, noise: Floats) -> Floats:
    safe = np.maximum(mean, 1e-9)
    credible = PLAUSIBLE**2 / (PLAUSIBLE**2 + noise / safe**2)
    return np.asarray(1 + credible * (seen / safe - 1))
