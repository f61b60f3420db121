"""Products, teams, reps, and the courses there are."""

from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.careful.ground import PRODUCTS, SOURCES, Random

SOURCE_WEIGHTS = np.array([0.27, 0.24, 0.13, 0.10, 0.10, 0.16])
SOURCE_LOGIT = np.array([0.05, -0.10, 0.0, 0.10, 0.35, -0.15])
REASON_WEIGHTS = np.array([0.25, 0.18, 0.12, 0.24, 0.06, 0.05, 0.05, 0.05])


def firm_before(rng: Random) -> Record:
    """Products, teams and reps."""
    firm = Record()
    weight = rng.dirichlet(np.full(PRODUCTS, 6.0))
    firm.price = np.round(5000 * np.exp(rng.normal(0, 0.33, PRODUCTS)), -1)
    firm.product_logit = rng.normal(-0.48, 0.18, PRODUCTS)
    firm.series = rng.permutation([0, 0, 0, 1, 1, 1, 2, 2])
    firm.sensitivity = rng.uniform(0.75, 1.25, PRODUCTS)  # how much a product suffers from a price problem
    firm.regions = int(rng.integers(2, 4))
    firm.teams = int(rng.integers(5, 8))
    firm.reps = reps = int(rng.integers(37, 44))
    firm.team = rng.permutation(np.arange(reps) % firm.teams)
    firm.ability = rng.normal(0, 0.15, reps)
    firm.load = np.clip(rng.normal(1, 0.06, reps), 0.85, 1.15)
    firm.size = np.exp(rng.normal(0, 0.07, reps))  # a rep's customers buy bigger or smaller configurations
    firm.thrift = rng.normal(0, 0.010, reps)  # discount habit
    firm.care = rng.uniform(0.74, 0.92, reps)  # share followed up
    own = np.array([rng.dirichlet(weight * 5 + 0.05) for _ in range(reps)])
    firm.mix = 0.20 * weight + 0.80 * own
    firm.source_weights = rng.dirichlet(SOURCE_WEIGHTS * 60)
    firm.sources = np.array([rng.dirichlet(firm.source_weights * 25) for _ in range(reps)])
    firm.source_logit = SOURCE_LOGIT + rng.normal(0, 0.08, len(SOURCES))
    firm.reasons = rng.dirichlet(REASON_WEIGHTS * 150)
    firm.late, firm.cancelling = rng.uniform(0.07, 0.14), rng.uniform(0.02, 0.04)
    firm.satisfaction = rng.uniform(4.0, 4.35)
    firm.discount = rng.uniform(0.05, 0.08)
    firm.cycle = rng.uniform(8, 12)
    return firm


def courses_of(rng: Random, firm: Record, lead: Record) -> Record:
    """Of one product or of two, new this summer; `lacks` says who of those who sell it has not done it."""
    shares = np.zeros((firm.reps, PRODUCTS))
    np.add.at(shares, (lead.rep[lead.now], lead.product[lead.now]), (lead.chance * lead.price)[lead.now])
    firm.shares = shares = shares / shares.sum(1, keepdims=True)
    order = by_weight(rng, firm, 0.30)
    products = order[rng.permutation(4)[: int(rng.integers(1, 3))]]
    focused = np.flatnonzero(shares[:, products].sum(1) > 0.30)
    others = np.setdiff1d(np.flatnonzero((firm.mix[:, products] >= 0.05).any(1)), focused)
    number = min(len(focused), max(3, round(len(focused) * rng.uniform(0.40, 0.60))))
    lacking = np.concatenate(
        [rng.permutation(focused)[:number], rng.permutation(others)[: int(rng.integers(2, 5))]]
    )
    lacks = np.zeros((firm.reps, PRODUCTS), bool)
    lacks[np.ix_(lacking, products)] = True
    return Record(products=products, lacks=lacks)


def by_weight(rng: Random, firm: Record, share: float) -> Any:
    """Products, first the one on which most reps depend for that share of their revenue."""
    return np.argsort(-(firm.shares > share).sum(0) + rng.random(PRODUCTS) * 0.5)
