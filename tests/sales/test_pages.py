"""Recording, advancing and mending sales, as people do it: through the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.sales.models import Sale
from tests.sales.factories import make_customer, make_product, make_rate, make_sale, today
from tests.sales.recording import only_sale, record


def test_a_rep_records_a_sale_with_a_customer_and_a_tap_on_the_product(as_ana, cast):
    product = make_product("GTX Pro", list_price=4821_00)
    page = as_ana.follow(record(as_ana, product))
    sale = only_sale()
    assert (sale.stage, sale.amount, sale.closed_on, sale.rep_id) == ("won", 4821_00, today(), cast.ana.id)
    assert page.text_of("h1") == "Acme"
    assert "Won. It counts from now on." in page.text_of("#toasts")
    assert "$4,821.00" in page.text


def test_a_double_post_records_one_sale_and_leads_to_it_twice(as_ana):
    product = make_product()
    data = as_ana.get("/sales/new").form_data("#new-sale") | {"product": str(product.id)}
    first, second = as_ana.post("/sales", data), as_ana.post("/sales", data)
    assert first.location == second.location
    assert db.session.query(Sale).count() == 1


def test_the_form_of_an_undone_sale_records_it_anew_and_once(as_ana):
    product = make_product()
    data = as_ana.get("/sales/new").form_data("#new-sale") | {"product": str(product.id)}
    first = as_ana.follow(as_ana.post("/sales", data))
    as_ana.post(first.one("#toasts form")["action"])
    again, twice = as_ana.post("/sales", data), as_ana.post("/sales", data)
    assert again.location == twice.location
    assert "Won. It counts from now on." in as_ana.follow(again).text_of("#toasts")
    stands = db.session.query(Sale).filter(Sale.voided_at.is_(None)).one()
    assert again.location == f"/sales/{stands.id}"
    assert db.session.query(Sale).count() == 2


def test_the_form_of_a_sale_that_another_voided_says_so(as_ana, as_marta):
    product = make_product()
    data = as_ana.get("/sales/new").form_data("#new-sale") | {"product": str(product.id)}
    as_ana.follow(as_ana.post("/sales", data))
    as_marta.post(f"/sales/{only_sale().id}/void", {"reason": "Not ours", "version": "1"})
    page = as_ana.follow(as_ana.post("/sales", data))
    assert "voided since: it does not count" in page.text_of("#toasts")
    assert "Won" not in page.text_of("#toasts")
    assert only_sale().voided_at is not None


def test_with_htmx_a_new_sale_leads_to_its_page_and_is_announced(as_ana):
    product = make_product()
    data = as_ana.get("/sales/new").form_data("#new-sale") | {"product": str(product.id)}
    answer = as_ana.hx_post("/sales", data)
    assert answer.status == 204
    assert answer.location == f"/sales/{only_sale().id}"
    assert answer.events["results:recorded"] == {"sale": only_sale().id}


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_do(as_ana):
    product = make_product(list_price=None)
    page = as_ana.get("/sales/new")
    data = page.form_data("#new-sale") | {"product": str(product.id), "amount": "12,34,5", "customer": "Zoë"}
    for answer in (as_ana.post("/sales", data), as_ana.hx_post("/sales", data)):
        assert answer.status == 422
        assert answer.one("#customer")["value"] == "Zoë"
        assert answer.one("#amount")["aria-invalid"] == "true"
    data["amount"] = ""
    assert "A won sale has an amount." in as_ana.post("/sales", data).text


def test_a_product_must_be_chosen(as_ana):
    make_product(), make_product()
    answer = as_ana.post("/sales", as_ana.get("/sales/new").form_data("#new-sale") | {"amount": "5"})
    assert answer.status == 422
    assert "Choose a product." in answer.text


def test_the_list_price_is_proposed_and_never_takes_the_place_of_what_was_typed(as_ana):
    product = make_product(list_price=250_00)
    asked = f"/sales/new/amount?product={product.id}&quantity=3"
    assert as_ana.hx_get(asked).one("#amount")["value"] == "750"
    assert as_ana.hx_get(asked + "&amount=700&prefilled=250").one("#amount")["value"] == "700"
    assert as_ana.hx_get(asked + "&amount=250&prefilled=250").one("#amount")["value"] == "750"


def test_customers_are_proposed_while_one_types(as_ana):
    for name in ("Acme", "Acme Sur", "Big Acme", "Other"):
        make_customer(name)
    hints = as_ana.hx_get("/sales/new/customers?customer=acme").all("option")
    assert [option["value"] for option in hints] == ["Acme", "Acme Sur", "Big Acme"]


def test_amounts_are_read_as_the_region_writes_them(as_person, cast):
    ana = as_person(cast.ana, "es-CO")
    record(ana, make_product(), amount="1.234,50")
    assert only_sale().amount == 1234_50


def test_an_amount_that_no_column_holds_is_refused(as_ana):
    answer = record(as_ana, make_product(), amount="9,999,999,999,999.00", quantity="1000000")
    assert answer.status == 422
    assert "That is more than fits." in answer.text


def test_a_new_sale_can_be_undone_within_the_minute(as_ana):
    page = as_ana.follow(record(as_ana, make_product()))
    undo = page.one("#toasts form")["action"]
    page = as_ana.follow(as_ana.post(undo))
    assert only_sale().voided_at is not None
    assert "Voided" in page.text
    assert "No sales yet" in as_ana.get("/sales").text


def test_a_text_with_a_zero_byte_is_read_without_it(as_ana):
    assert record(as_ana, make_product(), customer="Ac\0me", note="\0").status == 303
    assert only_sale().note is None


def test_a_sale_without_a_rate_for_its_currency_is_refused_at_the_field(as_ana):
    make_rate("EUR", "1.10", today())
    answer = record(
        as_ana,
        make_product(currency="EUR", list_price=100_00),
        closed_on=(today() - timedelta(days=9)).isoformat(),
    )
    assert answer.status == 422
    assert "There is no rate from EUR to USD" in answer.text
    as_ana.follow(record(as_ana, make_product(currency="EUR", list_price=100_00)))
    assert only_sale().value == 110_00


def test_a_manager_records_for_one_of_her_people(as_marta, cast):
    record(as_marta, make_product(), rep_id=str(cast.ana.id))
    sale = only_sale()
    assert (sale.rep_id, sale.created_by_id) == (cast.ana.id, cast.marta.id)


def test_nobody_records_for_people_out_of_their_sight(as_ana, cast):
    page = record(as_ana, make_product(), rep_id=str(cast.luis.id))
    assert page.status == 422
    assert "Choose people of this company." in page.text
    assert db.session.scalars(select(Sale)).all() == []


def test_a_form_gone_back_to_and_filled_in_anew_is_another_sale(as_ana, cast):
    product = make_product()
    data = as_ana.get("/sales/new").form_data("main form") | {"product": str(product.id), "amount": "100"}
    for customer in ("Acme", "Acme", "Konex"):
        assert as_ana.post("/sales", data | {"customer": customer}).status == 303
    assert len(db.session.scalars(select(Sale)).all()) == 2


def test_an_activity_stands_without_a_sale(as_ana):
    data = as_ana.get("/activities").form_data("#log") | {"kind": "demo", "customer": "Acme"}
    page = as_ana.follow(as_ana.post("/activities", data))
    assert "Demo" in page.text_of("tbody")


def test_the_list_filters_by_address_and_sums_exactly(as_marta, cast):
    product = make_product("Rope")
    make_sale(cast.ana, 100_01, product=product, customer="Acme")
    make_sale(cast.bea, 50_00, customer="Big Co")
    make_sale(cast.ana, 70_00, stage="lost", customer="Nope")
    make_sale(cast.ana, 30_00, stage="open", customer="Later")
    assert "2 sales, exactly $150.01" in as_marta.get("/sales").text
    for query, count in {
        f"rep={cast.ana.id}": 3,
        f"team={cast.norte.id}": 4,
        "stage=lost": 1,
        f"product={product.id}": 1,
        "q=big": 1,
        "step=decide": 1,
        f"from={today() + timedelta(days=1)}": 0,
        f"to={today()}": 4,
        "q=100%25": 0,
        "rep=x&from=never&page=-3&stage=%00": 4,
        "page=99999999999999999999&q=%00": 4,
    }.items():
        assert len(as_marta.get(f"/sales?{query}").all("tbody tr")) == count, query


def test_a_list_filtered_by_a_person_sums_that_persons_part(as_marta, cast):
    make_sale(cast.ana, 100_00, shares={cast.ana.id: 2500, cast.bea.id: 7500})
    page = as_marta.get(f"/sales?rep={cast.bea.id}")
    assert "1 sale, exactly $75.00" in page.text
    assert "credit $75.00" in page.text


@pytest.mark.parametrize("path", ["/sales", "/sales/new", "/process", "/activities"])
def test_the_pages_speak_spanish(as_person, cast, path):
    make_product()
    english, spanish = as_person(cast.ana).get(path), as_person(cast.ana, "es-ES").get(path)
    assert spanish.status == 200
    assert spanish.text_of("h1") != english.text_of("h1")
