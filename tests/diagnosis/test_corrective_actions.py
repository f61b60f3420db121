"""What a department does about a cause: followed until it is done, and looked at a period later."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.permissions import Role
from app.diagnosis import reminding
from app.diagnosis.models import Case, CorrectiveAction, ReviewStatus
from app.extensions import db
from tests.client import Client
from tests.diagnosis.answering import say
from tests.diagnosis.factories import chance, found, make_case, the_review, with_evidence
from tests.factories import make_person
from tests.jobs import run_jobs
from tests.sales.factories import make_sale


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return make_case(cast.ana, [with_evidence(found(), cast.ana), chance()])


def test_an_action_is_followed_until_it_is_done(
    as_eva: Client, as_ana: Client, cast: SimpleNamespace, case: Case
) -> None:
    due = clock.today() + timedelta(days=20)
    page = say(
        as_eva, the_review(), "actions", text="A second carrier", owner=cast.eva.id, due_on=due.isoformat()
    )
    assert page.status == 303
    assert the_review().status is ReviewStatus.ACTING
    assert "A second carrier" in as_ana.get(f"/cases/{case.id}").text
    action = db.session.scalars(select(CorrectiveAction)).one()
    as_eva.post(f"/reviews/actions/{action.id}", {"status": "doing", "note": "Contract is signed"})
    assert the_review().status is ReviewStatus.ACTING
    as_eva.post(f"/reviews/actions/{action.id}", {"status": "done", "note": ""})
    assert the_review().status is ReviewStatus.DONE
    page = as_eva.get(f"/reviews/{the_review().id}")
    assert "Contract is signed" in page.text
    assert "Corrected" in page.text


def test_an_action_posted_twice_is_one(as_eva: Client, cast: SimpleNamespace, case: Case) -> None:
    page = as_eva.get(f"/reviews/{the_review().id}")
    data = page.form_data("form[action$='/actions']")
    data |= {"text": "A second carrier", "owner": cast.eva.id, "due_on": clock.today().isoformat()}
    for _ in range(2):
        as_eva.post(f"/reviews/{the_review().id}/actions", data)
    assert db.session.scalar(select(func.count(CorrectiveAction.id))) == 1


def test_an_action_is_dropped_only_with_a_reason(as_eva: Client, cast: SimpleNamespace, case: Case) -> None:
    due = clock.today().isoformat()
    say(as_eva, the_review(), "actions", text="A second carrier", owner=cast.eva.id, due_on=due)
    action = db.session.scalars(select(CorrectiveAction)).one()
    page = as_eva.post(f"/reviews/actions/{action.id}", {"status": "dropped", "note": ""})
    assert page.status == 422
    assert "Say why it is dropped." in page.text


def test_an_action_that_is_due_is_brought_to_mind(as_eva: Client, cast: SimpleNamespace, case: Case) -> None:
    due = clock.today() + timedelta(days=1)
    say(as_eva, the_review(), "actions", text="A second carrier", owner=cast.eva.id, due_on=due.isoformat())
    reminding.run()
    run_jobs()
    assert "A second carrier" in as_eva.get("/notifications").text


def test_the_owner_of_an_action_reaches_it_whatever_their_role(
    as_eva: Client, as_person, cast: SimpleNamespace, case: Case
) -> None:
    helper = make_person("Hugo Helper", Role.REP, cast.logistics)
    due = clock.today().isoformat()
    say(as_eva, the_review(), "actions", text="Count the stock", owner=helper.id, due_on=due)
    action = db.session.scalars(select(CorrectiveAction)).one()
    as_hugo = as_person(helper)
    assert "Count the stock" in as_hugo.get(f"/reviews/actions/{action.id}").text
    as_hugo.post(f"/reviews/actions/{action.id}", {"status": "done", "note": "Counted"})
    assert the_review().status is ReviewStatus.DONE


def test_the_next_period_shows_whether_the_figure_moved(as_eva: Client, cast: SimpleNamespace) -> None:
    for month, lost in ((8, 8), (10, 1)):
        for number in range(12):
            stage = "lost" if number < lost else "won"
            reason = {"lost_reason": "delivery"} if stage == "lost" else {}
            make_sale(cast.ana, None if stage == "lost" else 100_00, date(2026, month, 3), stage, **reason)
    make_case(cast.ana)
    page = as_eva.get(f"/reviews/{the_review().id}")
    assert "Better: it was 67% and is 8.3%." in page.text
