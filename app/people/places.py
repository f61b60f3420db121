"""Countries, currencies and time zones to choose from, and what a browser's language makes likely."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_month_names
from babel.numbers import get_currency_name, get_territory_currencies

from app.core.locales import LOCALES, by_browser

# Where a country has several zones: where most people live.
_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "GB": "Europe/London",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
}
_COUNTRIES = {"es_ES": "ES", "es_CO": "CO", "es_MX": "MX", "en_US": "US"}


@dataclass(frozen=True, slots=True)
class Guess:
    country: str
    currency: str
    timezone: str
    locale: str


@lru_cache(maxsize=8)
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    found = [(code, str(names[code])) for code in territories() if code in names]
    return tuple(sorted(found, key=lambda pair: _sort_key(pair[1])))


@lru_cache(maxsize=1)
def territories() -> frozenset[str]:
    """Countries with a currency of their own or shared: no continents, no memories."""
    zones = get_global("territory_zones")
    return frozenset(code for code in zones if len(code) == 2 and code.isalpha() and _currency_of(code))


@lru_cache(maxsize=8)
def currencies(locale: str) -> tuple[tuple[str, str], ...]:
    codes = {_currency_of(code) for code in territories()}
    return tuple(
        (code, f"{code} · {get_currency_name(code, locale=locale)}") for code in sorted(filter(None, codes))
    )


@lru_cache(maxsize=1)
def zones() -> tuple[tuple[str, str], ...]:
    areas = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    names = sorted(name for name in available_timezones() if name.split("/")[0] in areas and "/" in name)
    return tuple((name, name.replace("_", " ").replace("/", " / ")) for name in ("UTC", *names))


def months(locale: str) -> list[tuple[int, str]]:
    names = get_month_names("wide", context="stand-alone", locale=locale)
    return [(number, str(names[number])) for number in range(1, 13)]


def guess(tags: Iterable[str]) -> Guess:
    """From the browser's languages (`es-CO`, `es`): the first that names a country, else the language's."""
    wanted = [tag.replace("-", "_") for tag in tags]
    locale = by_browser(wanted) or "en_US"
    named = (tag.split("_")[-1].upper() for tag in wanted if "_" in tag)
    country = next((code for code in named if code in territories()), _COUNTRIES[locale])
    return Guess(
        country=country,
        currency=_currency_of(country) or "USD",
        timezone=_zone_of(country),
        locale=locale if locale in LOCALES else "en_US",
    )


def _zone_of(country: str) -> str:
    listed = get_global("territory_zones").get(country) or ["UTC"]
    zone = _ZONES.get(country, listed[0])
    return zone if zone in available_timezones() else "UTC"


def _currency_of(country: str) -> str | None:
    # Of today: the list of currencies in use may change with a release, not while this process runs.
    found = get_territory_currencies(country, start_date=date(2026, 1, 1))
    return found[0] if found else None


def _sort_key(name: str) -> str:
    plain = str.maketrans("áéíóúÁÉÍÓÚÅÖ", "aeiouAEIOUAO")
    return name.translate(plain).casefold()
