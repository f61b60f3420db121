"""Products by command line: a price in its own currency, kept with it."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.sales.models import Product
from tests.imports.factories import counts, why

OWN = "code,name,series,list_price,currency\n"


def prices() -> dict[str, tuple[int | None, str]]:
    db.session.expire_all()
    rows = db.session.execute(select(Product.code, Product.list_price, Product.currency))
    return {code: (price, currency) for code, price, currency in rows if code != "LMP"}


def test_the_portals_own_file_is_taken_with_its_prices(run):
    dollars = "C1,Chair,Sit,120.50,USD\nC4,Rug,Sit,75.25,\nC5,Bin,,,USD\n"
    rows = OWN + "C2,Sofa,Sit,900,EUR\nC3,Mat,Sit,1500,JPY\n" + dollars
    assert counts(run("products", rows)) == (5, 0, 0, 0)
    assert prices() == {
        "C1": (120_50, "USD"),
        "C2": (900_00, "EUR"),
        "C3": (1500, "JPY"),
        "C4": (75_25, "USD"),
        "C5": (None, "USD"),
    }
    assert counts(run("products", rows)) == (0, 0, 5, 0)
    changed = rows.replace("120.50", "99").replace("1500,JPY", "1600,JPY")
    assert counts(run("products", changed)) == (0, 2, 3, 0)
    assert (prices()["C1"], prices()["C3"]) == ((99_00, "USD"), (1600, "JPY"))


@pytest.mark.parametrize(
    ("price", "currency", "reason"),
    [
        ("12.5", "JPY", "decimals"),
        ("-4", "USD", "negative_price"),
        ("much", "USD", "not_a_number"),
        ("4", "Euro", "currency"),
    ],
)
def test_a_price_that_cannot_be_is_refused(run, price, currency, reason):
    result = run("products", OWN + f"C1,Chair,Sit,{price},{currency}\nC2,Sofa,Sit,5,USD\n")
    assert (counts(result), why(result)) == ((1, 0, 0, 1), [reason])
    assert prices() == {"C2": (5_00, "USD")}


def test_a_price_without_a_column_for_its_currency_is_in_the_companys(run):
    assert counts(run("products", "code;name;list_price\nC1;Chair;1.234,50\n")) == (1, 0, 0, 0)
    assert prices() == {"C1": (1234_50, "USD")}
