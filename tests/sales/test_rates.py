"""Rates, and what a change of one does to sales."""

from datetime import timedelta

import pytest

from app.core.errors import Conflict
from app.extensions import db
from app.sales import operations, recording
from app.sales.models import ExchangeRate, Sale, SaleCredit, SaleVersion
from tests.sales.factories import make_rate, make_sale, today


def days_ago(days):
    return today() - timedelta(days=days)


def set_rate(client, rate, on, currency="EUR"):
    data = client.get("/rates").form_data("#rate-form")
    return client.post("/rates", data | {"currency": currency, "starts_on": on.isoformat(), "rate": rate})


def test_a_changed_rate_revalues_the_sales_of_its_days_and_says_so_in_their_history(as_alba, cast):
    make_rate("EUR", "1.10", days_ago(30))
    make_rate("EUR", "1.30", days_ago(2))
    before = make_sale(cast.ana, 100_00, days_ago(20), currency="EUR")
    shared = make_sale(
        cast.ana, 33_33, days_ago(10), currency="EUR", shares={cast.ana.id: 5000, cast.bea.id: 5000}
    )
    after = make_sale(cast.ana, 100_00, currency="EUR")
    page = as_alba.follow(set_rate(as_alba, "1.25", days_ago(15)))
    assert "1 sale was revalued." in page.text
    values = dict(db.session.query(Sale.id, Sale.value))
    assert values == {
        before.id: 110_00,
        shared.id: 41_66,
        after.id: 130_00,
    }  # 41.6625, half to even at .5 only
    parts = db.session.query(SaleCredit.value).filter_by(sale_id=shared.id)
    assert sorted(value for (value,) in parts) == [20_83, 20_83]
    kept = db.session.query(SaleVersion).one()
    assert (kept.before["rate"], kept.after["rate"]) == ("1.1", "1.25")
    assert "Exchange rate changed" in as_alba.get(f"/sales/{shared.id}").text


def test_halves_are_rounded_as_in_the_arithmetic(as_alba, cast):
    make_rate("EUR", "2", days_ago(30))
    sales = [make_sale(cast.ana, amount, days_ago(5), currency="EUR") for amount in (1, 3, 5, 7)]
    set_rate(as_alba, "0.5", days_ago(10))
    values = dict(db.session.query(Sale.id, Sale.value))
    assert [values[sale.id] for sale in sales] == [0, 2, 2, 4]


def test_a_rate_that_would_change_a_closed_period_is_refused(as_alba, cast, monkeypatch):
    make_rate("EUR", "1.10", days_ago(60))
    make_sale(cast.ana, 100_00, days_ago(40), currency="EUR")

    def guard(days, counted):
        if min(days) < days_ago(30):
            raise Conflict("October is closed.")

    monkeypatch.setattr(recording, "guards", [guard])
    answer = set_rate(as_alba, "1.20", days_ago(50))
    assert answer.status == 409
    assert "October is closed." in answer.text
    assert db.session.query(Sale.value).scalar() == 110_00
    assert set_rate(as_alba, "1.20", days_ago(10)).status == 303


def test_a_removed_rate_leaves_the_one_before_it(as_alba, cast):
    make_rate("EUR", "1.10", days_ago(30))
    later = make_rate("EUR", "1.30", days_ago(2))
    make_sale(cast.ana, 100_00, currency="EUR")
    as_alba.post(f"/rates/{later.id}/removal")
    assert db.session.query(Sale.value).scalar() == 110_00
    last = db.session.query(ExchangeRate).one()
    page = as_alba.follow(as_alba.post(f"/rates/{last.id}/removal"))
    assert "Sales in EUR need this rate." in page.text
    assert db.session.query(ExchangeRate).count() == 1


@pytest.mark.parametrize(
    ("currency", "rate", "says"),
    [
        ("USD", "1.1", "own currency"),
        ("ZZZ", "1.1", "three letters"),
        ("EUR", "0", "more than nothing"),
        ("EUR", "", "required"),
        ("EUR", "1,1,1", "Write a number like"),
    ],
)
def test_what_is_no_rate_is_refused_with_a_word(as_alba, currency, rate, says):
    answer = set_rate(as_alba, rate, today(), currency)
    assert answer.status == 422
    assert says in answer.text


def test_taking_back_a_change_takes_the_rate_as_it_is_now(as_alba, cast):
    make_rate("EUR", "1.10", days_ago(30))
    sale = make_sale(cast.ana, 100_00, currency="EUR")
    said = operations.said_of(sale)
    said.currency = "USD"
    operations.correct_sale(sale, said, by_id=cast.ana.id, reason="In dollars")
    set_rate(as_alba, "1.30", days_ago(10))
    operations.undo(db.session.get_one(Sale, sale.id), by_id=cast.ana.id)
    assert db.session.query(Sale.currency, Sale.value).one() == ("EUR", 130_00)
