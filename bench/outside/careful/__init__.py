"""Simulated companies, written with care and without knowledge of the method.

Leads open on weekdays of three quarters and are decided after a log-normal time, some beyond the end. The
chance to win is logistic in product, source, ability, the quarter and a person's ups and downs; mixes of
products and sources vary a little too. A cause turns would-be wins into losses and won orders into cancelled
ones, removes leads or shrinks amounts, from 2026-07-01 on. Whoever lacks a course sells the product as well
as others do, unless that is the cause. Goals are half history and half plan.
"""

from typing import Any

import numpy as np

from bench.outside.careful.effects import costs_of, effect_of
from bench.outside.careful.firm import courses_of, firm_before
from bench.outside.careful.ground import CAUSES, code_of
from bench.outside.careful.leads import decide, leads_of
from bench.outside.careful.rows import goals_of, people_of, sales_of, training_of


def generate(seed: int, cause: str, strength: float) -> dict[str, Any]:
    rng = np.random.default_rng([20260701, seed, CAUSES.index(cause)])
    firm = firm_before(rng)
    lead = leads_of(rng, firm)
    course = courses_of(rng, firm, lead)
    effect = effect_of(rng, firm, lead, course, cause, 0.0 if cause == "none" else float(strength))
    expected, cost = costs_of(firm, lead, effect)
    decide(rng, firm, lead, effect)
    people, emails = people_of(rng, firm)
    return {
        "people": people,
        "products": [
            {
                "code": code_of(product),
                "name": f"Model {'ABC'[series]}{product + 1}",
                "series": f"Series {'ABC'[series]}",
                "list_price": f"{firm.price[product]:.2f}",
                "currency": "EUR",
            }
            for product, series in enumerate(firm.series)
        ],
        "training": training_of(rng, firm, course, emails),
        "sales": sales_of(rng, lead, emails),
        "goals": goals_of(rng, firm, lead, expected, emails),
        "touched": {email: float(round(cost[rep], 4)) for rep, email in enumerate(emails)},
    }
