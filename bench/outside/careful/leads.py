"""What happens to each lead."""

from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.careful.ground import (
    ENDS,
    LAST,
    NOW,
    PRODUCTS,
    REASONS,
    SOURCES,
    STARTS,
    WEEKDAY,
    Random,
    pick,
)


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def leads_of(rng: Random, firm: Record) -> Record:
    """As they would come without the cause, with ordinary variation from quarter to quarter."""
    columns = []
    for quarter in range(3):
        flow = np.exp(rng.normal(0, 0.02))
        sources = firm.sources * np.exp(rng.normal(0, 0.05, len(SOURCES)))
        sources /= sources.sum(1, keepdims=True)
        mix = firm.mix * np.exp(rng.normal(0, 0.05, PRODUCTS))
        mix /= mix.sum(1, keepdims=True)
        number = np.maximum(25, np.rint(rng.normal(60 * firm.load * flow, 5))).astype(int)
        rep = np.repeat(np.arange(firm.reps), number)
        day = STARTS[quarter] + rng.integers(0, ENDS[quarter] - STARTS[quarter], len(rep))
        day = np.where(WEEKDAY[day] >= 5, day - rng.integers(2, 5, len(rep)), day)
        opened = np.clip(day, STARTS[quarter], None)
        columns.append(
            (rep, np.full(len(rep), quarter), opened, pick(rng, mix[rep]), pick(rng, sources[rep]))
        )
    lead = Record()
    lead.rep, lead.opened_in, lead.opened, lead.product, lead.source = map(
        np.concatenate, zip(*columns, strict=True)
    )
    lead.number = n = len(lead.rep)
    days = np.maximum(1, np.rint(firm.cycle * np.exp(rng.normal(0, 0.55, n)))).astype(int)
    closed = lead.opened + days
    lead.closed = closed + np.where(WEEKDAY[closed] == 5, 2, np.where(WEEKDAY[closed] == 6, 1, 0))
    lead.closed_in = np.searchsorted(ENDS, lead.closed, side="right")  # 3: still open at the end
    lead.decided, lead.now = lead.closed_in < 3, lead.closed_in == 2
    lead.quarter = np.minimum(lead.closed_in, 2)
    drift = rng.normal(0, 0.03, 3)
    mood = rng.normal(0, 0.08, (firm.reps, 3))
    lead.chance = logistic(
        firm.product_logit[lead.product]
        + firm.source_logit[lead.source]
        + firm.ability[lead.rep]
        + drift[lead.quarter]
        + mood[lead.rep, lead.quarter]
    )
    size = firm.size[lead.rep] * np.exp(rng.normal(0, 0.02, (firm.reps, 3)))[lead.rep, lead.quarter]
    lead.price = np.round(firm.price[lead.product] * size * np.exp(rng.normal(-0.045, 0.30, n)), -1)
    discount = firm.discount + firm.thrift[lead.rep] + rng.normal(0, 0.003, 3)[lead.quarter]
    lead.discount = np.clip(rng.normal(discount, 0.035, n), 0, 0.4)
    lead.cancelled = lead.closed + rng.integers(3, 22, n)
    lead.cancelled_in_time = lead.cancelled <= LAST
    return lead


def decide(rng: Random, firm: Record, lead: Record, effect: Record) -> None:
    n = lead.number
    lead.arrives = rng.random(n) < effect.arrives
    winnable = rng.random(n) < lead.chance
    stays = rng.random(n) < effect.stays
    lead.won = winnable & stays & lead.decided
    lead.lost = lead.decided & ~lead.won
    lead.reason = pick(rng, rng.dirichlet(firm.reasons * 1500, 3)[lead.quarter])
    u, reached = rng.random(n), 0.0
    for name, share in effect.reasons.items():
        named = lead.lost & winnable & ~stays & (u >= reached) & (u < reached + share)
        lead.reason = np.where(named, REASONS.index(name), lead.reason)
        reached += share
    lead.price = np.round(lead.price * effect.worth, -1)
    lead.amount = np.round(lead.price * (1 - discount_of(lead, effect)), 2)
    lead.is_cancelled = lead.won & lead.cancelled_in_time & (rng.random(n) < effect.cancelling)
    lead.promised = lead.closed + rng.integers(7, 17, n)
    late_by_quarter = firm.late * np.exp(rng.normal(0, 0.10, 3))
    promised_in = np.minimum(np.searchsorted(ENDS, lead.promised, side="right"), 2)
    late = rng.random(n) < late_by_quarter[promised_in] + np.where(lead.promised >= NOW, effect.late, 0)
    delay = np.where(late, 2 + np.rint(rng.exponential(7, n)), -rng.integers(0, 4, n)).astype(int)
    lead.delivered = delivered = lead.promised + delay
    lead.is_delivered = lead.won & (delivered <= LAST) & ~(lead.is_cancelled & (lead.cancelled < delivered))
    unfollowed = np.where(delivered >= NOW, effect.unfollowed, 0)
    care = np.clip(firm.care[lead.rep] - unfollowed, 0.05, 1)
    lead.followed = followed = delivered + np.rint(rng.uniform(2, 9, n) * (1 + 2 * unfollowed)).astype(int)
    lead.is_followed = lead.is_delivered & (rng.random(n) < care) & (followed <= LAST)
    lead.is_followed &= ~(lead.is_cancelled & (lead.cancelled < followed))
    lead.has_answered = lead.is_delivered & (rng.random(n) < 0.6) & (delivered + 5 <= LAST)
    satisfaction = rng.normal(firm.satisfaction, 0.8, n) + rng.normal(0, 0.04, 3)[lead.quarter] - 0.7 * late
    satisfaction = satisfaction - np.where(delivered >= NOW, effect.dissatisfaction, 0)
    lead.satisfaction = np.clip(np.rint(satisfaction), 1, 5)


def discount_of(lead: Record, effect: Record) -> Any:
    return np.clip(lead.discount + effect.discount, 0, 0.6)
