"""Who is named, of all reps judged together, so that few are named wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.diagnosis.records import Flags, Floats

FALSE_BLAME = 0.35
"""Of the reps named, the share that may be expected to be named wrongly."""

SURE_ENOUGH = 0.45
"""Nobody is named who is less likely than this to have fallen."""

SIDES: Mapping[str, Mapping[str, float]] = {
    "win_rate": {"win_rate": 0.5, "fresh": 0.5},
    "leads": {"leads": 0.8, "pace": 0.2},
    "deal_value": {"deal_value": 0.5, "discount": 0.5},
}
"""The sides of a rep's work, and by which looks a fall of each would show."""

ALONE = {"win_rate": 0.3, "leads": 0.2, "deal_value": 0.1}
TOGETHER = 0.4
"""How often a fall is of one side alone, or of several (each combination as often as another)."""

ALIKE = 0.5
"""How far it is believed that those who fell fell on the same side, rather than each on their own."""

SHARES = np.array([0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.3])
BELIEFS = np.array([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
"""Shares of reps who may have fallen, and how far each is believed beforehand: often nobody has."""


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

    Where nobody stands out, nobody needs explaining; where several do, the next is believed sooner (local
    false discovery rate: Efron, Tibshirani, Storey and Tusher, JASA 96, 2001). Named are the likeliest, as
    many as keep the mean chance of being wrong within FALSE_BLAME (Newton et al., Biostatistics 5, 2004): the
    Bayesian form of the rate that Benjamini and Hochberg (J. R. Statist. Soc. B 57, 1995) control.
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
    fell = np.where(judged, (belief[:, None] * np.stack(chances)).sum(axis=0), 0.0)
    share = float((belief * np.tile(SHARES, len(ways))).sum())
    return Judgement(fell, _likeliest(fell) & judged, share)


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
    ways: list[tuple[float, Floats]] = []
    sides: dict[str, Floats] = {}
    for name, looks in SIDES.items():
        seen = {look: weight for look, weight in looks.items() if look in speaks}
        whole = sum(seen.values())
        if not seen:
            continue
        side = np.zeros(people)
        for look, weight in seen.items():
            ratios = np.exp(np.clip(speaks[look], -30, 30))
            side += weight / whole * ratios.mean(axis=0)
            part = ALIKE * ALONE[name] * weight / whole / len(ratios)
            ways += [(part, ratio) for ratio in ratios]
        sides[name] = side
    several = [group for size in range(2, len(sides) + 1) for group in combinations(sides, size)]
    mixed, believed = np.zeros(people), 0.0
    for name, side in sides.items():
        mixed += ALONE[name] * side
        believed += ALONE[name]
    for group in several:
        product = np.ones(people)
        for name in group:
            product = product * sides[name]
        ways.append((ALIKE * TOGETHER / len(several), product))
        mixed += TOGETHER / len(several) * product
        believed += TOGETHER / len(several)
    return [*ways, (1 - ALIKE, mixed / believed)] if believed else []


def _likeliest(fell: Floats) -> Flags:
    order = np.argsort(-fell, kind="stable")
    wrong = np.cumsum(1 - fell[order]) / np.arange(1, len(order) + 1)
    named = np.zeros(len(fell), bool)
    named[order] = (wrong <= FALSE_BLAME) & (fell[order] >= SURE_ENOUGH)
    return named
