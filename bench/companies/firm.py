"""Reps, products and sources, and the leads that come by Poisson: rep, quarter, product and source."""

from types import SimpleNamespace as Record

import numpy as np

from bench.companies.shapes import Shape

Random = np.random.Generator
DAYS = 91
"""Of a quarter."""


def firm_of(rng: Random, shape: Shape) -> Record:
    firm = Record()
    reps, products, sources = shape.reps, shape.products, shape.sources
    firm.team = np.arange(reps) % shape.teams if shape.teams else np.zeros(reps, int)
    firm.ability = np.exp(rng.normal(0, shape.ability, reps))
    firm.busyness = np.exp(rng.normal(0, shape.busyness, reps))
    firm.price = 1000 * 100 * np.exp(rng.uniform(0, np.log(shape.price_range), products))
    firm.product_rate = np.exp(rng.normal(0, 0.2, products))
    firm.source_rate = np.exp(rng.normal(0, 0.2, sources))
    firm.product_weight = rng.dirichlet(np.full(products, shape.evenness), reps * 0 + 1)[0]
    weights = np.tile(firm.product_weight, (reps, 1)) * rng.gamma(8, 1 / 8, (reps, products))
    if shape.focus:
        for rep in range(reps):
            kept = rng.choice(products, shape.focus, replace=False)
            mask = np.zeros(products, bool)
            mask[kept] = True
            weights[rep] = np.where(mask, rng.dirichlet(np.full(products, shape.evenness * 2)), 0)
    firm.weights = weights / weights.sum(1, keepdims=True)
    firm.source_weight = rng.dirichlet(np.full(sources, shape.evenness))
    sources_of = rng.gamma(8, 1 / 8, (reps, sources)) * firm.source_weight
    firm.sources_of = sources_of / sources_of.sum(1, keepdims=True)
    firm.hired = np.zeros(reps, int)
    joining = rng.random(reps) < shape.joiners
    firm.hired[joining] = rng.integers(20, DAYS * (shape.quarters - 1) + 40, joining.sum())
    return firm


def leads_of(rng: Random, shape: Shape, firm: Record) -> Record:
    """As they come and would be won without a cause."""
    season = 1 + shape.season * np.sin(np.arange(shape.quarters) * np.pi / 2 + 0.4)
    drift_leads = np.exp(rng.normal(0, shape.drift, (shape.quarters, shape.sources)))
    drift_win = np.exp(rng.normal(0, shape.drift, (shape.quarters, shape.products)))
    mean = (
        shape.leads
        * firm.busyness[:, None, None, None]
        * season[None, :, None, None]
        * firm.weights[:, None, :, None]
        * firm.sources_of[:, None, None, :]
        * drift_leads[None, :, None, :]
    )
    number = rng.poisson(mean)
    rep, quarter, product, source = (
        np.repeat(axis.ravel(), number.ravel()) for axis in np.indices(number.shape)
    )
    opened = quarter * DAYS + rng.integers(0, DAYS, len(rep))
    kept = opened >= firm.hired[rep]
    rep, quarter, product, source, opened = (a[kept] for a in (rep, quarter, product, source, opened))
    closed = opened + np.maximum(1, rng.gamma(2.0, shape.cycle / 2.0, len(rep))).astype(int)
    end = DAYS * shape.quarters
    rate = shape.win_rate * firm.ability[rep] * firm.product_rate[product] * firm.source_rate[source]
    return Record(
        number=len(rep),
        rep=rep,
        product=product,
        source=source,
        opened=opened,
        closed=closed,
        now=end - DAYS,
        end=end,
        in_quarter=(closed >= end - DAYS) & (closed < end),
        win=np.clip(rate * drift_win[quarter, product], 0.01, 0.9),
        luck=np.bincount(rep, minlength=shape.reps) / np.maximum(mean.sum((1, 2, 3)), 1e-9),
    )


def training_of(rng: Random, shape: Shape, firm: Record) -> Record:
    """Of which products there are courses, and by rep and product who has not done them."""
    likely = likely_of(firm)
    number = min(shape.trained_products, shape.products)
    products = rng.choice(shape.products, number, replace=False, p=likely)
    lacks = np.zeros((shape.reps, shape.products), bool)
    for product in products:
        lacks[:, product] = rng.random(shape.reps) < shape.missing_training
    return Record(products=products, lacks=lacks)


def likely_of(firm: Record) -> np.ndarray:
    """Products: those that bring most are struck most often."""
    worth = np.sqrt(firm.product_weight * firm.price)
    return worth / worth.sum()
