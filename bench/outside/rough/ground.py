"""What all share: the days, the names of things, and a random number's type."""

from datetime import date, timedelta
from typing import Any

import numpy as np

Random = np.random.Generator
CAUSES = ("product", "price", "delivery", "service", "marketing", "training", "capability", "none")
FIRST_DAY = date(2025, 10, 1)
STARTS = [
    (date(year, month, 1) - FIRST_DAY).days
    for year, month in ((2025, 10), (2026, 1), (2026, 4), (2026, 7), (2026, 10))
]
NOW, LAST = STARTS[3], STARTS[4] - 1
NEVER = 10**6
PRODUCTS = 8
FREE = "~"  # some reason in its own words
REASONS = {
    "price": 0.25,
    "product": 0.12,
    "competitor": 0.21,
    "no_decision": 0.25,
    "delivery": 0.05,
    "service": 0.05,
    FREE: 0.07,
}


def iso(day: int) -> str:
    return (FIRST_DAY + timedelta(days=int(day))).isoformat()


def until_now(day: int) -> str:
    return iso(day) if day <= LAST else ""


def workday(day: Any) -> Any:
    weekday = (day + FIRST_DAY.weekday()) % 7
    return day + np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))


def gamma_days(rng: Random, mean: Any, shape: float, size: Any) -> Any:
    return 1 + (rng.gamma(shape, 1, size) * mean / shape).astype(int)
