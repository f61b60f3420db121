"""The level of peers at what an aim counts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from statistics import quantiles

from app.coaching.plans import measures
from app.coaching.plans.aiming import Level
from app.coaching.plans.measures import Measured
from app.metrics.figures import Value

LEAST_PEERS = 4
"""Fewer do not make a level to aim at."""

LEAST_CASES = 5


class Levels:
    """What peers come to together, whoever asks left out; the quartile is everybody's."""

    def __init__(self, what: Measured, values: Mapping[int, Value], start: date, end: date) -> None:
        self._what, self._values = what, values
        self._weeks = measures.weeks(start, end)
        self._value = sum((value.value for value in values.values()), Decimal(0))
        self._base = sum((value.base or Decimal(0) for value in values.values()), Decimal(0))
        said = [
            figure
            for value in values.values()
            if (what.is_per_week or (value.base or 0) >= LEAST_CASES)
            and (figure := measures.as_said(what, value, start, end)) is not None
        ]
        self._people = len(said)
        self._upper = None
        if len(said) >= LEAST_PEERS:
            quarters = quantiles(said, n=4, method="inclusive")
            self._upper = quarters[2] if what.is_higher_better else quarters[0]

    def without(self, person_id: int) -> Level | None:
        own = self._values.get(person_id)
        if self._upper is None:
            return None
        if self._what.is_per_week:
            others = len(self._values) - (own is not None)
            level = (self._value - (own.value if own else 0)) / others / self._weeks
        else:
            base = self._base - ((own.base or 0) if own else 0)
            if not base:
                return None
            level = (self._value - (own.value if own else 0)) / base
        return Level(level, self._upper, self._people)
