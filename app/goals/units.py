"""Between a figure as it is kept (minor units, shares) and as people write it (euros, per cent)."""

from decimal import Decimal
from typing import Protocol

from babel.numbers import format_decimal, get_currency_symbol
from flask_babel import get_locale

from app.core.money import precision
from app.metrics.models import Metric, MetricKind, Unit
from app.people.company import the_company


class Counted(Protocol):
    """A metric, or whatever else is counted in a unit."""

    @property
    def unit(self) -> Unit: ...


def factor(what: Counted) -> Decimal:
    """What one unit as written is as kept: euros are kept as cents, per cents as shares."""
    if what.unit is Unit.MONEY:
        return Decimal(10) ** precision(the_company().currency)
    return Decimal("0.01") if what.unit is Unit.PERCENT else Decimal(1)


def to_kept(what: Counted, written: Decimal) -> Decimal:
    return (written * factor(what)).quantize(Decimal("0.0001"))


def to_written(what: Counted, kept: Decimal) -> Decimal:
    plain = (kept / factor(what)).normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


def local(number: Decimal) -> str:
    """As a field shows it: `1.234,5` by region, exact."""
    return str(format_decimal(number, locale=get_locale() or "en_US", decimal_quantization=False))


def step(metric: Metric) -> Decimal:
    """What targets are rounded to: whole euros, deals, tenths of a per cent."""
    if metric.unit is Unit.MONEY:
        return factor(metric)
    if metric.unit is Unit.PERCENT:
        return Decimal("0.001")
    return Decimal("0.1") if metric.kind is MetricKind.RATIO else Decimal(1)


def round_step(metric: Metric, value: Decimal) -> Decimal:
    """For proposals: three digits are precise enough for a guess, and easier to say."""
    least = step(metric)
    if metric.kind is MetricKind.RATIO or value <= 0:
        return least
    return max(least, Decimal(10) ** (value.adjusted() - 2))


def sign(what: Counted) -> str:
    """What stands beside a field: the currency's sign, `%`, or nothing."""
    if what.unit is Unit.MONEY:
        return str(get_currency_symbol(the_company().currency, locale=get_locale() or "en_US"))
    return "%" if what.unit is Unit.PERCENT else ""
