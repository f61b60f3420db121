"""What the model itself expects, with the cause and without."""

from statistics import NormalDist
from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.rough.firm import chance_of
from bench.outside.rough.ground import LAST, NOW, PRODUCTS, STARTS, Random, gamma_days, workday

NORMAL = np.array([NormalDist().inv_cdf((k + 0.5) / 600) for k in range(600)])


def expected_of(rng: Random, firm: Record, effect: Record) -> tuple[Any, Any]:
    """By rep: revenue of the last quarter that was to be expected without the cause, and with it."""
    everywhere = np.ix_(range(firm.reps), range(PRODUCTS), range(len(firm.sources)))
    size = (PRODUCTS, 3000)

    def quantity(of_rep: Any) -> Any:
        log = firm.quantity[None, :, None] + np.log(of_rep)[:, None, None] + firm.quantity_spread * NORMAL
        return np.maximum(1, np.rint(np.exp(log))).mean(2)

    without, with_it = np.zeros(firm.reps), np.zeros(firm.reps)
    cancelling = np.minimum(0.95, firm.cancelling + effect.cancelling)
    for quarter in (1, 2, 3):
        start, end = STARTS[quarter], STARTS[quarter + 1]
        opened = workday(rng.integers(start, end, size))
        closed = workday(opened + gamma_days(rng, firm.cycle[:, None], firm.cycle_shape, size))
        inside = (closed >= NOW) & (closed <= LAST)
        seen = inside & (closed + gamma_days(rng, firm.cancelling_days, 2, size) <= LAST)
        closing, seen = inside.mean(1), seen.mean(1)  # in the quarter; and a cancellation would be known
        there = np.clip(np.minimum(end, firm.left) - np.maximum(start, firm.hired), 0, None) / (end - start)
        leads = (firm.rate * firm.season[quarter] * there)[:, None, None] * firm.mix[:, :, None]
        leads = leads * firm.source_mix[:, None, :] * firm.source_season[quarter][None, None, :]
        wins = leads * chance_of(firm, *everywhere, quarter) * (1 - firm.stale)
        price = firm.price[None, :] * (1 - firm.discount[:, None])
        kept = closing - firm.cancelling * seen
        without += (wins * (price * quantity(firm.size) * kept)[:, :, None]).sum((1, 2))
        of_rep = firm.size
        if quarter == 3:
            wins = wins * (1 - effect.drop) * effect.leads[:, None, :]
            price = firm.price[None, :] * (1 - firm.discount[:, None] - effect.discount)
            of_rep = firm.size * effect.size
        kept = closing - cancelling * seen
        with_it += (wins * (price * quantity(of_rep) * kept)[:, :, None]).sum((1, 2))
    return without, with_it
