"""Figures before and now, beside those of others, and the charts of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.core import formats
from app.diagnosis.findings import Unit
from app.diagnosis.words.saying import _
from app.people.company import the_company

FIGURES: Mapping[str, Any] = {
    "win_rate": _l("Deals won of those decided"),
    "leads": _l("Leads that came in"),
    "leads_a_month": _l("Leads that came in a month"),
    "leads_decided": _l("Leads decided"),
    "lost_for": _l("Lost for this reason, of those decided"),
    "discount": _l("Discount on the list price"),
    "late": _l("Deliveries that were late"),
    "cancelled": _l("Orders cancelled, of those won"),
    "followed_up": _l("Deliveries followed up"),
    "satisfaction": _l("Satisfaction of customers"),
    "deal_value": _l("Size of a deal"),
    "value": _l("Size of a deal"),
    "activity": _l("Leads taken up"),
    "activities": _l("Calls, meetings and demos"),
    "untrained_win_rate": _l("Deals won by those without the training"),
    "trained_win_rate": _l("Deals won by those who have it"),
    "revenue": _l("Revenue"),
    "expected": _l("To be expected by history"),
    "target": _l("Target"),
    "coaching": _l("Coaching sessions held"),
    "paid_of_list": _l("Paid, of the list price"),
    "lost_price": _l("Lost over the price, of losses with a reason"),
    "lost_competitor": _l("Lost to competitors, of losses with a reason"),
    "lost_product": _l("Lost over the product, of losses with a reason"),
    "lost_delivery": _l("Lost over delivery, of losses with a reason"),
    "lost_service": _l("Lost over service, of losses with a reason"),
    "lost_no_decision": _l("Lost without a decision, of losses with a reason"),
}
_EXPECTED: Mapping[str, Any] = {
    "leads_expected": _l("Leads opened: %(seen)s; %(expected)s were to be expected."),
    "decided_expected": _l("Leads decided: %(seen)s; %(expected)s were to be expected."),
    "wins_expected": _l("Deals won: %(seen)s; %(expected)s were to be expected."),
    "target": _l("The target: %(seen)s; by history: %(expected)s."),
    "actual": _l("The result: %(seen)s; by history: %(expected)s."),
}


def figure_text(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == Unit.SHARE:
        return formats.percent(value, 1 if 0 < abs(value) < 0.1 else 0)
    if unit == Unit.MONEY:
        return formats.money_short(Decimal(str(round(value))), the_company().currency)
    if unit == Unit.SCORE:
        return formats.number(value, 1)
    if unit == Unit.INDEX:
        return formats.percent(value, 0)
    return formats.number(value, 0 if abs(value) >= 10 or value == int(value) else 1)


def figure_texts(values: Sequence[float | None], unit: str) -> list[str]:
    return [figure_text(value, unit) for value in values]


def figure_name(code: str) -> str:
    return str(FIGURES.get(code) or code.replace("_", " ").capitalize())


def chart_title(chart: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> str:
    """Its message: what it is, from what before to what now; by the figure of the whole periods, not by the
    months at its ends.
    """
    name = figure_name(chart["code"])
    figure = next((one for one in figures if one["code"] == chart["code"]), None)
    if figure is None or figure["before"] is None or figure["now"] is None:
        return name
    before, now = (figure_text(figure[part], figure["unit"]) for part in ("before", "now"))
    if before == now:
        return _("%(what)s: %(now)s, as before", what=name, now=now)
    if figure["now"] < figure["before"]:
        return _("%(what)s fell from %(before)s to %(now)s", what=name, before=before, now=now)
    return _("%(what)s rose from %(before)s to %(now)s", what=name, before=before, now=now)


def others_text(chart: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> str | None:
    """How the others did in the same; None where nothing is known of them."""
    figure = next((one for one in figures if one["code"] == chart["code"]), None)
    if figure is None or figure["peers_now"] is None or figure["peers_before"] is None:
        return None
    before, now = (figure_text(figure[part], figure["unit"]) for part in ("peers_before", "peers_now"))
    return _("Others: %(before)s before, %(now)s now", before=before, now=now)


def point_labels(points: Sequence[Sequence[Any]]) -> list[str]:
    """Jul 2026; the day where the points are weeks."""
    days = [date.fromisoformat(point[0]) for point in points]
    if len(days) > 1 and (days[1] - days[0]).days < 28:
        return [formats.short_day(day) for day in days]
    locale = get_locale() or "en_US"
    return [format_date(day, "LLL y", locale=locale) for day in days]


def compared(figures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that have a before and a now, for a table."""
    return [figure for figure in figures if figure["code"] not in _EXPECTED]


def expected_lines(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that set what was beside what was to be expected, each a sentence."""
    lines = []
    for figure in figures:
        said = _EXPECTED.get(figure["code"])
        expected = figure["peers_now"] if figure["code"].endswith("_expected") else figure["before"]
        if said is None or figure["now"] is None or expected is None:
            continue
        unit = figure["unit"]
        lines.append(
            str(said) % {"seen": figure_text(figure["now"], unit), "expected": figure_text(expected, unit)}
        )
    return lines
