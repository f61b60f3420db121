"""A cause that hits several places at once, each as far as it does: too little in any to be seen there alone.

Leads of several sources become fewer, worse, or both; a training lacks for several products. The places are
judged together, as one, and found in all of them.
"""

from dataclasses import dataclass, replace
from math import comb, log

import numpy as np

from app.diagnosis import evidence
from app.diagnosis.candidates import at, worse
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.found import Found, Known
from app.diagnosis.frame import Frame
from app.diagnosis.leads import Place
from app.diagnosis.records import Floats
from app.diagnosis.scopes import Grouping, Kind

PLAIN = 1.0
"""Evidence from which a place counts as one of several."""

ONE_MORE = 0.7
"""The price of another way in which a cause may act: the logarithm of two."""

FEWEST = 3
"""Decided leads in a place."""


def several(frame: Frame, known: Known, grouped: list[Grouping]) -> list[Found]:
    found: list[Found] = []
    for grouping in grouped:
        if grouping.kind is Kind.SOURCE and grouping.size > 1:
            found += _sources(frame, known, grouping)
        elif grouping.kind is Kind.UNTRAINED and grouping.size > 2:
            found += _products(frame, known, grouping)
    return found


@dataclass(frozen=True)
class _Side:
    """By place: the evidence there, and what was found if that is enough."""

    evidence: Floats
    parts: dict[int, Found]


def _sources(frame: Frame, known: Known, grouping: Grouping) -> list[Found]:
    fewer, poorer = _fewer(frame, known, grouping), _poorer(frame, known, grouping)
    strength = np.maximum(fewer.evidence, 0) + np.maximum(poorer.evidence, 0)
    order = np.argsort(-strength, kind="stable")
    found = []
    for many in range(1, grouping.size):
        chosen = order[:many]
        if strength[chosen[-1]] <= PLAIN:
            break
        less, bad = _together_fewer(known, chosen), _together_poorer(frame, known, grouping, chosen)
        looking = log(comb(grouping.size, many)) + grouping.price
        sides = [(less, (fewer,)), (bad, (poorer,))] if many > 1 else []
        for total, which in (*sides, (less + bad - ONE_MORE, (fewer, poorer))):
            parts = tuple(side.parts[place] for side in which for place in chosen if place in side.parts)
            if len(parts) > 1:
                found.append(replace(parts[0], evidence=total - looking, parts=parts))
    return found


def _fewer(frame: Frame, known: Known, grouping: Grouping) -> _Side:
    leads = known.leads
    seen, awaited, before = (
        each[leads.known].sum(axis=0) for each in (leads.seen, leads.expected, leads.before)
    )
    fall = evidence.fewer_leads(seen, awaited, leads.excess / np.maximum(before, 1.0), leads.excess)
    everybody = np.ones(len(frame.people), bool)
    parts: dict[int, Found] = {}
    if not leads.is_comparable:
        return _Side(np.zeros_like(fall.evidence), parts)
    for source in np.flatnonzero((fall.evidence > PLAIN) & (awaited >= 5)).tolist():
        parts[source] = Found(
            Cause.MARKETING,
            Why.LEADS,
            Scope(source=int(frame.sources[source])),
            Kind.SOURCE,
            float(fall.evidence[source]),
            0.0,
            lead_fall=float(fall.fall[source]),
            place=Place(Kind.SOURCE, everybody, source, None),
        )
    return _Side(fall.evidence, parts)


def _together_fewer(known: Known, sources: np.ndarray) -> float:
    leads = known.leads
    if not leads.is_comparable:
        return 0.0
    seen, awaited, before = (
        np.array([each[np.ix_(leads.known, sources)].sum()])
        for each in (leads.seen, leads.expected, leads.before)
    )
    doubt = leads.excess / np.maximum(before, 1.0)
    return float(evidence.fewer_leads(seen, awaited, doubt, leads.excess).evidence[0])


def _poorer(frame: Frame, known: Known, grouping: Grouping) -> _Side:
    counted = evidence.wins(known.chances, grouping.groups, grouping.size)
    logs = evidence.likelihoods(counted, known.excess)
    total = worse(frame, known, grouping.groups, grouping.size, counted, logs)
    fall = evidence.fewer_wins(logs).fall
    parts = {
        place: at(frame, grouping, place, Cause.MARKETING, Why.LEAD_QUALITY, total, 0.0, fall)
        for place in np.flatnonzero(total > PLAIN).tolist()
    }
    return _Side(total, parts)


def _together_poorer(frame: Frame, known: Known, grouping: Grouping, sources: np.ndarray) -> float:
    together = np.where(np.isin(grouping.groups, sources), 0, -1)
    counted = evidence.wins(known.chances, together, 1)
    logs = evidence.likelihoods(counted, known.excess)
    return float(worse(frame, known, together, 1, counted, logs)[0])


def _products(frame: Frame, known: Known, grouping: Grouping) -> list[Found]:
    counted = evidence.wins(known.chances, grouping.groups, grouping.size)
    fall = evidence.fewer_wins(evidence.likelihoods(counted, known.excess))
    total = np.where(counted.decided >= FEWEST, fall.evidence, 0.0)
    looked = int((counted.decided >= FEWEST).sum())
    order = np.argsort(-total, kind="stable")
    parts = [
        at(frame, grouping, int(place), Cause.TRAINING, Why.WIN_RATE, total, 0.0, fall.fall)
        for place in order
        if total[place] > PLAIN
    ]
    found = []
    for many in range(2, min(len(parts), looked - 1) + 1):
        together = np.where(np.isin(grouping.groups, order[:many]), 0, -1)
        whole = evidence.wins(known.chances, together, 1)
        strength = evidence.fewer_wins(evidence.likelihoods(whole, known.excess)).evidence[0]
        looking = log(comb(looked, many)) + grouping.price
        found.append(replace(parts[0], evidence=float(strength) - looking, parts=tuple(parts[:many])))
    return found
