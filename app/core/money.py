"""Money as integer minor units with an ISO 4217 currency: exact, or refused.

How many decimals a currency has comes from CLDR through Babel (EUR 2, CLP 0, BHD 3).
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Literal

from babel.core import get_global
from babel.numbers import get_currency_precision, get_currency_symbol

Style = Literal[".", ","]

MAX_LENGTH = 40
GROUPS = {".": ",", ",": "."}
SPACES = "\u0020\u00a0\u2009\u202f"
APOSTROPHES = "'\u2019"
SIGNS = {"-": -1, "\u2212": -1, "+": 1}


class AmountError(ValueError):
    """A text or number that is no amount. `reason` is a key for the message:

    empty, too_long, not_a_number, grouping, currency, decimals.
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {text[:MAX_LENGTH]!r}")
        self.reason = reason
        self.text = text


def precision(currency: str) -> int:
    """Decimals of the currency. Raises AmountError("currency") for a code that ISO 4217 does not know."""
    if currency not in _currencies():
        raise AmountError("currency", currency)
    return get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Exact: 12.30 EUR is 1230. Raises AmountError("decimals") for 12.345 EUR; 12.300 EUR is well."""
    if not amount.is_finite():
        raise AmountError("not_a_number", str(amount))
    minor = Fraction(amount) * Fraction(10 ** precision(currency))
    if minor.denominator != 1:
        raise AmountError("decimals", str(amount))
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    sign, digits, _ = Decimal(minor).as_tuple()
    return Decimal((sign, digits, -precision(currency)))


def allocate(total: int, shares: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Split a whole number of units in proportion to shares, without remainder.

    Largest remainder (Hamilton's method): everyone gets the whole part of their quota, the units left
    over go one each to the largest fractions, the earlier share first among equals. Exact arithmetic, so
    the sum is always the total; a negative total is split like its opposite.
    Raises ValueError for a negative share, or when there is something to split and nothing to split it by.
    """
    if any(share < 0 for share in shares):
        raise ValueError("a share is negative")
    exact = [Fraction(share) for share in shares]
    scale = lcm(*(share.denominator for share in exact))
    weights = [share.numerator * (scale // share.denominator) for share in exact]
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError("nothing to split by")
        return [0] * len(weights)
    sign, units = (-1, -total) if total < 0 else (1, total)
    parts, remainders = [], []
    for weight in weights:
        part, remainder = divmod(units * weight, whole)
        parts.append(part)
        remainders.append(remainder)
    left = units - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return [sign * part for part in parts]


def convert(minor: int, currency: str, rate: Decimal, to_currency: str) -> int:
    """Minor units of another currency at `rate` (units of `to_currency` for one of `currency`).

    Rounded once, half to even (ISO 80000-1, B.2): no drift over many sales.
    Raises ValueError for a rate that is not positive.
    """
    if not rate.is_finite() or rate <= 0:
        raise ValueError("a rate is positive")
    exact = Fraction(minor) * Fraction(rate) * Fraction(10) ** (precision(to_currency) - precision(currency))
    return round(exact)


def parse_amount(text: str, style: Style = ".", currency: str | None = None) -> Decimal:
    """The amount that a text says, given its decimal mark; nothing is guessed.

    With style ",": "1.234,50", "1 234,50" and "1234,50" are 1234.50, and "1.234" is 1234. With style ".":
    "1,234.50", "1'234.50" and "1234.50". Groups are of three digits, of one kind and complete, or the text is
    refused: "12.34,5", "1.234 567", "0.123" under ",". A sign leads; brackets mean minus, as in accounting.
    A currency's own sign or code may stand before or after when `currency` is given.
    Raises AmountError with a reason.
    """
    stripped = text.strip(SPACES + "\t")
    if not stripped:
        raise AmountError("empty", text)
    if len(stripped) > MAX_LENGTH:
        raise AmountError("too_long", text)
    sign, body = _unsigned(stripped)
    body = _without_currency(body, currency)
    if sign is None:
        sign, body = _unsigned(body)
    match = _pattern(style).fullmatch(body)
    if not match or not body:
        raise AmountError(_why(body), text)
    whole = re.sub(r"[^0-9]", "", match["whole"] or "0")
    amount = Decimal(f"{whole}.{match['decimals']}" if match["decimals"] else whole)
    return amount.copy_negate() if sign == -1 and amount else amount


def _unsigned(text: str) -> tuple[int | None, str]:
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1].strip(SPACES)
    if text[:1] in SIGNS:
        return SIGNS[text[0]], text[1:].lstrip(SPACES)
    return None, text


def _without_currency(text: str, currency: str | None) -> str:
    if currency is None:
        return text
    for sign in sorted(_signs(currency), key=len, reverse=True):
        if text.startswith(sign):
            return text[len(sign) :].lstrip(SPACES)
        if text.endswith(sign):
            return text[: -len(sign)].rstrip(SPACES)
    return text


def _why(body: str) -> str:
    marks = re.escape(SPACES + APOSTROPHES)
    return "grouping" if re.fullmatch(rf"[0-9.,{marks}]*[0-9][0-9.,{marks}]*", body) else "not_a_number"


@lru_cache
def _pattern(style: Style) -> re.Pattern[str]:
    mark = re.escape(style)
    groups = f"[{re.escape(GROUPS[style] + SPACES + APOSTROPHES)}]"
    whole = rf"[1-9][0-9]{{0,2}}(?P<group>{groups})[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*|[0-9]+"
    return re.compile(rf"(?P<whole>{whole})?(?:{mark}(?P<decimals>[0-9]+))?")


@lru_cache
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


@lru_cache
def _signs(currency: str) -> frozenset[str]:
    precision(currency)
    symbols = (get_currency_symbol(currency, name) for name in ("en", "es", "es_CO", "es_MX"))
    return frozenset({currency, *symbols})
