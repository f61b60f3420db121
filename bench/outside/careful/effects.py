"""What each cause changes, and what that costs."""

from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.careful.firm import by_weight
from bench.outside.careful.ground import NOW, Random
from bench.outside.careful.leads import discount_of

BY_MARKETING = (0, 1, 2)
BY_REP = np.array([0, 0, 0, 0, 1, 1], bool)


def effect_of(rng: Random, firm: Record, lead: Record, course: Record, cause: str, s: float) -> Record:
    """By lead: the chance that it `arrives`, that a would-be win `stays` one, what is left of its `worth`,
    the chance that it is cancelled, what is added to the signs; and the reasons of the wins lost."""
    n, now = lead.number, lead.now
    opened_now, closed_now = lead.opened_in == 2, lead.closed >= NOW
    effect = Record(arrives=np.ones(n), stays=np.ones(n), worth=np.ones(n), reasons={})
    effect.cancelling = np.full(n, firm.cancelling)
    effect.late, effect.unfollowed, effect.dissatisfaction, effect.discount = np.zeros((4, n))
    if cause == "product":
        product = int(by_weight(rng, firm, 0.35)[rng.integers(0, 3)])
        effect.stays[now & (lead.product == product)] = 1 - 0.75 * s
        effect.reasons = {"product": 0.75}
    elif cause == "price":
        depth = s * firm.sensitivity[lead.product]
        effect.stays[now] = (1 - 0.30 * depth)[now]
        effect.discount = np.where(closed_now, np.clip(rng.normal(0.08 * depth, 0.02 * s), 0, None), 0)
        effect.reasons = {"price": 0.55, "competitor": 0.27}
    elif cause == "delivery":
        where, depth = np.ones(n, bool), s
        if rng.random() >= 0.5:  # one production line
            by_series = np.array([(firm.shares[:, firm.series == g].sum(1) > 0.40).sum() for g in range(3)])
            where = firm.series[lead.product] == int(np.argsort(-by_series)[rng.integers(0, 2)])
            depth = 1.7 * s
        effect.stays[now & where] = 1 - 0.24 * depth
        effect.cancelling[now & where] += 0.14 * depth
        effect.late[where] = min(0.55, 0.38 * depth)
        effect.reasons = {"delivery": 0.78}
    elif cause == "service":
        where, depth = np.ones(n, bool), s
        if rng.random() >= 0.5:  # one region's service desk
            where = firm.team[lead.rep] % firm.teams % firm.regions == int(rng.integers(0, firm.regions))
            depth = 1.3 * s
        effect.stays[now & where] = 1 - 0.24 * depth
        effect.cancelling[now & where] += 0.14 * depth
        effect.unfollowed[where], effect.dissatisfaction[where] = 0.45 * depth, 1.1 * depth
        effect.reasons = {"service": 0.78}
    elif cause == "marketing":  # the two largest of its sources: fewer leads, worse leads, or both
        pairs = [(a, b) for a in BY_MARKETING for b in BY_MARKETING if a < b]
        largest = int(np.argmax([firm.source_weights[a] + firm.source_weights[b] for a, b in pairs]))
        where = opened_now & np.isin(lead.source, pairs[largest])
        fewer = rng.choice([1.0, 0.5, 0.0])
        effect.arrives[where] = (1 - 0.70 * s) ** fewer
        effect.stays[where] = (1 - 0.70 * s) ** (1 - fewer)
        effect.reasons = {"no_decision": 0.6}
    elif cause == "training":
        effect.stays[now & course.lacks[lead.rep, lead.product]] = 1 - 0.66 * s
    elif cause == "capability":
        for rep in rng.permutation(firm.reps)[: int(rng.integers(2, 5))]:
            own = lead.rep == rep
            effect.stays[own & now] = 1 - rng.uniform(0.57, 0.69) * s
            effect.worth[own & closed_now] = 1 - rng.uniform(0.16, 0.28) * s
            effect.arrives[own & opened_now & BY_REP[lead.source]] = 1 - rng.uniform(0.35, 0.70) * s
    return effect


def costs_of(firm: Record, lead: Record, effect: Record) -> tuple[Any, Any]:
    """By rep: what the last quarter would bring without the cause, and the share of it that is lost."""
    seen = lead.cancelled_in_time
    usual = lead.chance * lead.price * (1 - lead.discount) * (1 - firm.cancelling * seen) * lead.now
    actual = effect.arrives * lead.chance * effect.stays * lead.price * effect.worth
    actual = actual * (1 - discount_of(lead, effect)) * (1 - effect.cancelling * seen) * lead.now
    expected, left = np.bincount(lead.rep, usual, firm.reps), np.bincount(lead.rep, actual, firm.reps)
    cost = np.where(expected > 0, 1 - left / expected, 0)
    cost[np.abs(cost) < 1e-9] = 0
    return expected, cost
