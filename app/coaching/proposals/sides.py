"""On which sides of their work a person fell, read from the figures of a finding. Pure.

Diagnosis says which side it was, or `several`. Where it was several, the steps and aims follow the sides that
fell furthest, each for its part: a side's fall is

    fall = 1 - seen / expected

with `seen` leads taken up, leads decided and wins beside what the own record and the peers make expect, or
the value of a sale and the price kept of the list's beside the own record, moved as the peers' moved. A count
has fallen where it lies `DEVIATIONS` of its own standard deviations (its root, as of any count) below. Sides
multiply (leads x pace x win rate x value), so that the amount is shared out by -ln(1 - fall).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from math import log, sqrt

from app.coaching.proposals.choosing import CAPABILITY, Found, Seen

SEVERAL = "several"
WIN_RATE, ACTIVITY, DEAL_VALUE, DISCOUNTS = "win_rate", "activity", "deal_value", "discounts"
DEVIATIONS = 1.0
LEAST_FALL = {"deal_value": 0.15, "paid_of_list": 0.04}
"""Of a mean, whose spread is not told: less is no fall."""

FEWEST = 5  # sales behind a mean
BESIDE = 1 / 3
"""Of the furthest fall: a side that fell less far is left for another time."""

MOST_FALLEN = 0.95

_COUNTS = {"leads_expected": ACTIVITY, "decided_expected": ACTIVITY, "wins_expected": WIN_RATE}
_MEANS = {"deal_value": DEAL_VALUE, "paid_of_list": DISCOUNTS}
_COMPONENTS = {
    "leads_expected": "leads",
    "decided_expected": "pace",
    "wins_expected": "win_rate",
    "deal_value": "deal_value",
    "paid_of_list": "discount",
}
"""What diagnosis calls the side that a figure shows."""


@dataclass(frozen=True, slots=True)
class Side:
    """A side that fell: what to do about it goes by `aspect`, how much of the amount is its by `weight`."""

    aspect: str
    fall: float
    weight: float
    seen: Seen


def by_side(found: Found, moving: Iterable[str]) -> tuple[Found, ...]:
    """The finding once for each side on which the person fell; the amounts add up to its own.

    `moving` are the components of work that move the goal's metric. A finding about one side keeps it, and
    shows the figure in which that side fell.
    """
    if found.cause != CAPABILITY:
        return (found,)
    fallen = sorted(_fallen(found.seen, frozenset(moving)), key=lambda side: (-side.fall, side.aspect))
    if found.aspect != SEVERAL:
        return (_shown(found, [side.seen for side in fallen if side.aspect == found.aspect]),)
    kept = [side for side in fallen if side.fall >= BESIDE * fallen[0].fall]
    if not kept:
        return (found,)
    return tuple(_shared(found, kept))


def _shared(found: Found, sides: Sequence[Side]) -> Iterator[Found]:
    weights: dict[str, float] = {}
    for side in sides:
        weights[side.aspect] = weights.get(side.aspect, 0.0) + side.weight
    aspects = sorted(weights, key=lambda aspect: (-weights[aspect], aspect))
    rest, total = found.amount, sum(weights.values())
    for aspect in reversed(aspects):
        part = found.amount * Decimal(repr(round(weights[aspect] / total, 6)))
        amount = part.quantize(Decimal("0.0001"), ROUND_DOWN) if aspect != aspects[0] else rest
        rest -= amount
        about = replace(found, aspect=aspect, amount=amount)
        yield _shown(about, [side.seen for side in sides if side.aspect == aspect])


def _shown(found: Found, fallen: Sequence[Seen]) -> Found:
    """With the figure of its side first: that is what a step says as its reason. Where peers came to no more
    than the person, it is not they who show the fall: wins are then beside those expected, else nobody's.
    """
    told = next((_told(one) for one in found.seen if _told(one).code == found.aspect), None)
    first = told or next(iter(fallen), None)
    if first is None:
        return found
    first = replace(first, code=found.aspect)
    if told is not None and not _is_below(first):
        first = replace(first, peers=_peers_by(fallen, first))
    return replace(found, seen=(first, *(one for one in found.seen if one.code != found.aspect)))


def _is_below(seen: Seen) -> bool:
    if seen.now is None or seen.peers is None:
        return False
    return seen.now > seen.peers if seen.code == DISCOUNTS else seen.now < seen.peers


def _peers_by(fallen: Sequence[Seen], told: Seen) -> float | None:
    counted = next((one for one in fallen if one.code == "wins_expected"), None)
    if counted is None or not counted.now or not counted.peers or told.now is None:
        return None
    return told.now * counted.peers / counted.now


def _fallen(figures: Sequence[Seen], moving: frozenset[str]) -> Iterator[Side]:
    for seen in figures:
        if seen.now is None or _COMPONENTS.get(seen.code) not in moving:
            continue
        if seen.code in _COUNTS and seen.peers:
            fall, least = 1 - seen.now / seen.peers, DEVIATIONS / sqrt(seen.peers)
            if fall >= least:
                yield Side(_COUNTS[seen.code], fall, _weight(fall), seen)
        elif seen.code in _MEANS and seen.cases >= FEWEST and (usual := _usual(seen)):
            fall = 1 - seen.now / usual
            if fall >= LEAST_FALL[seen.code]:
                yield Side(_MEANS[seen.code], fall, _weight(fall), _told(seen))


def _usual(seen: Seen) -> float | None:
    """A mean before, moved as that of peers has moved; where there was none, theirs."""
    if not seen.before:
        return seen.peers
    return seen.before * (seen.peers / seen.peers_before if seen.peers and seen.peers_before else 1.0)


def _weight(fall: float) -> float:
    return -log(1 - min(fall, MOST_FALLEN))


def _told(seen: Seen) -> Seen:
    """A discount is what was not paid of the list price."""
    if seen.code != "paid_of_list":
        return seen
    now, before, peers = (None if one is None else 1 - one for one in (seen.now, seen.before, seen.peers))
    return replace(seen, code=DISCOUNTS, now=now, before=before, peers=peers)
