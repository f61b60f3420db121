"""Who is named, of all reps judged together, so that few are named wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from app.diagnosis.records import Flags, Floats

SURE_ENOUGH = 0.5
"""Named is only who is likelier to have fallen than not. On simulated companies that overlooks few who fell
far, and names half as many of those who were unlucky beside them as 0.3 does: docs/diagnosis.md."""

CANDOUR = 3.0
"""The beliefs below are cautious: on simulated companies, a third of them with reps who had fallen, the odds
were three times as high. What is said is put right by that."""

FALLS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Falls that would be worth a word: a person is compared with somebody who fell by one of these."""

ONE_SIDE: Mapping[str, float] = {
    "win_rate": 0.125,
    "fresh": 0.125,
    "leads": 0.125,
    "pace": 0.03,
    "deal_value": 0.065,
    "discount": 0.03,
}
"""By which look at a rep's work a fall of one side of it would show, and how far each is believed."""

SEVERAL: tuple[Mapping[str, float], ...] = tuple(
    {wins: 1.0, **others}
    for wins in ("win_rate", "fresh")
    for others in ({"leads": 0.5, "deal_value": 0.4}, {"leads": 0.5}, {"deal_value": 0.4})
)
"""Falls of several sides at once: how deep each is beside that of the win rate."""
TOGETHER = 0.5
"""How far falls of several sides in such a pattern are believed, each pattern and depth as far as another."""
DEPTHS = FALLS[1:]

SIDES: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.7, ("win_rate", "fresh")),
    (0.6, ("leads",)),
    (0.4, ("deal_value",)),
    (0.4, ("discount",)),
)
"""The sides of a rep's work: how far it is believed of each that it fell too, whatever the others did, and by
which looks it would show."""

ALIKE = 0.4
"""How far it is believed that those who fell all did so on the same sides and as deep: then who did a little
badly, or on another side, beside some who plainly fell was rather unlucky."""
APART = 0.3
"""And each in one of the ways above, but not the same. The rest: each on any sides, by any depth."""

SHARES = np.array([0.0, 0.005, 0.02, 0.05, 0.1, 0.2])
BELIEFS = np.array([0.3, 0.05, 0.15, 0.2, 0.2, 0.1])
"""Shares of reps who may have fallen, and how far each is believed beforehand: often nobody has, and what
befalls more than a fifth is hardly each one's own."""


@dataclass(frozen=True)
class Judgement:
    """By person: the chance that they fell beyond others and luck, and whether they are named for it."""

    fell: Floats
    named: Flags
    share: float  # of all judged, that are likely to have fallen


def judge(speaks: Mapping[str, Floats], judged: Flags) -> Judgement:
    """Two groups, those who fell and those who did not; how many and on which side, all reps together tell.

    With L(i, w) the likelihood ratio of rep i having fallen in way w, s the share who fell, B and W what is
    believed of both before:

        P(s, w | all) ~ B(s) W(w) prod_i (1 - s + s L(i, w))
        P(i fell)     = sum over s, w of P(s, w | all) s L(i, w) / (1 - s + s L(i, w))

    Where nobody stands out, nobody needs explaining; where several do, the next is believed sooner, if it is
    in the same way (local false discovery rate: Efron, Tibshirani, Storey and Tusher, JASA 96, 2001). Named
    is whose chance of not having fallen is a half or less, so that the mean of those named, which is the rate
    of false blame to expect among them, is so too (Newton et al., Biostatistics 5, 2004): the Bayesian form
    of the rate that Benjamini and Hochberg (J. R. Statist. Soc. B 57, 1995) control.
    """
    people = len(judged)
    ways = _ways(speaks, people)
    beliefs, chances = [], []
    for weight, ratio in ways:
        for share, belief in zip(SHARES, BELIEFS, strict=True):
            either = 1 - share + share * ratio
            beliefs.append(np.log(weight * belief) + float(np.log(either[judged]).sum()))
            chances.append(share * ratio / either)
    if not beliefs:
        return Judgement(np.zeros(people), np.zeros(people, bool), 0.0)
    belief = np.exp(np.array(beliefs) - max(beliefs))
    belief /= belief.sum()
    fell = _candid(np.where(judged, (belief[:, None] * np.stack(chances)).sum(axis=0), 0.0))
    share = float((belief * np.tile(SHARES, len(ways))).sum())
    return Judgement(fell, judged & (fell >= SURE_ENOUGH), share)


def benjamini_hochberg(chances: Floats, rate: float) -> float:
    """The largest chance that still counts, so that of those named a share of at most `rate` is wrong.

    The largest p(k) in order with p(k) <= rate k / m (Benjamini and Hochberg 1995); 0 where none is.
    """
    ordered = np.sort(chances)
    size = len(ordered)
    passing = np.flatnonzero(ordered <= rate * np.arange(1, size + 1) / max(size, 1))
    return float(ordered[passing[-1]]) if len(passing) else 0.0


def _ways(speaks: Mapping[str, Floats], people: int) -> list[tuple[float, Floats]]:
    """In which way those who fell may have, how far each is believed, and its likelihood ratio by person."""
    single = [(believed, speaks[look]) for look, believed in ONE_SIDE.items() if look in speaks]
    patterns = [pattern for pattern in SEVERAL if all(look in speaks for look in pattern)]
    if not single:
        return []
    ways = [(believed / len(FALLS), _ratio(row)) for believed, logs in single for row in logs]
    ways += [
        (TOGETHER / len(patterns) / len(DEPTHS), _ratio(_fallen(speaks, pattern, depth)))
        for pattern in patterns
        for depth in DEPTHS
    ]
    whole = sum(believed for believed, _ in ways)
    mixed = sum((believed / whole * ratio for believed, ratio in ways), np.zeros(people))
    rest = 1 - ALIKE - APART
    return [*_same_sides(speaks, people), (APART, mixed), (rest, _any_sides(speaks, people))]


def _same_sides(speaks: Mapping[str, Floats], people: int) -> list[tuple[float, Floats]]:
    """All who fell did so on the same sides, by the same depth: for every choice of sides and every depth the
    product of these sides' likelihood ratios, believed as far as the sides together are.
    """
    sides = [(believed, _seen(speaks, looks)) for believed, looks in SIDES]
    known = [(believed, seen) for believed, seen in sides if len(seen)]
    nowhere = float(np.prod([1 - believed for believed, _ in known]))
    ways = []
    for chosen in product((False, True), repeat=len(known)):
        if any(chosen):
            weight, ratio = ALIKE / (1 - nowhere) / len(FALLS), np.ones((len(FALLS), people))
            for fell, (believed, seen) in zip(chosen, known, strict=True):
                weight *= believed if fell else 1 - believed
                ratio = ratio * seen if fell else ratio
            ways += [(weight, row) for row in ratio]
    return ways


def _any_sides(speaks: Mapping[str, Floats], people: int) -> Floats:
    """Likelihood ratio of falls on any sides: the product over the sides of 1 - b + b L, with b how far it is
    believed that the side fell and L the mean of its likelihood ratios over looks and depths.
    """
    together = np.ones(people)
    for believed, looks in SIDES:
        seen = _seen(speaks, looks)
        if len(seen):
            together = together * (1 - believed + believed * seen.mean(axis=0))
    return together


def _seen(speaks: Mapping[str, Floats], looks: tuple[str, ...]) -> Floats:
    """Likelihood ratio of a fall of one side (depths x persons): the mean of its looks; empty without any."""
    ratios = [_ratio(speaks[look]) for look in looks if look in speaks]
    return np.asarray(np.mean(ratios, axis=0)) if ratios else np.zeros((0, 0))


def _ratio(logs: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(logs, -30, 30)))


def _fallen(speaks: Mapping[str, Floats], pattern: Mapping[str, float], depth: float) -> Floats:
    """Log likelihood ratio of a fall of several sides at once."""
    total: Floats = np.zeros(1)
    for look, part in pattern.items():
        total = total + _between(speaks[look], depth * part)
    return total


def _between(logs: Floats, fall: float) -> Floats:
    """By person, at any fall: a straight line from fall to fall, and from none (0)."""
    falls = (0.0, *FALLS)
    place = max(k for k in range(len(FALLS)) if falls[k] <= fall)
    low = logs[place - 1] if place else np.zeros(logs.shape[1])
    part = (fall - falls[place]) / (falls[place + 1] - falls[place])
    return np.asarray(low + part * (logs[place] - low))


def _candid(chance: Floats) -> Floats:
    return CANDOUR * chance / (1 + (CANDOUR - 1) * chance)
