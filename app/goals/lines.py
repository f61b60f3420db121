"""Arithmetic that is shown: the steps from a first figure to a target, in order."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Line:
    """One step. `key` names it (the page has the words), `factor` is what the figure before it was
    multiplied by, where there is one, and `value` the figure after it."""

    key: str
    value: Decimal
    factor: Decimal | None = None


def to_unit(value: Decimal, unit: Decimal) -> Decimal:
    """Rounded to whole units (a deal, a hundred euros), half up. A unit that is not positive: ValueError."""
    if unit <= 0:
        raise ValueError("a unit is positive")
    return (value / unit).to_integral_value(ROUND_HALF_UP) * unit
