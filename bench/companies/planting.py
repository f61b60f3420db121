"""What goes wrong: by lead, what is left of the chances, and what each cause costs every rep."""

from dataclasses import dataclass
from types import SimpleNamespace as Record

import numpy as np

from app.diagnosis.records import Reason
from bench.companies.firm import Random, likely_of
from bench.companies.shapes import Plant, Shape


@dataclass
class Blow:
    """Of one plant, by lead: shares of wins `lost`, of leads `gone`, of values `cheaper`; more cancelled."""

    cells: np.ndarray
    lost: np.ndarray
    gone: np.ndarray
    cheaper: np.ndarray
    cancelled: np.ndarray
    label: Reason | None = None  # of the wins lost


def effect_of(
    rng: Random, shape: Shape, firm: Record, lead: Record, course: Record, plants: tuple[Plant, ...]
) -> Record:
    n = lead.number
    effect = Record(win=lead.win, alive=np.ones(n), worth=np.ones(n), cancel=np.full(n, 0.04))
    effect.late, effect.unhappy, effect.follow = np.full(n, 0.12), np.zeros(n), np.full(n, 0.7)
    effect.blows, effect.cost = [], {}
    effect.expected = lead.win * firm.price[lead.product] * (1 - effect.cancel)
    total = np.bincount(lead.rep, effect.expected * lead.in_quarter, shape.reps)
    worth = firm.price[lead.product] * lead.in_quarter
    for plant in plants:
        blow = _blow(rng, shape, firm, lead, course, effect, plant)
        before = _left(effect)
        effect.win = effect.win * (1 - blow.lost)
        effect.alive = effect.alive * (1 - blow.gone)
        effect.worth = effect.worth * (1 - blow.cheaper)
        effect.cancel = np.clip(effect.cancel + blow.cancelled, 0, 0.95)
        lost = np.bincount(lead.rep, (before - _left(effect)) * worth, shape.reps)
        effect.blows.append(blow)
        effect.cost[plant.cause] = lost / np.maximum(total, 1)
    return effect


def _left(effect: Record) -> np.ndarray:
    return effect.win * effect.alive * effect.worth * (1 - effect.cancel)


def _blow(
    rng: Random, shape: Shape, firm: Record, lead: Record, course: Record, effect: Record, plant: Plant
) -> Blow:
    """Lateness and the signs of bad service are noted in `effect` itself."""
    s, way, n = plant.strength, plant.way, lead.number
    cells = (lead.closed if shape.by_closing else lead.opened) >= lead.now
    if plant.team and shape.teams > 1:
        cells &= firm.team[lead.rep] == rng.integers(shape.teams)
    heavy = rng.choice(shape.products, p=likely_of(firm))
    if plant.product or plant.cause == "product":
        cells &= lead.product == heavy
    blow = Blow(cells, np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n))
    if plant.cause == "product":
        blow.lost, blow.label = cells * min(0.95, 0.6 * s), Reason.PRODUCT
    elif plant.cause == "price":
        blow.lost, blow.label = cells * min(0.95, (0.4, 0.35, 0.3)[way % 3] * s), Reason.PRICE
        blow.cheaper = cells * (0.0, 0.06, 0.12)[way % 3] * s
    elif plant.cause in {"delivery", "service"}:
        blow.lost = cells * (0.2, 0.35, 0.08)[way % 3] * s
        blow.cancelled = cells * (0.16, 0.0, 0.25)[way % 3] * s
        if plant.cause == "delivery":
            blow.label = Reason.DELIVERY
            late = np.clip(effect.late + (0.35, 0.3, 0.4)[way % 3] * s, 0, 0.95)
            effect.late = np.where(cells, late, effect.late)
        else:
            blow.label = Reason.SERVICE
            effect.unhappy = np.where(cells, effect.unhappy + 1.0 * s, effect.unhappy)
            effect.follow = np.where(cells, effect.follow * (1 - 0.5 * s), effect.follow)
    elif plant.cause == "marketing":
        _strike_marketing(blow, shape, firm, lead, plant)
    elif plant.cause == "training":
        worth = (firm.product_weight * firm.price)[course.products]
        for product in course.products[np.argsort(-worth)][: (1, 2, 8)[way % 3]]:
            lacking = cells & (lead.product == product) & course.lacks[lead.rep, product]
            blow.lost = np.where(lacking, min(0.95, 0.65 * s), blow.lost)
    elif plant.cause == "capability":
        chosen = rng.random(shape.reps) < plant.people
        if not chosen.any():
            chosen[rng.integers(shape.reps)] = True
        who = cells & chosen[lead.rep]
        blow.lost = np.where(who, (0.55, 0.0, 0.0, 0.3, 0.55, 0.4, 0.0, 0.2)[way] * s, 0.0)
        blow.gone = np.where(who, (0.0, 0.5, 0.0, 0.25, 0.0, 0.0, 0.5, 0.25)[way] * s, 0.0)
        blow.cheaper = np.where(who, (0.0, 0.0, 0.45, 0.1, 0.0, 0.2, 0.0, 0.25)[way] * s, 0.0)
    return blow


def _strike_marketing(blow: Blow, shape: Shape, firm: Record, lead: Record, plant: Plant) -> None:
    """Fewer leads, or worse ones, of the largest source, of half of them, or of all."""
    rank = np.argsort(-firm.source_weight)
    largest = rank[:1] if plant.way % 2 == 0 else rank[: max(1, shape.sources // 2)]
    where = np.isin(lead.source, largest)
    if plant.way % 4 == 3:
        where = np.ones(lead.number, bool)
    depth = min(0.95, (0.75, 0.55, 0.75, 0.35)[plant.way % 4] * plant.strength)
    if plant.way < 4:
        comes = lead.opened >= lead.now if shape.by_closing else blow.cells
        blow.gone = np.where(comes & where, depth, 0.0)
    else:
        blow.lost = np.where(blow.cells & where, depth, 0.0)
        blow.label = Reason.NO_DECISION if plant.way % 4 in {0, 1} else None
