"""Whether coaching helped: what became of those who were coached against peers with a like record before.

Somebody is coached after a bad period, and after a bad period most people do better anyway (return to the
mean, Galton 1886). So nobody is compared with their own past alone: what a like peer came to afterwards is
estimated by regression on the record before (analysis of covariance, Fisher 1932; for why it beats comparing
changes, see Van Breukelen 2006), from peers who were not coached in the same weeks, and what the coached came
to beyond that is the effect.

    after = a + b * earlier + c * latest + effect * coached + chance

- one plan: the interval is that of predicting one more person (Draper & Smith 1998, 1.4): it holds the
  person's own chance as well as the doubt about a, b and c;
- several plans (a step, a course, a manager): all periods in one regression with their own a, b and c, one
  effect; from `ROBUST_FROM` plans on with standard errors that allow coached people to differ more than
  others (HC2) and degrees of freedom after Satterthwaite (Imbens & Kolesár 2016).

Of several effects looked at together one is only claimed when it stands against their number (Holm 1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from app.coaching.effect.student import p_value, quantile

LEAST_PEERS = 8
MOST_PEERS = 40
"""A like record: so many peers whose record before is nearest."""

LEAST_ITEMS = 5
"""Deals, meetings or ratings that a figure before and after must rest on."""

ROBUST_FROM = 6
CONFIDENCE = 0.95
CLAIM = 0.03
"""An effect is claimed below this p: an interval that leaves zero out does so by chance one time in twenty,
and who reads many plans should be misled less often than that."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Record:
    """A person's figure in a plan's three stretches, all in one unit.

    `earlier`: over the periods before the one that was missed; `latest`: in that one; `items`: the fewest
    items that either `latest` or `after` rests on.
    """

    earlier: float
    latest: float
    after: float
    items: float = 1e9

    @property
    def is_enough(self) -> bool:
        return self.items >= LEAST_ITEMS and all(map(isfinite, (self.earlier, self.latest, self.after)))


class TooFew(StrEnum):
    OWN = "own"  # the person's own figures rest on too few items
    PEERS = "peers"  # too few peers with a like record


@dataclass(frozen=True, slots=True)
class Effect:
    """`effect` with its interval (`low`, `high`), in the unit of the records.

    `change` is what the person's own figure moved; of that, `expected` was to be expected of a like peer.
    """

    effect: float
    low: float
    high: float
    p: float
    change: float
    expected: float
    coached: int
    peers: int

    @property
    def is_clear(self) -> bool:
        """Whether it may be called an effect."""
        return self.p < CLAIM

    @property
    def is_mostly_return(self) -> bool:
        """Half or more of an upward (or downward) change was to be expected without any coaching."""
        return self.change * self.expected > 0 and abs(self.expected) >= abs(self.change) / 2


def effect_of(person: Record, peers: Sequence[Record], *, is_amount: bool = False) -> Effect | TooFew:
    """What one plan changed, against those peers whose record before is nearest.

    `is_amount`: a count or a sum, whose chance grows with it (its variance as its level does).
    """
    if not person.is_enough:
        return TooFew.OWN
    near = _nearest([person], [peer for peer in peers if peer.is_enough])
    if len(near) < LEAST_PEERS:
        return TooFew.PEERS
    found = _estimate([([person], near)])
    usual = found.expected + person.latest
    if not is_amount or not 0 < usual < person.after:
        return found
    wider = (person.after / usual) ** 0.25  # half of the doubt is the peers', whose level has not moved
    low, high = (found.effect - (found.effect - end) * wider for end in (found.low, found.high))
    return replace(found, low=low, high=high)


def effect_over(strata: Sequence[tuple[Sequence[Record], Sequence[Record]]]) -> Effect | TooFew:
    """What many plans changed on average: (coached, not coached) for each metric and period.

    Figures of different metrics must have been brought to one scale (`as_index`) before.
    """
    usable = []
    for coached, peers in strata:
        own = [one for one in coached if one.is_enough]
        near = _nearest(own, [peer for peer in peers if peer.is_enough]) if own else []
        if own and len(near) >= LEAST_PEERS:
            usable.append((own, near))
    if not usable:
        has_own = any(one.is_enough for coached, _ in strata for one in coached)
        return TooFew.PEERS if has_own else TooFew.OWN
    return _estimate(usable)


def as_index(record: Record, level: float) -> Record:
    """A record as parts of the usual level of peers (1.1: a tenth above), so that metrics add up."""
    if level <= 0:
        raise ValueError("no level to compare with")
    return Record(record.earlier / level, record.latest / level, record.after / level, record.items)


def claimed(effects: Sequence[Effect]) -> list[bool]:
    """Which of several effects may be claimed together: at most `CLAIM` of such lists are in error.

    Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    order = sorted(range(len(effects)), key=lambda place: effects[place].p)
    found = [False] * len(effects)
    for rank, place in enumerate(order):
        if effects[place].p * (len(effects) - rank) > CLAIM:
            break
        found[place] = True
    return found


def _nearest(coached: Sequence[Record], peers: Sequence[Record]) -> list[Record]:
    """The peers nearest to the coached by what they were before, each coached person's share in turn."""
    most = max(MOST_PEERS, 4 * len(coached))
    if len(peers) <= most:
        return list(peers)
    earlier = np.array([peer.earlier for peer in peers])
    latest = np.array([peer.latest for peer in peers])
    widths = (earlier.std() or 1.0, latest.std() or 1.0)
    best: dict[int, float] = {}
    for one in coached:
        for place, peer in enumerate(peers):
            far = hypot((peer.earlier - one.earlier) / widths[0], (peer.latest - one.latest) / widths[1])
            best[place] = min(far, best.get(place, far))
    chosen = sorted(best, key=lambda place: (best[place], place))[:most]
    return [peers[place] for place in sorted(chosen)]


def _estimate(strata: Sequence[tuple[Sequence[Record], Sequence[Record]]]) -> Effect:
    design, after = _regression(strata)
    coached = design[:, 0] > 0
    inverse = np.linalg.pinv(design.T @ design)
    weights = design @ inverse
    fitted = design @ (weights.T @ after)
    left = after - fitted
    effect = float(weights[:, 0] @ after)
    degrees = float(len(after) - np.linalg.matrix_rank(design))
    error = sqrt(float(left @ left) / degrees * float(inverse[0, 0]))
    if int(coached.sum()) >= ROBUST_FROM:
        error, degrees = _robust(design @ weights.T, weights[:, 0], left)
    reach = quantile(CONFIDENCE, round(degrees, 3)) * error
    before = np.array([one.latest for own, _ in strata for one in own])
    reached = np.array([one.after for own, _ in strata for one in own])
    change = float((reached - before).mean())
    return Effect(
        effect=effect,
        low=effect - reach,
        high=effect + reach,
        p=p_value(effect / error, degrees) if error > 0 else float(effect == 0),
        change=change,
        expected=change - effect,
        coached=int(coached.sum()),
        peers=int((~coached).sum()),
    )


def _regression(strata: Sequence[tuple[Sequence[Record], Sequence[Record]]]) -> tuple[Floats, Floats]:
    """Columns: coached; then for each stratum its own level and slopes on what was before."""
    rows = sum(len(own) + len(peers) for own, peers in strata)
    design, after = np.zeros((rows, 1 + 3 * len(strata))), np.zeros(rows)
    at = 0
    for number, (own, peers) in enumerate(strata):
        together = [*own, *peers]
        part = slice(at, at + len(together))
        before = np.array([(one.earlier, one.latest) for one in together])
        design[at : at + len(own), 0] = 1.0
        design[part, 1 + 3 * number] = 1.0
        design[part, 2 + 3 * number : 4 + 3 * number] = _even(before)
        after[part] = [one.after for one in together]
        at += len(together)
    return design, after


def _even(before: Floats) -> Floats:
    """Around nought and at most 1: figures of ten digits would drown the level. What does not differ is 0."""
    apart = before - before.mean(axis=0)
    widest, usual = np.abs(apart).max(axis=0), np.abs(before).max(axis=0)
    differs = widest > 1e-9 * usual
    return np.asarray(np.where(differs, apart / np.where(differs, widest, 1.0), 0.0))


def _robust(hat: Floats, weights: Floats, left: Floats) -> tuple[float, float]:
    """HC2 standard error of the first coefficient and its degrees of freedom."""
    rest = np.eye(len(left)) - hat
    own = np.clip(np.diag(rest), 1e-9, None)
    squared = weights**2 / own
    error = sqrt(float(squared @ left**2))
    first = float(squared @ own)
    second = float(squared @ (rest**2) @ squared)
    return error, first * first / second
