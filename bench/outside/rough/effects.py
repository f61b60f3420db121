"""What each cause changes."""

from types import SimpleNamespace as Record

import numpy as np

from bench.outside.rough.ground import FREE, LAST, NEVER, NOW, PRODUCTS, REASONS, Random


def effect_of(rng: Random, firm: Record, cause: str, s: float) -> Record:
    """What a cause changes in the last quarter. `drop`: share of wins lost, by rep, product and source."""
    reps, sources = firm.reps, len(firm.sources)
    effect = Record(
        drop=np.zeros((reps, PRODUCTS, sources)),
        leads=np.ones((reps, sources)),
        size=np.ones(reps),
        discount=0.0,
        cancelling=np.zeros(PRODUCTS),
        late=np.zeros(PRODUCTS),
        delay=1.0,
        satisfaction=0.0,
        followed=1.0,
        reasons=None,  # of the wins lost
        other_reasons=0.0,  # share of the other losses there that get them too
        left_open=np.zeros(reps),  # share of the leads not worked that stay open in the records
        techniques=np.ones(reps),
    )
    value = (firm.mix * firm.price * np.exp(firm.quantity)).sum(0)
    value = value / value.sum()
    if cause == "product":
        product = int(rng.choice(np.argsort(-value)[:3]))
        effect.drop[:, product, :] = s * rng.uniform(0.62, 0.80)
        effect.reasons = {"product": 0.80, "competitor": 0.12, "no_decision": 0.08}
        effect.other_reasons = 0.25
    elif cause == "price":
        elasticity = np.clip(rng.normal(1, 0.15, PRODUCTS), 0.6, 1.4)
        effect.drop[:] = np.clip(s * rng.uniform(0.36, 0.46) * elasticity, 0, 0.9)[None, :, None]
        effect.discount = s * rng.uniform(0.05, 0.09)
        effect.reasons = {"price": 0.60, "competitor": 0.30, "no_decision": 0.10}
        effect.other_reasons = 0.20
    elif cause == "delivery":
        depth = np.clip(rng.normal(1, 0.2, PRODUCTS), 0.5, 1.5)
        effect.cancelling, effect.late = (
            s * rng.uniform(0.24, 0.34) * depth,
            s * rng.uniform(0.40, 0.55) * depth,
        )
        effect.delay, effect.satisfaction = 1 + s, -0.3 * s
        effect.drop[:] = np.clip(s * rng.uniform(0.20, 0.30) * depth, 0, 0.9)[None, :, None]
        effect.reasons = {"delivery": 0.80, "competitor": 0.12, "service": 0.03, "no_decision": 0.05}
        effect.other_reasons = 0.12
    elif cause == "service":
        effect.cancelling = np.full(PRODUCTS, s * rng.uniform(0.15, 0.23))
        effect.drop[:] = s * rng.uniform(0.28, 0.38)
        effect.satisfaction, effect.followed = -s * rng.uniform(1.0, 1.4), 1 - s * rng.uniform(0.4, 0.6)
        effect.reasons = {"service": 0.78, "competitor": 0.12, "no_decision": 0.10}
        effect.other_reasons = 0.12
    elif cause == "marketing":  # of web and campaign, and events as often as not
        way = rng.choice(["fewer", "worse", "both"], p=[0.4, 0.25, 0.35])
        where = [0, 1, 2] if rng.random() < 0.6 else [0, 1]
        depth = rng.uniform(0.62, 0.75) if len(where) == 3 else rng.uniform(0.70, 0.82)
        fewer, worse = {"fewer": (depth, 0), "worse": (0, depth), "both": (depth * 0.62, depth * 0.60)}[way]
        effect.leads[:, where] = 1 - s * fewer
        effect.drop[:, :, where] = s * worse
        effect.reasons = {"no_decision": 0.60, FREE: 0.22, "price": 0.10, "competitor": 0.08}
        effect.other_reasons = 0.12
    elif cause == "training":  # a range relaunched asks for it from the quarter's start
        order = np.argsort(-value * rng.uniform(0.8, 1.25, PRODUCTS))
        number = int(np.argmax(np.cumsum(value[order]) > 0.5)) + 1
        lacks = rng.random(reps) < rng.uniform(0.2, 0.38)
        lacks[rng.permutation(reps)[:3]] = True
        products = [int(product) for product in order[:number]]
        for product in products:
            firm.trained[product] = np.where(lacks, NEVER, rng.integers(NOW - 60, NOW + 1, reps))
        late = lacks & (rng.random(reps) < 0.08)  # caught up when it was too late to matter
        for product in products:
            caught_up = rng.integers(LAST - 15, LAST + 1, reps)
            firm.trained[product] = np.where(late, caught_up, firm.trained[product])
        effect.drop[np.ix_(np.flatnonzero(lacks), products)] = s * rng.uniform(0.62, 0.75)
        effect.reasons = {
            "price": 0.20,
            "product": 0.20,
            "competitor": 0.25,
            "no_decision": 0.25,
            "delivery": 0.02,
            "service": 0.02,
            FREE: 0.06,
        }
    elif cause == "capability":
        there = np.flatnonzero((firm.hired < 0) & (firm.left > LAST))
        for rep in rng.permutation(there)[: int(rng.integers(1, 5))]:
            effect.drop[rep] = s * rng.uniform(0.42, 0.60)
            effect.leads[rep] = 1 - s * rng.uniform(0.20, 0.40)
            effect.left_open[rep] = rng.choice([0, 0.5, 1])
            effect.size[rep] = 1 - s * rng.uniform(0, 0.2)
            effect.techniques[rep] = 1 - 0.4 * s
        effect.reasons = REASONS | {"no_decision": 0.37}
    return effect
