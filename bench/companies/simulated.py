"""A company as a diagnosis reads it, its missed goals, and the truth."""

from dataclasses import dataclass, field

import numpy as np

from app.diagnosis.records import Company, Goal
from app.metrics.definition import MetricKind, Rule, Subject, parse

RULES: dict[str, Rule] = {
    "revenue": parse(
        Subject.SALES,
        MetricKind.SUM,
        {"date": "closed_on", "measure": "value", "conditions": ["won", "kept"]},
    ),
    "deals_won": parse(
        Subject.SALES,
        MetricKind.COUNT,
        {"date": "closed_on", "measure": "count", "conditions": ["won", "kept"]},
    ),
}
TOUCHED = 1 / 6


@dataclass
class Simulated:
    company: Company
    goals: list[Goal]
    cost: dict[str, np.ndarray] = field(default_factory=dict)  # cause: by rep, share of the expected
    missed: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    def touched(self, cause: str) -> np.ndarray:
        return self.cost[cause] >= TOUCHED
