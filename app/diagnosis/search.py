"""The search for causes that several people share: the best supported first, then what is left beside it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from app.diagnosis import evidence
from app.diagnosis.baseline import Baseline
from app.diagnosis.candidates import candidates, in_places
from app.diagnosis.counting import totals
from app.diagnosis.findings import Cause
from app.diagnosis.found import ENOUGH, SIGNS, Found, Known
from app.diagnosis.frame import Frame
from app.diagnosis.leads import Leads, Place
from app.diagnosis.records import Flags, Ints, Reason
from app.diagnosis.scopes import Grouping, groupings
from app.diagnosis.several import several
from app.diagnosis.signals import Sign, Signal, shift

MOST_CAUSES = 5
LEFT_OVER = 0.4
"""Share of a cause's evidence that must be there without those who did worst."""
LEFT_OVER_OF_FEW = 0.25
"""Of a training that only some lack: each of them weighs more."""


def start(frame: Frame, base: Baseline, signals: Mapping[Sign, Signal], expected: Leads) -> Known:
    excess = evidence.excess_wins(frame, base.win)
    ready = evidence.chances(frame, base.win)
    return Known(base.win, ready, np.ones(len(frame.person)), signals, expected, excess, max(1.0, excess))


def search(frame: Frame, known: Known) -> tuple[list[Found], Known]:
    """Causes in the order in which they were found, and what is to be expected with them."""
    grouped = groupings(frame)
    found: list[Found] = []
    while len(found) < MOST_CAUSES:
        looked = candidates(frame, known, grouped) + several(frame, known, grouped)
        supported = [each for each in looked if each.evidence >= ENOUGH[each.cause]]
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
    if not found.parts:
        return [found] if is_broad(frame, known, found) else []
    broad = [each for each in found.parts if is_broad(frame, known, each)]
    return [replace(each, evidence=found.evidence) for each in broad] if len(broad) > 1 else []


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
        again = [each for each in in_places(frame, known, grouping) if each.cause is found.cause]
        best = max(again, key=lambda each: each.evidence, default=None)
        if best is None:
            return False
        evidence_left, fall = best.evidence + best.price - found.price, best.fall
    needed = LEFT_OVER_OF_FEW if found.cause is Cause.TRAINING else LEFT_OVER
    return evidence_left >= needed * min(found.evidence, 2 * ENOUGH[found.cause])


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
    ready = evidence.chances(frame, chance)
    return replace(known, chance=chance, chances=ready, unexplained=unexplained, signals=signals)


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
