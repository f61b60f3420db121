"""How money, numbers and dates look to this viewer; Jinja filters of the same names."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)
from flask import Flask

from app.core import clock
from app.core.locales import locale

Number = int | float | Decimal


def _locale() -> Any:
    return locale() or "en_US"


def _major(minor: Number, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def money(minor: Number | None, currency: str) -> str:
    """An amount in minor units, exact: `1.234,50 €`. None is a dash."""
    if minor is None:
        return "–"
    decimals = get_currency_precision(currency)
    return _with_symbol(_plain(_major(minor, currency), decimals), currency)


def money_short(minor: Number | None, currency: str) -> str:
    """Rounded for reading: `$357.7K` from ten thousand on, exact below, whole where it is."""
    if minor is None:
        return "–"
    amount = _major(minor, currency)
    if amount >= 10_000 or amount <= -10_000:
        return _with_symbol(
            str(format_compact_decimal(float(amount), locale=_locale(), fraction_digits=1)), currency
        )
    if amount == amount.to_integral_value():
        return _with_symbol(_plain(amount, 0), currency)
    return money(minor, currency)


def money_whole(minor: Number, currency: str) -> str:
    """An amount without cents: `$83,000`."""
    return _with_symbol(_plain(_major(minor, currency), 0), currency)


def _plain(amount: Number, decimals: int) -> str:
    return _written(amount, decimals, _locale())


@lru_cache(10_000)
def _written(amount: Number, decimals: int, locale: Any) -> str:
    """Ranks and counts are the same from page to page, and Babel is slow."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(amount, format=pattern, locale=locale))


def _with_symbol(figure: str, currency: str) -> str:
    """Where the region puts it; letters keep a space from digits.

    CLDR's own compact currencies (`714.6 kUSD` in es_MX) are nobody's way of writing.
    """
    symbol, comes_first = _symbol(currency, str(_locale()))
    sign, digits = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
    if not comes_first:
        return f"{sign}{digits}\u00a0{symbol}"
    gap = "\u00a0" if symbol[-1].isalpha() else ""
    return f"{sign}{symbol}{gap}{digits}"


@lru_cache
def _symbol(currency: str, name: str) -> tuple[str, bool]:
    locale = Locale.parse(name)
    comes_first = locale.currency_formats["standard"].pattern.startswith("\xa4")
    return get_currency_symbol(currency, locale=locale), comes_first


def number(value: Number | None, decimals: int = 0) -> str:
    if value is None:
        return "–"
    return _plain(value, decimals)


def number_short(value: Number | None) -> str:
    if value is None:
        return "–"
    if abs(Decimal(value)) < 10_000:
        return str(format_decimal(value, locale=_locale()))
    return str(format_compact_decimal(float(value), locale=_locale(), fraction_digits=1))


def percent(share: Number | None, decimals: int = 0) -> str:
    """A share as per cent: 0.25 is 25 %."""
    if share is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    spaced = getattr(_locale(), "language", "en") == "es"
    text = format_percent(share, format=f"{pattern}\u00a0%" if spaced else f"{pattern}%", locale=_locale())
    return str(text)


def day(value: date | None) -> str:
    return format_date(value, format="medium", locale=_locale()) if value else "–"


def short_day(value: date | None) -> str:
    """Day and month, for this year's dates."""
    if value is None:
        return "–"
    pattern = "d MMM" if getattr(_locale(), "language", "en") == "es" else "MMM d"
    return format_date(value, format=pattern, locale=_locale())


def month(value: date) -> str:
    return format_date(value, format="LLLL y", locale=_locale())


def moment(value: datetime | None) -> str:
    """An instant in the company's zone."""
    if value is None:
        return "–"
    return format_datetime(
        value.astimezone(clock.zone()), format="short", tzinfo=clock.zone(), locale=_locale()
    )


FILTERS: tuple[Callable[..., str], ...] = (
    money,
    money_short,
    number,
    number_short,
    percent,
    day,
    short_day,
    month,
    moment,
)


def init_app(app: Flask) -> None:
    for function in FILTERS:
        app.add_template_filter(function)
