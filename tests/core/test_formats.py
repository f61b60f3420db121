"""Money and shares look as people of the region write them."""

import pytest
from flask_babel import force_locale

from app.core import formats


@pytest.mark.parametrize(
    ("locale", "currency", "exact", "short"),
    [
        ("es_ES", "EUR", "1.234.567,89 €", "1,2 M €"),
        ("es_CO", "COP", "$1.234.567,89", "$1,2 M"),
        ("es_MX", "MXN", "$1,234,567.89", "$1.2 M"),
        ("es_MX", "USD", "USD 1,234,567.89", "USD 1.2 M"),
        ("en_US", "USD", "$1,234,567.89", "$1.2M"),
        ("en_US", "EUR", "€1,234,567.89", "€1.2M"),
    ],
)
def test_money_by_region(app, locale: str, currency: str, exact: str, short: str) -> None:
    with app.test_request_context(), force_locale(locale):
        assert formats.money(123456789, currency).replace("\u00a0", " ") == exact
        assert formats.money_short(123456789, currency).replace("\u00a0", " ") == short


def test_small_and_negative_amounts_and_currencies_without_cents(app) -> None:
    with app.test_request_context(), force_locale("en_US"):
        assert formats.money(-5050, "USD") == "-$50.50"
        assert formats.money_short(120000, "USD") == "$1,200"
        assert formats.money_short(120050, "USD") == "$1,200.50"
        assert formats.money(1500, "JPY") == "¥1,500"
        assert formats.money(None, "USD") == "–"
    with app.test_request_context(), force_locale("es_ES"):
        assert formats.money(-5050, "EUR").replace("\u00a0", " ") == "-50,50 €"


def test_a_share_is_written_with_a_space_in_spanish(app) -> None:
    with app.test_request_context(), force_locale("es_ES"):
        assert formats.percent(0.256, 1) == "25,6\u00a0%"
    with app.test_request_context(), force_locale("en_US"):
        assert formats.percent(0.256) == "26%"
