"""Simulated companies as a statistician would rough them out, without knowledge of the method.

The chance to win is hierarchical: company, team, rep, product, source, each drifting a little by quarter.
Deals have quantities and list prices of their own; cycles are gamma and run over the ends of quarters; a
quarter before the data is simulated and not exported. People join and leave, losses are noted wrongly or
not at all, cells are blank, some sales are shared. Causes act on what is opened from 2026-07-01 on (delivery
and service: also on what is won then). One seed is one company whatever the cause, and one plan whatever the
strength; the luck differs. Goals are the model's expectation with some noise, or the mean of the past.
"""

from typing import Any

import numpy as np

from bench.outside.rough.effects import effect_of
from bench.outside.rough.firm import firm_before
from bench.outside.rough.ground import CAUSES, LAST, until_now
from bench.outside.rough.leads import leads_of, reasons_of
from bench.outside.rough.rows import goals_of, people_of, sales_of


def generate(seed: int, cause: str, strength: float) -> dict[str, Any]:
    place = CAUSES.index(cause)
    rng = np.random.default_rng([20261, seed, place, round(strength * 1000)])
    firm = firm_before(np.random.default_rng([77, seed]))
    effect = effect_of(np.random.default_rng([13, seed, place]), firm, cause, float(strength))
    lead = leads_of(rng, firm, effect)
    reasons = reasons_of(rng, firm, effect, lead)
    people, emails = people_of(np.random.default_rng([5, seed]), firm, f"c{seed}.example")
    sales, books = sales_of(rng, firm, effect, lead, reasons, emails, seed)
    goals, touched = goals_of(np.random.default_rng([9, seed]), firm, effect, books, emails, cause)
    return {
        "people": people,
        "products": [
            {
                "code": f"P{product + 1}",
                "name": f"Product {'ABCDEFGH'[product]}",
                "series": f"Series {series + 1}",
                "list_price": float(firm.price[product]),
                "currency": "",
            }
            for product, series in enumerate(firm.series)
        ],
        "sales": sales,
        "training": [
            {"rep": emails[rep], "product": f"P{product + 1}", "completed_on": until_now(days[rep])}
            for product, days in sorted(firm.trained.items())
            for rep in range(firm.reps)
            if firm.left[rep] > LAST
        ],
        "goals": goals,
        "touched": touched,
    }
