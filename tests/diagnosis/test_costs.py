"""What several rounds of the search have found of one cause is one claim."""

import numpy as np

from app.diagnosis.costs import Claim, Costs, together
from app.diagnosis.diagnosing import REVENUE
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.measures import measured

TENT, ROPE = Scope(product=1), Scope(product=2)


def test_one_cause_found_twice_in_one_place_is_one_claim() -> None:
    def claim(cost: float, sure: float, scope: Scope, found: int) -> Claim:
        return Claim(Cause.PRODUCT, Why.WIN_RATE, np.full(2, cost), np.full(2, sure), scope, found)

    given = (claim(9, 0.99, TENT, 0), claim(5, 0.9, ROPE, 1), claim(1, 0.8, TENT, 2))
    costs = Costs(measured(REVENUE), np.full(2, 20.0), np.full(2, 20.0), given)
    found = together(costs).claims
    assert [(each.scope, each.cost.tolist(), each.sure.tolist(), each.found) for each in found] == [
        (TENT, [10, 10], [0.99, 0.99], 0),
        (ROPE, [5, 5], [0.9, 0.9], 1),
    ]
