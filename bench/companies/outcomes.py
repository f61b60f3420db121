"""What becomes of each lead, as the sales of a company's records."""

from datetime import date
from types import SimpleNamespace as Record

import numpy as np

from app.diagnosis.records import Reason, Sales, Stage
from bench.companies.firm import Random
from bench.companies.shapes import Shape

REASONS = (
    Reason.PRICE,
    Reason.PRODUCT,
    Reason.COMPETITOR,
    Reason.NO_DECISION,
    Reason.DELIVERY,
    Reason.SERVICE,
    Reason.OTHER,
)


def outcomes_of(rng: Random, shape: Shape, firm: Record, lead: Record, effect: Record) -> Record:
    """By lead; days count from the first, -1 is never."""
    n = lead.number
    found = Record(exists=rng.random(n) < effect.alive)
    won_if = rng.random(n) < effect.win
    found.decided = lead.closed < lead.end
    found.stage = np.where(found.decided, np.where(won_if, Stage.WON, Stage.LOST), Stage.OPEN)
    found.reason = _reasons(rng, shape, effect, found.stage)
    _price(rng, shape, firm, lead, effect, found)
    won = found.stage == Stage.WON
    cancelled = lead.closed + rng.integers(2, 40, n)
    is_cancelled = won & (rng.random(n) < effect.cancel)
    known = lead.end + shape.grace
    found.cancelled = np.where(is_cancelled & (cancelled < known), cancelled, -1)
    found.kept = won & (found.cancelled < 0)
    found.promised = np.where(won, lead.closed + 14, -1)
    is_late = rng.random(n) < effect.late
    taking = np.where(is_late, rng.integers(15, 40, n), rng.integers(3, 15, n))
    delivered = np.where(found.kept, lead.closed + taking, -1)
    found.delivered = np.where(delivered < known, delivered, -1)
    is_followed = (found.delivered >= 0) & (rng.random(n) < effect.follow)
    followed = np.where(is_followed, found.delivered + rng.integers(2, 15, n), -1)
    found.followed = np.where(followed < known, followed, -1)
    score = np.clip(np.round(rng.normal(4.2 - effect.unhappy - 0.7 * is_late, 0.8)), 1, 5)
    found.score = np.where(won & (rng.random(n) < 0.5), score, 0)
    return found


def _reasons(rng: Random, shape: Shape, effect: Record, stage: np.ndarray) -> np.ndarray:
    n = len(stage)
    weights = rng.dirichlet(np.array([3, 1.5, 3, 5, 1.0, 1.0, 1.5]) * 4)
    reason = np.array(REASONS)[rng.choice(len(REASONS), n, p=weights)]
    for blow in effect.blows:
        if blow.label is None:
            continue
        lost = blow.lost
        won_without = effect.win / np.maximum(1 - lost, 0.05)
        made = rng.random(n) < np.where(lost > 0, won_without * lost / np.maximum(1 - effect.win, 0.05), 0)
        named = made & (rng.random(n) < shape.label)
        named |= (blow.cells & (lost > 0)) & (rng.random(n) < shape.relabel)
        labelled = np.full(n, blow.label)
        if blow.label is Reason.PRICE:
            labelled = np.where(rng.random(n) < 0.35, Reason.COMPETITOR, Reason.PRICE)
        reason = np.where(named, labelled, reason)
    reason = np.where(rng.random(n) < shape.empty, Reason.NONE, reason)
    return np.where(stage == Stage.LOST, reason, Reason.NONE)


def _price(rng: Random, shape: Shape, firm: Record, lead: Record, effect: Record, found: Record) -> None:
    price, noise = firm.price[lead.product], shape.value_noise
    usual = np.exp(rng.normal(0, noise, lead.number) - noise**2 / 2)
    found.list_value = np.round(price)
    found.value = np.round(price * effect.worth * usual)
    if shape.has_prices and noise > 0.15:  # the size differs, and the list price with it
        found.list_value = np.round(price * usual)
        discount = np.clip(rng.beta(2, 30, lead.number), 0, 0.6)
        found.value = np.round(found.list_value * effect.worth * (1 - discount))


def sales_of(shape: Shape, lead: Record, found: Record, start: date) -> Sales:
    """Only what the company keeps books of."""
    exists = found.exists
    nothing = np.zeros(exists.sum(), np.int64)

    def day(column: np.ndarray) -> np.ndarray:
        return np.where(column >= 0, start.toordinal() + column, 0)[exists]

    won = found.stage == Stage.WON
    return Sales(
        id=np.arange(1, exists.sum() + 1),
        person=lead.rep[exists] + 1,
        product=lead.product[exists] + 1,
        source=lead.source[exists] + 1,
        opened=day(lead.opened),
        closed=day(np.where(found.decided, lead.closed, -1)),
        stage=found.stage[exists].astype(np.int64),
        share=np.ones(exists.sum()),
        quantity=np.ones(exists.sum()),
        value=np.where(won, found.value, 0)[exists].astype(float),
        list_value=found.list_value[exists].astype(float) if shape.has_prices else nothing.astype(float),
        reason=found.reason[exists].astype(np.int64),
        promised=day(found.promised) if shape.has_delivery else nothing,
        delivered=day(found.delivered) if shape.has_delivery else nothing,
        followed_up=day(found.followed) if shape.has_service else nothing,
        cancelled=day(found.cancelled),
        satisfaction=found.score[exists].astype(np.int64) if shape.has_service else nothing,
        is_new_customer=np.zeros(exists.sum(), bool),
    )
