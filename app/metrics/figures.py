"""A figure: what is kept of it, and how it looks."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from app.core import formats
from app.metrics.definition import Measure, MetricKind, Unit
from app.people.company import the_company


class Shown(Protocol):
    """A metric, or one that is still being written."""

    @property
    def kind(self) -> MetricKind: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def decimals(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Value:
    """`base` is what a ratio divides by; None for sums and counts."""

    value: Decimal
    base: Decimal | None = None

    @property
    def figure(self) -> Decimal | None:
        """None where a ratio has no case: that is not nought."""
        if self.base is None:
            return self.value
        return self.value / self.base if self.base else None

    def __add__(self, other: "Value") -> "Value":
        base = None if self.base is None or other.base is None else self.base + other.base
        return Value(self.value + other.value, base)


def value_of(metric: Shown, value: Decimal | None = None, base: Decimal | None = None) -> Value:
    """A value of this metric; without numbers, that of somebody who has done nothing yet."""
    value = Decimal(0) if value is None else value
    return Value(value, (base or Decimal(0)) if metric.kind is MetricKind.RATIO else None)


def format_figure(figure: Decimal | int | None, metric: Shown) -> str:
    """Exact: money to the cent, parts of a shared deal to a hundredth. None is a dash."""
    if figure is None:
        return "–"
    if metric.unit is Unit.MONEY:
        return formats.money(_whole(figure), the_company().currency)
    return _other(Decimal(figure), metric)


def format_figure_short(figure: Decimal | int | None, metric: Shown) -> str:
    """Rounded for reading: `$357.7K`."""
    if figure is None:
        return "–"
    if metric.unit is Unit.MONEY:
        return formats.money_short(_whole(figure), the_company().currency)
    if metric.unit is Unit.NUMBER and metric.kind is not MetricKind.RATIO and abs(Decimal(figure)) >= 10_000:
        return formats.number_short(figure)
    return _other(Decimal(figure), metric)


def format_part(amount: Decimal, measure: Measure) -> str:
    """A record's part of a figure: an amount of what is measured, to the last decimal that is kept."""
    if measure in {Measure.VALUE, Measure.LIST_VALUE}:
        return formats.money(amount, the_company().currency)
    exact = amount.normalize()
    return formats.number(amount, max(0, -int(exact.as_tuple().exponent)))


def _whole(figure: Decimal | int) -> Decimal:
    return Decimal(figure).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _other(figure: Decimal, metric: Shown) -> str:
    if metric.unit is Unit.PERCENT:
        return formats.percent(figure, metric.decimals)
    if metric.kind is MetricKind.RATIO:
        return formats.number(figure, metric.decimals)
    is_whole = figure == figure.to_integral_value()
    return formats.number(figure) if is_whole else formats.number(figure, max(metric.decimals, 1))
