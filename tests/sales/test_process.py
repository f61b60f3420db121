"""What waits for whom after the win."""

from datetime import timedelta

from app.extensions import db
from app.sales.models import Sale, StepRule
from tests.factories import make_person, make_team
from tests.sales.factories import make_sale, make_step_rule, today


def days_ago(days):
    return today() - timedelta(days=days)


def test_the_longest_overdue_comes_first(as_ximena, cast):
    make_step_rule("deliver", cast.logistics, days=5)
    make_step_rule("follow_up", days=3)
    make_sale(cast.ana, closed_on=days_ago(1), customer="In time")
    make_sale(cast.ana, closed_on=days_ago(9), customer="Late by four")
    make_sale(cast.bea, closed_on=days_ago(20), promised_on=days_ago(10), customer="Late by ten")
    make_sale(cast.luis, closed_on=days_ago(20), delivered_on=days_ago(9), customer="To follow up")
    page = as_ximena.get("/process")
    names = [" ".join(th.get_text(" ").split()) for th in page.all("tbody th a")]
    assert names == ["Late by ten", "To follow up", "Late by four", "In time"]
    assert "10 days late" in page.text
    assert "To be delivered 3 2 late Eva Lang, Logistics" in page.text
    assert len(as_ximena.get("/process?late=1").all("tbody tr")) == 3
    assert len(as_ximena.get("/process?step=follow_up").all("tbody tr")) == 1


def test_a_department_lead_marks_a_delivery_from_the_list(as_eva, cast):
    make_step_rule("deliver", cast.logistics)
    sale = make_sale(cast.ana)
    form = as_eva.get("/process").one("tbody form")
    data = {field["name"]: field["value"] for field in form.select("input")}
    answer = as_eva.hx_post(form["action"], data)
    assert answer.status == 200
    assert "Nothing waits" in answer.text
    assert answer.events["toast"]["undo_url"] == f"/sales/{sale.id}/undo"
    assert db.session.query(Sale).one().delivered_on == today()
    as_eva.post(f"/sales/{sale.id}/undo")
    assert db.session.query(Sale).one().delivered_on is None


def test_a_second_mark_of_the_same_step_meets_a_word_not_a_second_change(as_eva, as_alba, cast):
    make_step_rule("deliver", cast.logistics)
    sale = make_sale(cast.ana)
    data = {"step": "deliver", "version": "1", "on": today().isoformat()}
    assert as_alba.post(f"/process/{sale.id}", data).status == 303
    answer = as_eva.post(f"/process/{sale.id}", data)
    assert answer.status == 409
    assert "Somebody else changed this sale" in answer.text


def test_without_rules_nothing_waits_and_an_administrator_is_led_to_them(as_alba, as_ana, cast):
    make_sale(cast.ana)
    assert as_alba.get("/process").one("#process a[href='/process/rules']")
    assert not as_ana.get("/process").all("#process a[href='/process/rules']")


def test_rules_are_proposed_from_what_the_departments_are_for(as_alba, cast):
    page = as_alba.get("/process/rules")
    assert page.one("#deliver_team_id option[selected]")["value"] == str(cast.logistics.id)
    data = page.form_data("main form") | {"deliver_kept": "y", "deliver_days": "9"}
    as_alba.follow(as_alba.post("/process/rules", data))
    rule = db.session.query(StepRule).one()
    assert (rule.step, rule.team_id, rule.days, rule.starts_on) == ("deliver", cast.logistics.id, 9, today())
    data = as_alba.get("/process/rules").form_data("main form")
    del data["deliver_kept"]
    as_alba.post("/process/rules", data)
    assert db.session.query(StepRule).count() == 0


def test_what_was_won_before_a_rule_began_waits_for_nobody(as_ximena, cast):
    rule = make_step_rule("deliver", cast.logistics)
    rule.starts_on = today()
    db.session.commit()
    make_sale(cast.ana, closed_on=days_ago(100))
    make_sale(cast.ana)
    assert len(as_ximena.get("/process").all("tbody tr")) == 1


def test_the_page_of_a_sale_says_who_is_accountable_for_the_next_step(as_ana, cast):
    service = make_team("Care", cast.root, kind="department", function="customer_service")
    service.lead_id = make_person("Carla Care", team=service).id
    db.session.commit()
    make_step_rule("deliver", cast.logistics, days=1)
    make_step_rule("follow_up", service)
    page = as_ana.get(f"/sales/{make_sale(cast.ana, closed_on=days_ago(3)).id}")
    current = page.text_of(".step--current")
    assert "Eva Lang, Logistics" in current
    assert "2 days late" in current
    assert "Carla Care, Care" in page.text_of(".step--next")
