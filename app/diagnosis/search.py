"""The search for causes that several people share: the best supported first, then what is left beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import comb, log

import numpy as np

from app.diagnosis import evidence
from app.diagnosis.baseline import Baseline
from app.diagnosis.counting import totals
from app.diagnosis.evidence import Wins
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.frame import Frame
from app.diagnosis.leads import Leads, Place, places
from app.diagnosis.records import Flags, Floats, Ints, Reason
from app.diagnosis.scopes import Grouping, Kind, groupings
from app.diagnosis.signals import Sign, Signal, shift

ENOUGH: Mapping[Cause, float] = {
    Cause.PRODUCT: 3.4,
    Cause.PRICE: 5.0,
    Cause.DELIVERY: 6.8,
    Cause.SERVICE: 6.3,
    Cause.MARKETING: 6.3,
    Cause.TRAINING: 2.8,
}
"""Evidence beyond the price of looking in many places, from which a cause counts as found: as much as leaves
about one company in two hundred, in which nothing happened, with such a finding."""

MOST_CAUSES = 5
LEFT_OVER = 0.4
"""Share of a cause's evidence that must be there without those who did worst."""

MOST_BY_SIGNS = 7.0
"""No more than this is believed of signs like late orders, which by themselves cost no sale."""

MANY_LOSSES = 30
SILENT = 3.0
"""What it costs to believe in a cause of which none of so many losses' reasons and no other sign speaks."""

REASONS: Mapping[Cause, tuple[tuple[Reason, ...], ...]] = {
    Cause.PRODUCT: ((Reason.PRODUCT,),),
    Cause.PRICE: ((Reason.PRICE,), (Reason.PRICE, Reason.COMPETITOR), (Reason.COMPETITOR,)),
    Cause.DELIVERY: ((Reason.DELIVERY,),),
    Cause.SERVICE: ((Reason.SERVICE,),),
}
SIGNS: Mapping[Cause, tuple[Sign, ...]] = {
    Cause.PRODUCT: (),
    Cause.PRICE: (Sign.DISCOUNT,),
    Cause.DELIVERY: (Sign.LATE,),
    Cause.SERVICE: (Sign.FOLLOWED_UP, Sign.SATISFACTION),
}
UNUSUAL: Mapping[tuple[Cause, Kind], float] = {
    (Cause.PRODUCT, Kind.ALL): 3.0,
    (Cause.PRODUCT, Kind.TEAM): 4.0,
    (Cause.PRODUCT, Kind.SOURCE): 5.0,
    (Cause.PRICE, Kind.PRODUCT): 3.0,
    (Cause.DELIVERY, Kind.PRODUCT): 2.0,
    (Cause.SERVICE, Kind.PRODUCT): 2.0,
    (Cause.PRICE, Kind.SOURCE): 5.0,
    (Cause.DELIVERY, Kind.SOURCE): 5.0,
    (Cause.SERVICE, Kind.SOURCE): 5.0,
}
"""What it costs to believe that a cause acts where it seldom does."""
UNUSUAL_QUALITY = {Kind.ALL: 2.0, Kind.TEAM: 2.5}
CLEARLY_WORSE = 2.0
"""Evidence from which a source counts among several whose leads are worse."""


@dataclass(frozen=True)
class Known:
    """What is expected, causes found so far included."""

    chance: Floats  # by row: to be won
    unexplained: Floats  # by row: how far a loss's reason still needs one
    signals: Mapping[Sign, Signal]
    leads: Leads
    excess: float
    excess_reasons: float


@dataclass(frozen=True)
class Found:
    """A cause, where it acts, what it does. `rows` are the decided leads of the period that it concerns."""

    cause: Cause
    why: Why
    scope: Scope
    kind: Kind
    evidence: float  # beyond the price of looking
    price: float
    fall: float = 0.0  # of the win rate
    lead_fall: float = 0.0
    cancelled: float = 0.0  # more than before, of what was won
    cheaper: float = 0.0  # share of the value lost to deeper discounts
    reasons: tuple[Reason, ...] = ()
    rows: Flags | None = None
    here: Flags | None = None  # the same place in all periods
    place: Place | None = None
    parts: tuple["Found", ...] = ()  # several places hit at once, each as far as it was


def start(frame: Frame, base: Baseline, signals: Mapping[Sign, Signal], expected: Leads) -> Known:
    excess = evidence.excess_wins(frame, base.win)
    return Known(base.win, np.ones(len(frame.person)), signals, expected, excess, max(1.0, excess))


def search(frame: Frame, known: Known) -> tuple[list[Found], Known]:
    """Causes in the order in which they were found, and what is to be expected with them."""
    grouped = groupings(frame)
    found: list[Found] = []
    while len(found) < MOST_CAUSES:
        supported = [
            each for each in candidates(frame, known, grouped) if each.evidence >= ENOUGH[each.cause]
        ]
        supported.sort(key=lambda each: ENOUGH[each.cause] - each.evidence)
        broad = next(filter(None, (_broad(frame, known, each) for each in supported)), None)
        if broad is None:
            break
        for each in broad:
            known = explain(frame, known, each)
            found.append(each)
    return found, known


def _broad(frame: Frame, known: Known, found: Found) -> list[Found]:
    """The places of a cause in which it is everybody's."""
    return [each for each in found.parts or (found,) if is_broad(frame, known, each)]


def is_broad(frame: Frame, known: Known, found: Found) -> bool:
    """Whether a cause is still supported without those who did worst: is it everybody's, or that of a few?

    Left out, twice over, are those more than 1.75 standard deviations below what the cause would leave them.
    """
    if found.place is not None:
        return _leads_fell_broadly(known, found.place, found)
    assert found.rows is not None
    people, fall = len(frame.people), found.fall
    here = _flagged(frame, found)
    now = (here >= 0) & frame.in_now(frame.closed_in) & frame.decided
    won, share = np.where(frame.won, frame.share, 0.0), frame.share
    evidence_left = found.evidence
    for _ in range(2):
        chance = known.chance * (1 - fall)
        mean = totals(frame.person[now], (share * chance)[now], people)
        noise = totals(frame.person[now], (share**2 * chance * (1 - chance))[now], people)
        seen = totals(frame.person[now], won[now], people)
        far = (seen - mean) < -1.75 * np.sqrt(np.maximum(noise, 0.25))
        far |= _far_by_signs(frame, known, found, here)
        if not far.any():
            break
        grouping = Grouping(found.kind, np.where(far[frame.person], -1, here), (found.scope,))
        again = [each for each in _candidates(frame, known, grouping) if each.cause is found.cause]
        best = max(again, key=lambda each: each.evidence, default=None)
        if best is None:
            return False
        evidence_left, fall = best.evidence + best.price - found.price, best.fall
    return evidence_left >= LEFT_OVER * min(found.evidence, 2 * ENOUGH[found.cause])


def _far_by_signs(frame: Frame, known: Known, found: Found, here: Ints) -> Flags:
    """Who moved much further than the place as a whole, by any of the cause's signs."""
    people = len(frame.people)
    far = np.zeros(people, bool)
    for sign in (*SIGNS.get(found.cause, ()), Sign.CANCELLED):
        if sign in known.signals:
            signal = known.signals[sign]
            together = shift(signal, frame, here, 1)
            moved = signal.explained(frame.in_now(frame.closed_in), float(together.change[0]))
            far |= shift(moved, frame, np.where(here >= 0, frame.person, -1), people).score > 2.5
    return far


def _leads_fell_broadly(known: Known, place: Place, found: Found) -> bool:
    expected, fall = known.leads, found.lead_fall
    who = place.people & expected.known
    columns = slice(None) if place.source < 0 else slice(place.source, place.source + 1)
    seen, mean = expected.seen[:, columns].sum(axis=1), expected.expected[:, columns].sum(axis=1)
    before = expected.before[:, columns].sum(axis=1)
    evidence_left = found.evidence
    for _ in range(2):
        left = mean * (1 - fall)
        noise = left + left**2 / np.maximum(before, 1)
        near = who & ((seen - left) > -1.75 * np.sqrt(np.maximum(noise, 0.25)))
        total = np.array([seen[near].sum()]), np.array([mean[near].sum()])
        doubt = expected.excess / np.maximum(before[near].sum(), 1.0)
        again = evidence.fewer_leads(*total, doubt, expected.excess)
        evidence_left, fall = float(again.evidence[0]) - found.price, float(again.fall[0])
    return evidence_left >= LEFT_OVER * min(found.evidence, 2 * ENOUGH[found.cause])


def candidates(frame: Frame, known: Known, grouped: list[Grouping]) -> list[Found]:
    found = [each for grouping in grouped for each in _candidates(frame, known, grouping)]
    return found + _fewer_leads(frame, known)


def _candidates(frame: Frame, known: Known, grouping: Grouping) -> list[Found]:
    """The best supported place for each cause that can act in places of this kind."""
    counted = evidence.wins(frame, known.chance, grouping.groups, grouping.size)
    logs = evidence.likelihoods(counted, known.excess)
    if grouping.kind is Kind.UNTRAINED:
        return _training(frame, known, grouping, counted, logs)
    found: list[Found] = []
    if grouping.kind not in {Kind.PRODUCT, Kind.PRODUCT_TEAM}:
        found += _quality(frame, known, grouping, counted, logs)
    if grouping.kind is not Kind.SOURCE_TEAM:
        for cause in REASONS:
            found += _by_reason(frame, known, grouping, counted, logs, cause)
    return found


def price(kind: Kind, size: int, cause: Cause) -> float:
    """The price of looking: the logarithm of the number of places, more for unusual ones."""
    base = {Kind.ALL: 0.0, Kind.TEAM: 1.0, Kind.PRODUCT_TEAM: 2.0, Kind.SOURCE_TEAM: 1.5}.get(kind, 0.0)
    return base + log(max(size, 1)) + UNUSUAL.get((cause, kind), 0.0)


def _by_reason(
    frame: Frame, known: Known, grouping: Grouping, counted: Wins, logs: Floats, cause: Cause
) -> list[Found]:
    """Fewer wins, lost for the cause's reasons, beside the other signs of it."""
    groups, size = grouping.groups, grouping.size
    signs = [known.signals[sign] for sign in SIGNS[cause] if sign in known.signals]
    moved = {signal.sign: shift(signal, frame, groups, size) for signal in signs}
    told = np.zeros(size)
    for each in moved.values():
        told += _one_sided(each.score) - 0.5
    told = np.clip(told, 0, MOST_BY_SIGNS)
    cancelled = np.zeros(size)
    extra = np.zeros(size)
    if cause in {Cause.DELIVERY, Cause.SERVICE} and Sign.CANCELLED in known.signals:
        moved_cancelled = shift(known.signals[Sign.CANCELLED], frame, groups, size)
        cancelled = np.maximum(moved_cancelled.change, 0) * (moved_cancelled.score > 1)
        extra = np.clip(_one_sided(moved_cancelled.score) - 0.5, 0, MOST_BY_SIGNS)
    cheaper = np.zeros(size)
    if Sign.DISCOUNT in moved:
        cheaper = np.where(
            moved[Sign.DISCOUNT].score > 2, 1 - np.exp(np.minimum(moved[Sign.DISCOUNT].change, 0)), 0
        )
    found = []
    for place, reasons in enumerate(REASONS[cause]):
        lost = evidence.losses(frame, reasons, known.unexplained, groups, size)
        fall, spoken = evidence.fewer_wins_for(counted, logs, lost, known.excess_reasons)
        # cancellations say that something is wrong after the sale, the other signs and the reasons what
        total = fall.evidence + told + np.where(spoken + told > 1, extra, 0)
        total -= np.where((spoken + told < 1) & (lost.stated >= MANY_LOSSES), SILENT, 0)
        cost = price(grouping.kind, size, cause) + grouping.price + (0.0, 0.7, 1.5)[place]
        total -= cost
        best = int(total.argmax())
        found.append(
            Found(
                cause,
                Why.WIN_RATE,
                grouping.scopes[best],
                grouping.kind,
                float(total[best]),
                cost,
                fall=float(fall.fall[best]),
                cancelled=float(cancelled[best]),
                cheaper=float(cheaper[best]),
                reasons=reasons,
                rows=grouping.rows(best) & frame.in_now(frame.closed_in),
                here=grouping.rows(best),
            )
        )
    return found


def _one_sided(score: Floats) -> Floats:
    return np.where(score > 0, score**2 / 2, 0.0)


def _quality(frame: Frame, known: Known, grouping: Grouping, counted: Wins, logs: Floats) -> list[Found]:
    fall = evidence.fewer_wins(logs)
    total = _worse(frame, known, grouping.groups, grouping.size, counted, logs)
    cost = (
        grouping.price
        + price(grouping.kind, grouping.size, Cause.MARKETING)
        + UNUSUAL_QUALITY.get(grouping.kind, 0.0)
    )
    found = [_plain(frame, grouping, Cause.MARKETING, Why.LEAD_QUALITY, total - cost, cost, fall.fall)]
    if grouping.kind is Kind.SOURCE:
        found += _several_sources(frame, known, grouping, total, cost, fall.fall)
    return found


def _several_sources(
    frame: Frame, known: Known, grouping: Grouping, total: Floats, cost: float, fall: Floats
) -> list[Found]:
    """Leads of several sources at once became worse: together, lest it look like something that hits all."""
    order = [int(place) for place in np.argsort(-total) if total[place] > CLEARLY_WORSE]
    alone = [
        _at(frame, grouping, place, Cause.MARKETING, Why.LEAD_QUALITY, total - cost, cost, fall)
        for place in order
    ]
    found = []
    for many in range(2, min(len(order), grouping.size - 1) + 1):
        together = np.where(np.isin(grouping.groups, order[:many]), 0, -1)
        counted = evidence.wins(frame, known.chance, together, 1)
        spoken = _worse(frame, known, together, 1, counted, evidence.likelihoods(counted, known.excess))
        strength = float(spoken[0]) - log(comb(grouping.size, many)) - grouping.price
        found.append(replace(alone[0], evidence=strength, parts=tuple(alone[:many])))
    return found


def _worse(frame: Frame, known: Known, groups: Ints, size: int, counted: Wins, logs: Floats) -> Floats:
    """Fewer wins; or fewer wins of which more than usual were lost because nobody decided."""
    undecided = evidence.losses(frame, (Reason.NO_DECISION,), known.unexplained, groups, size)
    doubtful, _ = evidence.fewer_wins_for(counted, logs, undecided, known.excess_reasons)
    return np.maximum(evidence.fewer_wins(logs).evidence, doubtful.evidence - 0.7)


def _training(frame: Frame, known: Known, grouping: Grouping, counted: Wins, logs: Floats) -> list[Found]:
    fall = evidence.fewer_wins(logs)
    enough = counted.decided >= 3
    places_looked = int(enough.sum())
    if not places_looked:
        return []
    cost = grouping.price + price(grouping.kind, places_looked, Cause.TRAINING)
    total = np.where(enough, fall.evidence, -np.inf) - cost
    return [_plain(frame, grouping, Cause.TRAINING, Why.WIN_RATE, total, cost, fall.fall)]


def _plain(
    frame: Frame, grouping: Grouping, cause: Cause, why: Why, total: Floats, cost: float, fall: Floats
) -> Found:
    return _at(frame, grouping, int(total.argmax()), cause, why, total, cost, fall)


def _at(
    frame: Frame,
    grouping: Grouping,
    place: int,
    cause: Cause,
    why: Why,
    total: Floats,
    cost: float,
    fall: Floats,
) -> Found:
    return Found(
        cause,
        why,
        grouping.scopes[place],
        grouping.kind,
        float(total[place]),
        cost,
        fall=float(fall[place]),
        rows=grouping.rows(place) & frame.in_now(frame.closed_in),
        here=grouping.rows(place),
    )


def _fewer_leads(frame: Frame, known: Known) -> list[Found]:
    expected, found = known.leads, []
    all_places = places(frame)
    seen, awaited, before = [], [], []
    for place in all_places:
        who = place.people & expected.known
        columns = slice(None) if place.source < 0 else slice(place.source, place.source + 1)
        seen.append(expected.seen[who, columns].sum())
        awaited.append(expected.expected[who, columns].sum())
        before.append(expected.before[who, columns].sum())
    awaited_, before_ = np.array(awaited), np.array(before)
    doubt = expected.excess / np.maximum(before_, 1.0)
    fall = evidence.fewer_leads(np.array(seen), awaited_, doubt, expected.excess)
    kinds = [place.kind for place in all_places]
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    for position, place in enumerate(all_places):
        cost = price(place.kind, counts[place.kind], Cause.MARKETING)
        strength = float(fall.evidence[position]) - cost
        if strength > 0 and awaited_[position] >= 5:
            source = int(frame.sources[place.source]) if place.source >= 0 else None
            found.append(
                Found(
                    Cause.MARKETING,
                    Why.LEADS,
                    Scope(source=source, team=place.team),
                    place.kind,
                    strength,
                    cost,
                    lead_fall=float(fall.fall[position]),
                    place=place,
                )
            )
    return found


def explain(frame: Frame, known: Known, found: Found) -> Known:
    """Expect from now on what the cause does."""
    if found.place is not None:
        return replace(known, leads=_with_fewer(known.leads, found.place, found.lead_fall))
    rows = found.rows
    assert rows is not None
    chance = np.where(rows, known.chance * (1 - found.fall), known.chance)
    unexplained = known.unexplained.copy()
    if found.reasons:
        named = np.isin(frame.sales.reason, [int(reason) for reason in found.reasons])
        in_place = frame.lost & rows & (frame.sales.reason != Reason.NONE)
        lost = evidence.losses(frame, found.reasons, known.unexplained, _flagged(frame, found), 1)
        others = float(lost.stated[0] - lost.named[0])
        usual = float(lost.usual[0])
        wanted = others * usual / max(1 - usual, 0.05)
        unexplained[in_place & named] *= min(1.0, wanted / max(float(lost.named[0]), 1e-9))
    signals = dict(known.signals)
    for sign in (*SIGNS.get(found.cause, ()), Sign.CANCELLED):
        if sign in signals and (sign is not Sign.CANCELLED or found.cancelled):
            moved = shift(signals[sign], frame, _flagged(frame, found), 1)
            if moved.score[0] > 1:
                signals[sign] = signals[sign].explained(rows, float(moved.change[0]))
    return replace(known, chance=chance, unexplained=unexplained, signals=signals)


def _flagged(frame: Frame, found: Found) -> Ints:
    """One group: the rows of the cause's place, of all periods."""
    assert found.here is not None
    return np.where(found.here, 0, -1)


def _with_fewer(expected: Leads, place: Place, fall: float) -> Leads:
    changed = expected.expected.copy()
    who = np.flatnonzero(place.people & expected.known)
    columns = np.arange(changed.shape[1]) if place.source < 0 else np.array([place.source])
    changed[np.ix_(who, columns)] *= 1 - fall
    return replace(expected, expected=changed)
