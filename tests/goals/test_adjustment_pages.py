"""Whoever meets a closed day on a page is taken to what they entered, and asks for it; another decides."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.goals.models import Adjustment
from app.imports.words import reason
from app.sales.models import Sale
from tests.goals.factories import close, make_goal, result_of
from tests.sales.factories import make_product, make_sale

JULY, AUGUST = date(2026, 7, 10), date(2026, 8, 10)
QUARTER = "2026-Q3"


@pytest.fixture
def ended(cast):
    cast.lamp = make_product("Lamp")
    cast.sale = make_sale(cast.ana, 80_00, AUGUST, product=cast.lamp, customer="Acme")
    cast.goal = make_goal(cast.ana, 100_00, period=QUARTER)
    cast.of_norte = make_goal(cast.norte, 100_00, period=QUARTER)
    close(QUARTER)
    return cast


def new_sale(client: Any, product: Any, amount: str = "20", on: date = JULY) -> dict[str, Any]:
    form = client.get("/sales/new").form_data("main form[action='/sales']")
    return form | {
        "product": product.id,
        "stage": "won",
        "amount": amount,
        "customer": "Brío",
        "closed_on": on.isoformat(),
        "note": "Signed at the fair",
    }


def asked(client: Any, url: str, reason: str = "The contract came late") -> Any:
    return client.post(f"{url}/request", client.get(url).form_data("#ask form") | {"reason": reason})


def effect(page: Any, goal: Any) -> str:
    return page.text_of(f"#effect-{goal.id}")


@pytest.mark.parametrize("is_htmx", [False, True])
def test_a_late_sale_is_kept_as_it_was_entered_asked_for_and_approved(ended, as_ana, as_omar, is_htmx):
    send = as_ana.hx_post if is_htmx else as_ana.post
    refused = send("/sales", new_sale(as_ana, ended.lamp))
    draft = as_ana.follow(refused)
    assert "This lies in a closed period" in draft.text
    for entered in ("Brío", "Lamp", "$20.00", "Jul 10, 2026", "Signed at the fair", "Ana Alonso"):
        assert entered in draft.text_of("#asked")
    assert "Not reached becomes Reached" in effect(draft, ended.goal)
    assert "before $80 after $100" in effect(draft, ended.of_norte)
    assert db.session.scalars(select(Sale.id)).all() == [ended.sale.id]

    waiting = as_ana.follow(asked(as_ana, refused.location))
    assert "Waits for a second person" in waiting.text
    assert not waiting.all("#decide")

    found = as_omar.get("/goals/adjustments")
    assert "Record a sale: Ana Alonso" in found.text
    page = as_omar.get(refused.location)
    assert "The contract came late" in page.text_of("#reasons")
    decided = as_omar.follow(
        as_omar.post(f"{refused.location}/decision", page.form_data("#decide form") | {"grant": "yes"})
    )
    assert "Approved" in decided.text
    assert "Not reached becomes Reached" in effect(decided, ended.goal)
    assert result_of(ended.goal).version == 2
    goal = as_ana.get(f"/goals/{ended.goal.id}")
    assert "$100 of $100" in goal.text
    assert "by an adjustment" in goal.text_of("#versions")
    assert "at the close" in goal.text_of("#versions")


def test_a_refusal_says_why(ended, as_ana, as_omar):
    url = as_ana.post("/sales", new_sale(as_ana, ended.lamp)).location
    asked(as_ana, url)
    form = as_omar.get(url).form_data("#decide form")
    silent = as_omar.post(f"{url}/decision", form | {"grant": "no"})
    assert silent.status == 422
    assert "Say why not" in silent.text
    as_omar.post(f"{url}/decision", form | {"grant": "no", "answer": "It belongs to October"})
    page = as_ana.get(url)
    assert "It belongs to October" in page.text_of("#decision")
    assert result_of(ended.goal).version == 1


def test_it_is_not_asked_for_without_a_reason(ended, as_ana):
    url = as_ana.post("/sales", new_sale(as_ana, ended.lamp)).location
    page = asked(as_ana, url, reason="")
    assert page.status == 422
    assert page.one("#ask textarea")["aria-invalid"] == "true"


def test_the_line_does_not_decide_on_its_own_result(ended, as_ana, as_marta):
    url = as_ana.post("/sales", new_sale(as_ana, ended.lamp)).location
    asked(as_ana, url)
    page = as_marta.get(url)
    assert "It changes a result of yours" in page.text
    assert not page.all("#decide")


def test_who_may_not_decide_sees_only_what_is_theirs(ended, as_ana, as_luis, as_omar):
    url = as_ana.post("/sales", new_sale(as_ana, ended.lamp)).location
    assert as_omar.get(url).status == 404, "a draft is its author's"
    asked(as_ana, url)
    assert as_luis.get(url).status == 404
    assert "Nothing waits" in as_luis.get("/goals/adjustments").text
    assert as_luis.post(f"{url}/decision", {"grant": "yes"}).status == 404


def test_a_void_keeps_the_reason_that_was_given(ended, as_marta):
    form = as_marta.get(f"/sales/{ended.sale.id}/void").form_data() | {"reason": "Recorded twice"}
    draft = as_marta.follow(as_marta.post(f"/sales/{ended.sale.id}/void", form))
    assert "Void a sale" in draft.text
    assert draft.form_data("#ask form")["reason"] == "Recorded twice"
    assert "Acme" in draft.text_of("#asked")


def test_a_correction_shows_what_would_be_said_instead(ended, as_marta):
    url = f"/sales/{ended.sale.id}/correction"
    form = as_marta.get(url).form_data("main form") | {"amount": "300", "why": "A typing error"}
    draft = as_marta.follow(as_marta.post(url, form))
    assert "before $80.00 after $300.00" in draft.text_of("#asked")
    assert "Not reached becomes Exceeded" in effect(draft, ended.goal)


def test_a_step_from_the_list_is_asked_for_too(ended, as_ana):
    form = {"step": "promise", "on": "2026-09-01", "version": 1}
    for send in (as_ana.post, as_ana.hx_post):
        draft = as_ana.follow(send(f"/sales/{ended.sale.id}/steps", form))
        assert "Take a sale a step on" in draft.text
    assert len(db.session.scalars(select(Adjustment)).all()) == 1, "the same again is the same draft"


def test_an_activity_is_asked_for(ended, as_ana):
    form = as_ana.get("/activities").form_data("main form[method=post]")
    draft = as_ana.follow(
        as_ana.post(
            "/activities", form | {"kind": "meeting", "happened_on": "2026-07-10", "customer": "Brío"}
        )
    )
    assert "Meeting" in draft.text_of("#asked")
    assert "No result of a goal" in draft.text_of("#effects")


def test_a_target_is_asked_to_change_from_the_goals_page(ended, as_marta, as_ximena):
    page = as_marta.get(f"/goals/{ended.goal.id}")
    assert "Ask to change the target" in page.text
    form = as_marta.get(f"/goals/{ended.goal.id}/revisions/new")
    assert "becomes an adjustment" in form.text
    data = form.form_data("main form") | {
        "target": "80",
        "reason": "territory",
        "text": "The district was split",
    }
    refused = as_marta.post(f"/goals/{ended.goal.id}/revisions", data)
    draft = as_marta.follow(refused)
    assert "before $100 after $80" in draft.text_of("#asked")
    assert draft.form_data("#ask form")["reason"] == "The district was split"
    asked(as_marta, refused.location, "The district was split")
    page = as_ximena.get(refused.location)
    as_ximena.post(f"{refused.location}/decision", page.form_data("#decide form") | {"grant": "yes"})
    assert result_of(ended.goal).outcome.value == "reached"


def test_a_goal_is_asked_to_be_taken_back(ended, as_marta, as_alba):
    refused = as_marta.post(f"/goals/{ended.goal.id}/withdrawal")
    asked(as_marta, refused.location, "She never worked in Norte")
    page = as_alba.get(refused.location)
    assert "becomes Not judged" in effect(page, ended.goal)
    as_alba.post(f"{refused.location}/decision", page.form_data("#decide form") | {"grant": "yes"})
    page = as_marta.get(f"/goals/{ended.goal.id}")
    assert "taken back after the close" in page.text
    assert "Ask to change the target" not in page.text


def test_a_draft_is_thrown_away(ended, as_ana):
    url = as_ana.post("/sales", new_sale(as_ana, ended.lamp)).location
    assert "Record a sale" in as_ana.get("/goals/adjustments?state=drafts").text
    as_ana.post(f"{url}/removal")
    assert as_ana.get(url).status == 404


def test_what_waits_is_taken_back_on_its_page_and_the_decider_sees_it(ended, as_ana, as_omar):
    url = as_ana.post("/sales", new_sale(as_ana, ended.lamp)).location
    asked(as_ana, url)
    old = as_omar.get(url).form_data("#decide form")
    form = as_ana.get(url).form_data("#back form") | {"why": "It was in August"}
    assert as_omar.post(f"{url}/withdrawal", form).status == 404
    page = as_ana.follow(as_ana.post(f"{url}/withdrawal", form))
    assert "Taken back" in page.text
    seen = as_omar.get(url)
    assert "It was in August" in seen.text_of("#decision")
    assert "Ana Alonso" in seen.text_of("#decision")
    assert not seen.all("#decide")
    assert "Taken back" in as_omar.get("/goals/adjustments?state=decided").text
    late = as_omar.post(f"{url}/decision", old | {"grant": "yes"})
    assert late.status == 409
    assert "taken it back" in late.text
    assert result_of(ended.goal).version == 1


def test_an_approval_that_comes_too_late_says_so(ended, as_ana, as_marta, as_omar):
    form = as_marta.get(f"/sales/{ended.sale.id}/void").form_data() | {"reason": "Recorded twice"}
    url = as_marta.post(f"/sales/{ended.sale.id}/void", form).location
    asked(as_marta, url)
    data = as_omar.get(url).form_data("#decide form")
    as_ana.post(f"/sales/{ended.sale.id}/steps", {"step": "promise", "on": "2026-12-01", "version": 1})
    late = as_omar.post(f"{url}/decision", data | {"grant": "yes"})
    assert late.status == 409
    assert "can no longer be done" in late.text
    assert result_of(ended.goal).version == 1


def test_an_import_says_how_to_go_on(app):
    assert "ask for an adjustment" in reason("closed_period", {"day": "2026-07-10"})
