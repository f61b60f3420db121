"""A cell's text as a value: dates, amounts, numbers. Pure; nothing is guessed here.

Each function takes what the file says and returns the value, or raises Bad with a reason.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.core import money
from app.imports.problems import Bad

Cell = str | float
DateOrder = Literal["iso", "dmy", "mdy"]

EMPTY = frozenset({"", "NULL", "null", "\\N", "#N/A", "N/A", "n/a"})
EXCEL_ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](.*))?")
OTHER = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ](.*))?")
WHOLE = re.compile(r"[+-]?\d{1,12}")
SHOWN = 60
LARGEST = 10**15
EXAMPLES: dict[DateOrder, str] = {"iso": "2026-12-31", "dmy": "31/12/2026", "mdy": "12/31/2026"}


def stripped(cell: Cell) -> str:
    """A text without spaces around it; the words for "nothing" are nothing."""
    if not isinstance(cell, str):
        return format(Decimal(repr(cell)), "f")
    found = cell.strip()
    return "" if found in EMPTY else found


def text(cell: Cell, longest: int = 500) -> str | None:
    """One line of text, spaces made single."""
    found = stripped(cell)
    if not found:
        return None
    if found[0] == "=":
        raise Bad("formula", value=found[:SHOWN])
    if found in EXCEL_ERRORS:
        raise Bad("excel_error", value=found)
    if CONTROL.search(found):
        raise Bad("control_character")
    found = " ".join(found.split())
    if len(found) > longest:
        raise Bad("too_long", limit=longest)
    return found


def day(cell: Cell, order: DateOrder, zone: ZoneInfo) -> date | None:
    """A year first is always understood, else `order` decides. An instant falls in the zone's day."""
    found = stripped(cell)
    if not found:
        return None
    if match := ISO.fullmatch(found):
        year, month, number = int(match[1]), int(match[2]), int(match[3])
    elif order != "iso" and (match := OTHER.fullmatch(found)):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        number, month = (first, second) if order == "dmy" else (second, first)
    else:
        raise Bad("not_a_date", value=found[:SHOWN], example=EXAMPLES[order])
    try:
        if not 1900 <= year <= 2199:
            raise ValueError
        result = date(year, month, number)
    except ValueError:
        raise Bad("impossible_date", value=found[:SHOWN]) from None
    return _in_zone(result, match[4], zone) if match[4] else result


def _in_zone(result: date, clock_time: str, zone: ZoneInfo) -> date:
    if not re.search(r"[Zz]$|[+-]\d\d:?\d\d$", clock_time):
        return result
    try:
        return datetime.fromisoformat(f"{result.isoformat()}T{clock_time}").astimezone(zone).date()
    except ValueError:
        return result


def number(cell: Cell, style: money.Style, currency: str | None = None) -> Decimal | None:
    if not isinstance(cell, str):
        return Decimal(repr(cell))
    found = stripped(cell)
    if not found:
        return None
    try:
        return money.parse_amount(found, style, currency)
    except money.AmountError as error:
        if found[0] == "=":
            raise Bad("formula", value=found[:SHOWN]) from None
        if error.reason == "grouping":
            example = "1234.56" if style == "." else "1234,56"
            raise Bad("decimal_mark", value=found[:SHOWN], example=example) from None
        raise Bad("not_a_number", value=found[:SHOWN]) from None


def amount(cell: Cell, style: money.Style, currency: str) -> int | None:
    """Minor units."""
    found = number(cell, style, currency)
    if found is None:
        return None
    if abs(found) >= LARGEST:
        raise Bad("too_big", value=str(cell)[:SHOWN])
    if not isinstance(cell, str):  # a spreadsheet's 0.1 + 0.2
        found = round(found, money.precision(currency))
    try:
        return money.to_minor(found, currency)
    except money.AmountError:
        raise Bad("decimals", value=str(cell)[:SHOWN], currency=currency) from None


def whole(cell: Cell, least: int, most: int) -> int | None:
    found = stripped(cell)
    if not found:
        return None
    plain = re.sub(r"[.,]0+$", "", found)
    if not WHOLE.fullmatch(plain) or not least <= int(plain) <= most:
        raise Bad("not_whole", value=found[:SHOWN], least=least, most=most)
    return int(plain)


def currency(cell: Cell) -> str | None:
    found = stripped(cell).upper()
    if not found:
        return None
    try:
        money.precision(found)
    except money.AmountError:
        raise Bad("currency", value=found[:SHOWN]) from None
    return found


def email(cell: Cell) -> str | None:
    found = text(cell, 254)
    if found is None:
        return None
    if not re.fullmatch(r"[^@\s,;:<>\"()]+@[^@\s,;:<>\"()]+\.[^@\s.,;:<>\"()]{2,}", found):
        raise Bad("not_an_email", value=found[:SHOWN])
    return found.lower()


def listed(cell: Cell) -> list[str]:
    """Parts separated by `;`, each once."""
    found = text(cell, 2000)
    parts = (part.strip() for part in (found or "").split(";"))
    return list(dict.fromkeys(part for part in parts if part))


class Kept(dict[Any, Any]):
    """What cells were read as, so that a value that comes a thousand times is read once."""

    MOST = 100_000

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        value = self._read(cell)
        if len(self) < self.MOST:
            self[cell] = value
        return value


# COPY's text format


def copied(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, list):
        return escaped("{" + ",".join(_element(part) for part in value) + "}")
    return str(value)


def escaped(value: str) -> str:
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        for character, stands_for in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
            value = value.replace(character, stands_for)
    return value


def _element(part: Any) -> str:
    if isinstance(part, str):
        return '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(part)
