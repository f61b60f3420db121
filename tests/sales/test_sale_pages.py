"""A sale's own page: decided, delivered, corrected, undone, voided, its credit split."""

from datetime import timedelta

from app.extensions import db
from app.sales.models import SaleCredit, SaleVersion
from tests.sales.factories import make_product, make_sale, make_step_rule, today
from tests.sales.recording import only_sale


def test_an_open_sale_is_won_with_one_tap(as_ana, cast):
    sale = make_sale(cast.ana, 500_00, stage="open")
    page = as_ana.get(f"/sales/{sale.id}")
    data = {"stage": "won", "version": "1", "amount": "500"}
    answer = as_ana.hx_post(f"/sales/{sale.id}/decision", data)
    assert answer.status == 200
    assert answer.events["toast"]["kind"] == "celebrate"
    assert "Won" in answer.text_of("#sale")
    assert only_sale().closed_on == today()
    assert page.status == 200


def test_an_open_sale_is_lost_with_a_reason(as_ana, cast):
    sale = make_sale(cast.ana, 500_00, stage="open")
    data = {"stage": "lost", "version": "1", "lost_reason": "price"}
    page = as_ana.follow(as_ana.post(f"/sales/{sale.id}/decision", data))
    assert "Why it was lost Price" in page.text
    assert only_sale().lost_reason == "price"


def test_a_decision_on_an_old_page_meets_the_sale_as_it_is_now(as_ana, as_marta, cast):
    sale = make_sale(cast.ana, 500_00, stage="open")
    as_marta.post(f"/sales/{sale.id}/decision", {"stage": "lost", "version": "1", "lost_reason": "price"})
    answer = as_ana.hx_post(f"/sales/{sale.id}/decision", {"stage": "won", "version": "1", "amount": "500"})
    assert answer.status == 409
    assert "Somebody else changed this sale" in answer.text
    assert only_sale().stage == "lost"


def test_a_won_sale_goes_on_to_delivery_follow_up_and_satisfaction(as_ana, cast):
    for step in ("promise", "deliver", "follow_up"):
        make_step_rule(step)
    sale = make_sale(cast.ana, closed_on=today() - timedelta(days=2))
    page = as_ana.get(f"/sales/{sale.id}")
    url = f"/sales/{sale.id}/steps"
    for version, (step, given) in enumerate(
        [("promise", {}), ("deliver", {}), ("follow_up", {"satisfaction": "4"})], start=1
    ):
        assert page.one("input[name=step]")["value"] == step
        data = {"step": step, "on": today().isoformat(), "version": str(version), **given}
        page = as_ana.hx_post(url, data)
        assert page.status == 200
    done = only_sale()
    assert (done.promised_on, done.delivered_on, done.followed_up_on) == (today(),) * 3
    assert done.satisfaction == 4
    assert "4 of 5" in page.text


def test_a_delivery_before_the_win_is_refused_at_its_field(as_ana, cast):
    sale = make_sale(cast.ana)
    data = {"step": "deliver", "on": (today() - timedelta(days=3)).isoformat(), "version": "1"}
    answer = as_ana.post(f"/sales/{sale.id}/steps", data)
    assert answer.status == 422
    assert "That is before the sale was won." in answer.text


def test_a_correction_needs_a_reason_and_shows_in_the_history(as_ana, cast):
    sale = make_sale(cast.ana, 500_00)
    url = f"/sales/{sale.id}/correction"
    data = as_ana.get(url).form_data("main form") | {"amount": "450.00"}
    assert as_ana.post(url, data).status == 422
    page = as_ana.follow(as_ana.post(url, data | {"why": "Typed wrong"}))
    assert "Corrected: Typed wrong" in page.text
    assert page.text_of(".timeline del").endswith("$500.00")
    assert page.text_of(".timeline ins").endswith("$450.00")
    assert db.session.query(SaleCredit.value).scalar() == 450_00


def test_a_correction_keeps_the_list_price_of_the_day(as_ana, cast):
    product = make_product(list_price=500_00)
    sale = make_sale(cast.ana, 450_00, product=product)
    product = db.session.merge(product)
    product.list_price = 900_00
    db.session.commit()
    url = f"/sales/{sale.id}/correction"
    as_ana.post(url, as_ana.get(url).form_data("main form") | {"note": "Paid", "why": "To remember"})
    assert (only_sale().note, only_sale().list_price) == ("Paid", 500_00)


def test_two_corrections_at_once_show_both(as_ana, as_marta, cast):
    sale = make_sale(cast.ana, 500_00)
    url = f"/sales/{sale.id}/correction"
    hers = as_ana.get(url).form_data("main form") | {"amount": "450", "why": "Discount"}
    theirs = as_marta.get(url).form_data("main form") | {"amount": "470", "why": "Agreed"}
    as_marta.post(url, theirs)
    answer = as_ana.post(url, hers)
    assert answer.status == 409
    assert "$470.00" in answer.text
    assert answer.one("#amount")["value"] == "450"
    assert only_sale().amount == 470_00
    as_ana.follow(as_ana.post(url, answer.form_data("main form")))
    assert only_sale().amount == 450_00
    assert db.session.query(SaleVersion).count() == 2


def test_an_undone_decision_leaves_the_sale_as_it_was(as_ana, cast):
    sale = make_sale(cast.ana, 500_00, stage="open")
    as_ana.post(f"/sales/{sale.id}/decision", {"stage": "lost", "version": "1", "lost_reason": "price"})
    as_ana.post(f"/sales/{sale.id}/undo")
    undone = only_sale()
    assert (undone.stage, undone.closed_on, undone.lost_reason) == ("open", None, None)


def test_nobody_undoes_what_another_did(as_ana, as_marta, cast):
    sale = make_sale(cast.ana, 500_00)
    answer = as_marta.post(f"/sales/{sale.id}/undo")
    assert answer.status == 409
    assert only_sale().voided_at is None


def test_a_void_keeps_the_sale_and_its_reason(as_marta, cast):
    sale = make_sale(cast.ana, closed_on=today() - timedelta(days=30))
    url = f"/sales/{sale.id}/void"
    assert as_marta.post(url, as_marta.get(url).form_data("main form")).status == 422
    page = as_marta.follow(as_marta.post(url, {"reason": "Recorded twice", "version": "1"}))
    assert "Voided: Recorded twice" in page.text
    assert as_marta.get("/sales?stage=voided").text.count("Voided") > 1
    restored = as_marta.follow(as_marta.post(f"/sales/{sale.id}/restoration", {"reason": "It was not"}))
    assert "Restored: It was not" in restored.text
    assert only_sale().voided_at is None


def test_a_cancelled_sale_says_why(as_ana, cast):
    sale = make_sale(cast.ana)
    data = {"reason": "Closed down", "on": today().isoformat(), "version": "1"}
    page = as_ana.follow(as_ana.post(f"/sales/{sale.id}/cancellation", data))
    assert "Cancelled: Closed down" in page.text


def test_credit_is_split_on_its_page(as_ana, cast):
    sale = make_sale(cast.ana, 100_01)
    url = f"/sales/{sale.id}/credits"
    data = as_ana.get(url).form_data("main form")
    assert data["shares-0-share"] == "100"
    data |= {"shares-0-share": "60", "shares-1-person_id": str(cast.luis.id), "shares-1-share": "30"}
    refused = as_ana.post(url, data)
    assert refused.status == 422
    assert "The shares must add up to 100 %." in refused.text
    page = as_ana.follow(as_ana.post(url, data | {"shares-1-share": "40"}))
    assert "Luis Lago Sur 40% · $40.00" in page.text
    assert dict(db.session.query(SaleCredit.person_id, SaleCredit.value)) == {
        cast.ana.id: 60_01,
        cast.luis.id: 40_00,
    }


def test_two_splits_at_once_show_both(as_ana, as_marta, cast):
    url = f"/sales/{make_sale(cast.ana, 100_00).id}/credits"
    data = as_ana.get(url).form_data("main form") | {"shares-1-person_id": str(cast.bea.id)}
    as_marta.post(url, data | {"shares-0-share": "90", "shares-1-share": "10"})
    answer = as_ana.post(url, data | {"shares-0-share": "50", "shares-1-share": "50"})
    assert answer.status == 409
    assert "Bea Blanco 10%" in answer.text
    as_ana.follow(as_ana.post(url, answer.form_data("main form")))
    assert {value for (value,) in db.session.query(SaleCredit.value)} == {50_00}


def test_an_activity_of_a_sale_is_logged_and_removed(as_ana, cast):
    sale = make_sale(cast.ana, stage="open")
    page = as_ana.get(f"/sales/{sale.id}")
    form = f"form[action='/sales/{sale.id}/activities']"
    data = page.form_data(form) | {"kind": "meeting", "note": "Lunch"}
    assert "Meeting: Lunch" in as_ana.hx_post(f"/sales/{sale.id}/activities", data).text
    as_ana.hx_post(f"/sales/{sale.id}/activities", data)
    listed = as_ana.get("/activities")
    assert len(listed.all("tbody tr")) == 1
    as_ana.post(listed.one("tbody form")["action"])
    assert not as_ana.get("/activities").all("tbody tr")
    for _ in range(2):  # sent again, it is meant
        as_ana.hx_post(f"/sales/{sale.id}/activities", data)
    assert len(as_ana.get("/activities").all("tbody tr")) == 1
