"""What all share: the days and the names of things."""

from datetime import date, timedelta
from typing import Any

import numpy as np

Random = np.random.Generator
CAUSES = ("product", "price", "delivery", "service", "marketing", "training", "capability", "none")
FIRST_DAY = date(2026, 1, 1)
STARTS, ENDS = (0, 90, 181), (90, 181, 273)  # of the quarters, ends excluded
NOW, LAST = STARTS[2], ENDS[2] - 1
DAYS = [FIRST_DAY + timedelta(days=day) for day in range(ENDS[2] + 400)]
ISO = [day.isoformat() for day in DAYS]
WEEKDAY = np.array([day.weekday() for day in DAYS])
PRODUCTS = 8
REASONS = ("price", "competitor", "product", "no_decision", "delivery", "service", "budget frozen", "")
SOURCES = ("website", "campaign", "trade fair", "partner", "referral", "prospecting")


def pick(rng: Random, weights: Any) -> Any:
    """One category for each row of weights that sum to 1."""
    cumulated = np.cumsum(weights, 1)
    return (rng.random(len(cumulated))[:, None] > cumulated).sum(1).clip(0, cumulated.shape[1] - 1)


def code_of(product: int) -> str:
    return f"P{product + 1:02d}"
