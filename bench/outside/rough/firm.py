"""All that is there before a cause."""

from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.rough.ground import NEVER, NOW, PRODUCTS, STARTS, Random


def firm_before(rng: Random) -> Record:
    firm = Record()
    firm.reps = reps = int(rng.integers(36, 45))
    firm.teams = int(rng.integers(5, 8))
    firm.team = np.arange(reps) % firm.teams
    firm.price = np.exp(rng.uniform(np.log(250), np.log(2500), PRODUCTS)).round(-1)
    dearness = np.log(firm.price) - np.log(800)
    firm.quantity = rng.normal(0.9, 0.25, PRODUCTS) - 0.35 * dearness  # of the log
    firm.quantity_spread, firm.price_spread = rng.uniform(0.45, 0.65), 0.15
    firm.series = rng.permutation(np.array([0, 0, 0, 1, 1, 1, 2, 2]))
    weights = rng.dirichlet(np.full(PRODUCTS, 6.0))
    by_team = np.array([rng.dirichlet(weights * 25 + 0.05) for _ in range(firm.teams)])
    firm.mix = np.array([rng.dirichlet(by_team[team] * rng.uniform(4, 10) + 0.03) for team in firm.team])
    firm.sources = ["web", "campaign", "event", "referral", "cold call"]
    if rng.random() < 0.5:
        firm.sources.append("partner")
    sources = len(firm.sources)
    share = np.array([0.30, 0.26, 0.14, 0.13, 0.12, 0.08])[:sources]
    source_weights = rng.dirichlet(share / share.sum() * 60)
    firm.source_mix = np.array([rng.dirichlet(source_weights * 30 + 0.05) for _ in range(reps)])
    firm.base = rng.uniform(-0.95, -0.55)
    firm.by_rep = rng.normal(0, 0.22, reps) + rng.normal(0, 0.09, firm.teams)[firm.team]
    firm.by_product = rng.normal(0, 0.2, PRODUCTS)
    firm.by_source = np.array([0.0, -0.2, 0.05, 0.45, -0.4, 0.2])[:sources] + rng.normal(0, 0.08, sources)
    firm.rep_drift = rng.normal(0, 0.07, (4, reps))
    firm.product_drift = rng.normal(0, 0.06, (4, PRODUCTS))
    firm.source_drift = rng.normal(0, 0.05, (4, sources))
    firm.rate = 60 * np.exp(rng.normal(-0.006, 0.11, reps)) * rng.uniform(0.95, 1.05)
    firm.season = np.exp(rng.normal(0, 0.025, 4))  # leads a quarter
    firm.source_season = np.exp(rng.normal(0, 0.06, (4, sources)))
    firm.size = np.exp(rng.normal(0, 0.1, reps))
    firm.discount = np.clip(rng.uniform(0.06, 0.12) + rng.normal(0, 0.012, reps), 0.03, 0.2)
    firm.cycle_shape = rng.uniform(1.8, 3.2)
    firm.cycle = rng.uniform(22, 36) * np.exp(rng.normal(0, 0.15, PRODUCTS))
    firm.stale, firm.slower_lost = rng.uniform(0.02, 0.05), rng.uniform(1.0, 1.3)
    firm.cancelling, firm.cancelling_days = rng.uniform(0.02, 0.05), rng.uniform(9, 15)
    firm.late, firm.promise = rng.uniform(0.07, 0.15), rng.uniform(6, 13)
    firm.followed, firm.rated = rng.uniform(0.65, 0.85), rng.uniform(0.4, 0.65)
    firm.satisfaction = rng.uniform(3.9, 4.3)
    firm.misnoted = rng.uniform(0.08, 0.16)
    firm.unnoted = rng.beta(1.5, 10, reps)
    firm.lost_is_zero = rng.random() < 0.25  # in the amounts
    firm.hired = np.full(reps, -1)
    firm.left = np.full(reps, NEVER)
    for rep in rng.permutation(reps)[: int(rng.integers(0, 3))]:
        firm.hired[rep] = int(rng.integers(STARTS[1] + 5, STARTS[1] + 75))
    if rng.random() < 0.3:
        rep = int(rng.integers(reps))
        if firm.hired[rep] < 0:
            firm.left[rep] = int(rng.integers(STARTS[2] + 10, NOW - 5))
    trained = rng.permutation(PRODUCTS)[: int(rng.integers(2, 5))]
    firm.trained = {  # what is missing has, of itself, no effect
        int(product): np.where(
            rng.random(reps) < rng.uniform(0.05, 0.15), NEVER, rng.integers(-400, NOW - 60, reps)
        )
        for product in trained
    }
    return firm


def chance_of(firm: Record, rep: Any, product: Any, source: Any, quarter: Any) -> Any:
    x = firm.base + firm.by_rep[rep] + firm.by_product[product] + firm.by_source[source]
    x = x + firm.rep_drift[quarter, rep] + firm.product_drift[quarter, product]
    return 1 / (1 + np.exp(-(x + firm.source_drift[quarter, source])))
