"""How strongly the records speak for a cause, group by group.

Every figure is a logarithm of a likelihood ratio: how many times likelier the records are if the cause acts
than if it does not. Evidence of different kinds (fewer wins, more losses for that reason, more late orders)
then simply adds up.
"""

from dataclasses import dataclass

import numpy as np

from app.diagnosis.counting import totals
from app.diagnosis.frame import Frame
from app.diagnosis.records import Floats, Ints, Reason
from app.diagnosis.shrinkage import shrink

FALLS = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9])
"""Shares of wins that a cause may cost."""

NAMED = np.array([0.15, 0.3, 0.5, 0.7, 1.0])
"""Shares of the losses that a cause makes which may be put down to it by name."""

SELDOM = np.array([4.5, 1.5, 0.3, 0.0, 0.0])
"""What it costs to believe that so few of them were."""

OWN_SPREAD = 0.2
"""By how much a group's win rate may differ from what product, source and person make expect."""

SWING = 0.04
"""By how much any win rate moves from period to period though nothing happened (relative)."""
LEAD_SWING = 0.05
"""And the number of leads."""

USUAL_LOSSES = 15.0
AT_ONCE = 4096  # groups


@dataclass(frozen=True)
class Part:
    """Decided leads of the period, or of those before: one entry a lead, in the order of `rows`."""

    rows: Ints
    share: Floats
    won: Floats
    expected: Floats
    variance: Floats  # p
    squares: Floats  # p squared


@dataclass(frozen=True)
class Chances:
    """Every decided lead's chance to be won, made ready for counting by many kinds of groups."""

    now: Part
    before: Part


def chances(frame: Frame, chance: Floats) -> Chances:
    """`chance` is each row's expected win rate."""

    def part(rows: Ints) -> Part:
        share, p = frame.share[rows], chance[rows]
        expected = share * p
        return Part(
            rows, share, np.where(frame.won[rows], share, 0.0), expected, share * expected, expected**2
        )

    now, before = frame.decided_rows
    return Chances(part(now), part(before))


@dataclass(frozen=True)
class Wins:
    """By group: decided leads, wins, and wins expected, now and before."""

    decided: Floats
    won: Floats
    expected: Floats  # by the group's own record as well
    variance: Floats  # sum of p
    squares: Floats  # sum of p squared
    doubt: Floats  # variance of what is expected, relative
    decided_before: Floats
    won_before: Floats


@dataclass(frozen=True)
class Fall:
    """By group: the evidence for a fall of the win rate, and how far it fell (0 to 1)."""

    evidence: Floats
    fall: Floats


def wins(given: Chances, groups: Ints, size: int) -> Wins:
    """`groups` of all rows of the frame, -1 for none."""
    now, before = given.now, given.before
    of_now, of_before = groups[now.rows], groups[before.rows]
    won_before = totals(of_before, before.won, size)
    before_noise = totals(of_before, before.variance - before.squares, size)
    own = shrink(won_before, totals(of_before, before.expected, size), before_noise, tau=OWN_SPREAD)
    return Wins(
        decided=totals(of_now, now.share, size),
        won=totals(of_now, now.won, size),
        expected=totals(of_now, now.expected, size) * own.factor,
        variance=totals(of_now, now.variance, size) * own.factor,
        squares=totals(of_now, now.squares, size) * own.factor**2,
        doubt=own.variance / own.factor**2,
        decided_before=totals(of_before, before.share, size),
        won_before=won_before,
    )


def likelihoods(counted: Wins, excess: float) -> Floats:
    """Falls x groups: log likelihood of the wins if the win rate fell by that share, against no fall.

    Normal, with the binomial variance and the doubt about what was to be expected.
    """
    rest = (1 - FALLS)[:, None]
    mean = counted.expected * rest
    spread = excess * np.maximum(counted.variance * rest - counted.squares * rest**2, 0) + mean**2 * (
        counted.doubt + SWING**2
    )
    spread = np.maximum(spread, 0.25)
    logs = -0.5 * ((counted.won - mean) ** 2 / spread + np.log(spread))
    return np.asarray(logs - logs[0])


def fewer_wins(logs: Floats) -> Fall:
    """The best of the falls against none at all; the fall is the mean over what the evidence leaves open."""
    top = logs.max(axis=0)
    weight = np.exp(logs - top)
    return Fall(top, (weight * FALLS[:, None]).sum(axis=0) / weight.sum(axis=0))


@dataclass(frozen=True)
class Losses:
    """By group: losses with a stated reason now, those for the reason in question, and its usual share."""

    stated: Floats
    named: Floats
    usual: Floats
    certainty: Floats  # 0 to 1: how much the usual share is itself known


def losses(frame: Frame, reasons: tuple[Reason, ...], weight: Floats, groups: Ints, size: int) -> Losses:
    """`weight` of a row of the period below 1: another cause explains that loss already, to that extent."""
    now, before = frame.stated_rows
    is_now, is_before = frame.lost_for(reasons)
    of_now, of_before, weight_now = groups[now], groups[before], weight[now]
    n1 = totals(of_now, weight_now, size)
    x1 = totals(of_now[is_now], weight_now[is_now], size)
    n0 = totals(of_before, np.ones(len(before)), size)
    x0 = totals(of_before[is_before], np.ones(len(is_before)), size)
    learnt, among = (x0, n0) if n0.any() else (x1, n1)
    overall = float(learnt.sum() + 1) / float(among.sum() + 8)
    usual = (x0 + USUAL_LOSSES * overall) / (n0 + USUAL_LOSSES)
    return Losses(n1, x1, np.clip(usual, 0.002, 0.95), (n0 + USUAL_LOSSES) / (n0 + USUAL_LOSSES + n1))


def fewer_wins_for(counted: Wins, logs: Floats, lost: Losses, excess: float) -> tuple[Fall, Floats]:
    """A fall of the win rate whose extra losses are put down to a reason, against no fall.

    With E wins expected of n leads, a fall by d makes d E extra losses, a share e = d E / (n - E (1 - d)) of
    all. Of these, a share g names the reason, and the others state reasons as usual; u is the reason's usual
    share:

        share of the reason = u (1 - e) + e (g + (1 - g) u)

    `logs` are the likelihoods of the wins. That of the reasons is binomial, tempered by what is known of u
    and by `excess`, how much such shares vary from period to period. The second answer is the part of the
    reasons.
    """
    told = np.zeros_like(logs)
    size = logs.shape[1]
    for first in range(0, size, AT_ONCE):
        some = slice(first, first + AT_ONCE)
        told[:, some] = _told(counted, lost, excess, some)
    together = logs + told
    place = together.argmax(axis=0)
    return fewer_wins(together), told[place, np.arange(size)]


def _told(counted: Wins, lost: Losses, excess: float, some: slice) -> Floats:
    """Falls x groups: what the reasons say, at the share g of named ones that suits them best."""
    falls, named = FALLS[:, None, None], NAMED[None, :, None]
    expected, usual = counted.expected[some], lost.usual[some]
    lost_now = np.maximum(counted.decided[some] - expected * (1 - falls), 0.5)
    extra = np.clip(falls * expected / lost_now, 0, 0.98)
    share = np.clip(usual + extra * named * (1 - usual), 1e-4, 1 - 1e-4)
    for_it, others = lost.named[some], lost.stated[some] - lost.named[some]
    told = for_it * np.log(share / usual) + others * np.log((1 - share) / (1 - usual))
    best = (told * lost.certainty[some] / excess - SELDOM[None, :, None]).max(axis=1)
    best[0] = 0.0
    return np.asarray(best)


def fewer_leads(seen: Floats, expected: Floats, doubt: Floats, excess: float) -> Fall:
    """Evidence that fewer leads came than expected; Poisson, with more spread than that where leads vary."""
    logs = []
    for fall in FALLS:
        mean = expected * (1 - fall)
        variance = np.maximum(excess * mean + mean**2 * (doubt + LEAD_SWING**2), 0.25)
        logs.append(-0.5 * ((seen - mean) ** 2 / variance + np.log(variance)))
    stacked = np.stack(logs)
    return fewer_wins(stacked - stacked[0])


def excess_wins(frame: Frame, chance: Floats) -> float:
    """How much more the wins of products, sources and teams vary between the periods before than chance
    would.

    Pearson's chi-square over its degrees of freedom (McCullagh and Nelder, Generalized Linear Models, 1989,
    4.5), with thirty degrees of mere chance added. At least 1.
    """
    rows = frame.decided & frame.before(frame.closed_in)
    spans = len(frame.spans)
    chi, degrees = 30.0, 30.0
    share = frame.share[rows]
    seen, expected = np.where(frame.won[rows], share, 0.0), share * chance[rows]
    variance = share**2 * chance[rows] * (1 - chance[rows])
    families = [(frame.product, len(frame.products)), (frame.source, len(frame.sources))]
    families += [(level.of_person[frame.person], len(level.keys)) for level in frame.levels[:2]]
    for groups, size in families:
        group = groups[rows]
        cell = np.where(group >= 0, group * spans + frame.closed_in[rows], -1)
        o, e, v = (totals(cell, values, size * spans) for values in (seen, expected, variance))
        by_group = (o.reshape(size, spans).sum(1) / np.maximum(e.reshape(size, spans).sum(1), 1e-9)).repeat(
            spans
        )
        used = v >= 2
        live = len(np.unique(np.arange(size).repeat(spans)[used]))
        if used.sum() > live:
            chi += float((((o - e * by_group) ** 2)[used] / v[used]).sum())
            degrees += float(used.sum()) - live
    return float(np.clip(chi / degrees, 1.0, 6.0))
