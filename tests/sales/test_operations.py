from datetime import timedelta

import pytest

from app.core.errors import Conflict, Invalid
from app.extensions import db
from app.sales import recording
from app.sales.models import Customer, SaleCredit, SaleVersion, Stage
from app.sales.operations import (
    Outdated,
    advance_sale,
    correct_sale,
    decide_sale,
    said_of,
    set_credits,
    void_sale,
)
from tests.sales.factories import make_rate, make_sale, today


def first_of(sale):
    return db.session.get(Customer, sale.customer_id).first_sale_id


def test_a_recorded_sale_counts_for_its_rep_in_the_team_of_that_day(cast):
    sale = make_sale(cast.ana, 250_00)
    credit = db.session.get(SaleCredit, (sale.id, cast.ana.id))
    assert (credit.share, credit.value, credit.team_id) == (10000, 250_00, cast.norte.id)
    assert first_of(sale) == sale.id


def test_every_change_is_kept_with_what_was_before(cast):
    sale = make_sale(cast.ana, 250_00)
    said = said_of(sale)
    said.amount = 300_00
    correct_sale(sale, said, by_id=cast.marta.id, reason="Typed wrong", version=1)
    version = db.session.query(SaleVersion).one()
    assert (version.version, version.before["amount"], version.after["amount"]) == (1, 250_00, 300_00)
    assert version.before["credits"][0]["value"] == 250_00
    assert sale.version == 2
    with pytest.raises(Outdated):
        correct_sale(sale, said, by_id=cast.marta.id, reason="Again", version=1)


def test_a_change_that_changes_nothing_leaves_no_trace(cast):
    sale = make_sale(cast.ana)
    correct_sale(sale, said_of(sale), by_id=cast.ana.id, reason="Nothing")
    assert sale.version == 1


def test_the_first_customer_mark_moves_to_the_next_sale_when_the_first_is_voided(cast):
    first = make_sale(cast.ana, customer="Acme", closed_on=today() - timedelta(days=3))
    second = make_sale(cast.luis, customer="ACME  ", closed_on=today() - timedelta(days=2))
    assert first.customer_id == second.customer_id
    assert first_of(second) == first.id
    void_sale(first, by_id=cast.marta.id, reason="Twice")
    db.session.expire_all()
    assert first_of(second) == second.id
    advance_sale(second, by_id=cast.luis.id, cancelled_on=today())
    db.session.expire_all()
    assert first_of(second) is None


def test_a_split_gives_every_cent_to_somebody(cast):
    sale = make_sale(cast.ana, 100_01)
    set_credits(sale, {cast.ana.id: 3334, cast.bea.id: 3333, cast.luis.id: 3333}, by_id=cast.marta.id)
    parts = db.session.query(SaleCredit).filter_by(sale_id=sale.id).all()
    assert sum(credit.value for credit in parts) == 100_01
    assert {credit.team_id for credit in parts} == {cast.norte.id, cast.sur.id}
    with pytest.raises(Invalid):
        set_credits(sale, {cast.ana.id: 9000}, by_id=cast.marta.id)


def test_a_sale_in_another_currency_takes_the_rate_of_its_day(cast):
    make_rate("EUR", "1.10", today() - timedelta(days=10))
    make_rate("EUR", "1.25", today() - timedelta(days=1))
    assert make_sale(cast.ana, 100_00, currency="EUR").value == 125_00
    assert make_sale(cast.ana, 100_00, today() - timedelta(days=5), currency="EUR").value == 110_00
    with pytest.raises(Invalid) as error:
        make_sale(cast.ana, 100_00, today() - timedelta(days=50), currency="EUR")
    assert error.value.field == "currency"


def test_an_open_sale_is_decided_once(cast):
    sale = make_sale(cast.ana, 10_00, stage="open")
    decide_sale(sale, Stage.LOST, by_id=cast.ana.id, lost_reason="price")
    with pytest.raises(Outdated):
        decide_sale(sale, Stage.WON, by_id=cast.ana.id)


def test_a_closed_period_refuses_corrections_but_not_later_steps(cast, monkeypatch):
    last_month = today() - timedelta(days=40)

    def guard(days, counted):
        if any(day <= last_month for day in days):
            raise Conflict("closed")

    sale = make_sale(cast.ana, closed_on=last_month)
    monkeypatch.setattr(recording, "guards", [guard])
    with pytest.raises(Conflict):
        void_sale(sale, by_id=cast.marta.id, reason="Mistake")
    with pytest.raises(Conflict):
        make_sale(cast.ana, closed_on=last_month)
    db.session.expire_all()
    assert advance_sale(sale, by_id=cast.marta.id, delivered_on=today()).delivered_on == today()
