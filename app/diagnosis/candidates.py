"""What may be behind fewer wins or leads: for each cause and kind of place the one best supported."""

import numpy as np

from app.diagnosis import evidence
from app.diagnosis.evidence import Wins
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.found import REASONS, SIGNS, UNUSUAL_QUALITY, Found, Known, price
from app.diagnosis.frame import Frame
from app.diagnosis.leads import by_team
from app.diagnosis.records import Floats, Ints, Reason
from app.diagnosis.scopes import Grouping, Kind
from app.diagnosis.signals import Sign, shift

FEWEST_LEADS = 5
"""Leads expected somewhere, below which nothing is said of fewer."""

MOST_BY_SIGNS = 7.0
"""No more than this is believed of signs like late orders, which by themselves cost no sale."""

MANY_LOSSES = 30
SILENT = 3.0
"""What it costs to believe in a cause of which none of so many losses' reasons and no other sign speaks."""


def candidates(frame: Frame, known: Known, grouped: list[Grouping]) -> list[Found]:
    found = [each for grouping in grouped for each in in_places(frame, known, grouping)]
    return found + _fewer_leads(frame, known)


def in_places(frame: Frame, known: Known, grouping: Grouping) -> list[Found]:
    """The best supported place for each cause that can act in places of this kind."""
    counted = evidence.wins(known.chances, grouping.groups, grouping.size)
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
    total = worse(frame, known, grouping.groups, grouping.size, counted, logs)
    cost = (
        grouping.price
        + price(grouping.kind, grouping.size, Cause.MARKETING)
        + UNUSUAL_QUALITY.get(grouping.kind, 0.0)
    )
    return [_plain(frame, grouping, Cause.MARKETING, Why.LEAD_QUALITY, total - cost, cost, fall.fall)]


def _training(frame: Frame, known: Known, grouping: Grouping, counted: Wins, logs: Floats) -> list[Found]:
    fall = evidence.fewer_wins(logs)
    enough = counted.decided >= 3
    places_looked = int(enough.sum())
    if not places_looked:
        return []
    cost = grouping.price + price(grouping.kind, places_looked, Cause.TRAINING)
    total = np.where(enough, fall.evidence, -np.inf) - cost
    return [_plain(frame, grouping, Cause.TRAINING, Why.WIN_RATE, total, cost, fall.fall)]


def worse(frame: Frame, known: Known, groups: Ints, size: int, counted: Wins, logs: Floats) -> Floats:
    """Fewer wins; or fewer wins of which more than usual were lost because nobody decided."""
    undecided = evidence.losses(frame, (Reason.NO_DECISION,), known.unexplained, groups, size)
    doubtful, _ = evidence.fewer_wins_for(counted, logs, undecided, known.excess_reasons)
    return np.maximum(evidence.fewer_wins(logs).evidence, doubtful.evidence - 0.7)


def _plain(
    frame: Frame, grouping: Grouping, cause: Cause, why: Why, total: Floats, cost: float, fall: Floats
) -> Found:
    return at(frame, grouping, int(total.argmax()), cause, why, total, cost, fall)


def at(
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
    """Of everybody and of each team, in all and by source."""
    found: list[Found] = []
    if not known.leads.is_comparable:
        return found
    for each in by_team(frame, known.leads):
        doubt = known.leads.excess / np.maximum(each.before, 1.0)
        fall = evidence.fewer_leads(
            each.seen.ravel(), each.expected.ravel(), doubt.ravel(), known.leads.excess
        )
        strength = fall.evidence.reshape(each.seen.shape)
        fallen = fall.fall.reshape(each.seen.shape)
        worth_it = (strength > 0) & (each.expected >= FEWEST_LEADS)
        for team, source in zip(*np.nonzero(worth_it), strict=True):
            place = each.place(int(team), int(source))
            many = len(each.keys) * (1 if place.source < 0 else len(frame.sources))
            cost = price(place.kind, many, Cause.MARKETING)
            if strength[team, source] > cost:
                key = int(frame.sources[place.source]) if place.source >= 0 else None
                found.append(
                    Found(
                        Cause.MARKETING,
                        Why.LEADS,
                        Scope(source=key, team=place.team),
                        place.kind,
                        float(strength[team, source]) - cost,
                        cost,
                        lead_fall=float(fallen[team, source]),
                        place=place,
                    )
                )
    return found
