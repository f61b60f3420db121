"""What happens to each lead."""

from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.rough.firm import chance_of
from bench.outside.rough.ground import FREE, LAST, NEVER, NOW, REASONS, STARTS, Random, gamma_days, workday

FREE_REASONS = (
    "no budget this year",
    "project stopped",
    "contact left",
    "went quiet",
    "chose to build in-house",
    "merged with another group",
    "sin presupuesto",
    "wrong contact",
)


def leads_of(rng: Random, firm: Record, effect: Record) -> Record:
    """All of them, the quarter before the data included."""
    columns = []
    for quarter in range(4):
        mean = (firm.rate * firm.season[quarter])[:, None] * firm.source_mix
        mean = mean * firm.source_season[quarter][None, :] * rng.gamma(80, 1 / 80, (firm.reps, 1))
        number = rng.poisson(mean)
        rep, source = (np.repeat(axis.ravel(), number.ravel()) for axis in np.indices(number.shape))
        opened = workday(rng.integers(STARTS[quarter], STARTS[quarter + 1], len(rep)))
        opened = np.minimum(opened, LAST if quarter == 3 else NEVER)
        columns.append((rep, source, opened, np.full(len(rep), quarter)))
    rep, source, opened, quarter = map(np.concatenate, zip(*columns, strict=True))
    there = (opened >= firm.hired[rep]) & (opened < firm.left[rep])
    rep, source, opened, quarter = rep[there], source[there], opened[there], quarter[there]
    n, now = len(rep), quarter == 3
    cumulated = firm.mix.cumsum(1)
    cumulated[:, -1] = 1
    product = (rng.random(n)[:, None] > cumulated[rep]).sum(1)
    lead = Record(rep=rep, source=source, product=product, opened=opened, now=now)
    chance = chance_of(firm, rep, product, source, quarter)
    drop = np.where(now, effect.drop[rep, product, source], 0)
    u = rng.random(n)
    lead.won, lead.spoilt = u < chance * (1 - drop), (u >= chance * (1 - drop)) & (u < chance)
    lead.struck = drop > 0
    unworked = now & (rng.random(n) >= effect.leads[rep, source])  # or it did not come
    lead.exists = ~unworked | (rng.random(n) < effect.left_open[rep])
    size = np.log(firm.size[rep] * np.where(now, effect.size[rep], 1))
    log_quantity = firm.quantity[product] + size + firm.quantity_spread * rng.normal(size=n)
    lead.quantity = np.maximum(1, np.rint(np.exp(log_quantity))).astype(int)
    spread = firm.price_spread
    lead.price = np.round(firm.price[product] * np.exp(rng.normal(-0.5 * spread**2, spread, n)), 2)
    discount = firm.discount[rep] + np.where(now, effect.discount, 0) + rng.normal(0, 0.035, n)
    discount = np.round(np.clip(discount, 0, 0.5) * 200) / 200
    lead.amount = np.round(lead.price * lead.quantity * (1 - discount), 2)
    days = rng.gamma(firm.cycle_shape, 1, n) * firm.cycle[product] / firm.cycle_shape
    closed = workday(opened + 1 + (days * np.where(lead.won, 1, firm.slower_lost)).astype(int))
    still_open = (rng.random(n) < firm.stale) | unworked | (closed >= firm.left[rep])
    lead.closed = closed = np.where(still_open, NEVER, closed)
    ordered_now = lead.won & (closed >= NOW) & (closed <= LAST)
    cancelling = firm.cancelling + np.where(ordered_now, effect.cancelling[product], 0)
    cancelled = lead.won & (rng.random(n) < np.minimum(0.95, cancelling))
    lead.cancelled = np.where(cancelled, closed + gamma_days(rng, firm.cancelling_days, 2, n), NEVER)
    lead.promised = promised = workday(closed + 3 + rng.gamma(4, firm.promise / 4, n).astype(int))
    late = firm.late + np.where(ordered_now, effect.late[product], 0)
    late = rng.random(n) < np.minimum(0.95, late)
    delay = 1 + (rng.gamma(1.5, 4, n) * np.where(ordered_now, effect.delay, 1)).astype(int)
    in_time = np.maximum(closed + 1, promised - rng.integers(0, 4, n))
    lead.delivered = np.where(late, promised + delay, in_time)
    followed = rng.random(n) < firm.followed * np.where(ordered_now, effect.followed, 1)
    lead.followed = np.where(followed, lead.delivered + 1 + rng.gamma(2, 4, n).astype(int), NEVER)
    score = firm.satisfaction + np.where(ordered_now, effect.satisfaction, 0) - 0.6 * late - 1.3 * cancelled
    score = np.clip(np.rint(score + rng.normal(0, 0.85, n)), 1, 5)
    rated = rng.random(n) < np.where(cancelled, 0.6, 1) * firm.rated
    lead.satisfaction = np.where(rated, score, 0).astype(int)
    return lead


def reasons_of(rng: Random, firm: Record, effect: Record, lead: Record) -> Any:
    """As they would be noted if all were lost."""
    weights = np.array(list(REASONS.values())) * np.exp(rng.normal(0, 0.15, len(REASONS)))
    n = len(lead.rep)
    noted = rng.choice(list(REASONS), n, p=weights / weights.sum())
    if effect.reasons:
        weights = np.array(list(effect.reasons.values()))
        causes = rng.choice(list(effect.reasons), n, p=weights / weights.sum())
        named = lead.spoilt | (lead.struck & (rng.random(n) < effect.other_reasons))
        noted = np.where(named & (rng.random(n) >= firm.misnoted), causes, noted)
    noted = np.where(noted == FREE, rng.choice(FREE_REASONS, n), noted)
    return np.where(rng.random(n) < firm.unnoted[lead.rep], "", noted)
