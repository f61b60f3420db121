"""A plan is completed, ended, and tells the next one what was tried."""

from datetime import timedelta

from app.coaching.access import as_worker
from app.coaching.models import PlanStatus, PlanStepStatus
from app.core import clock
from app.extensions import db
from app.people.operations import leave
from tests.coaching.plan_pages import fresh, url
from tests.coaching.plans import make_plan, steps_of
from tests.events import events_named
from tests.jobs import run_jobs


class TestTheEnd:
    def done(self, plan):
        as_worker()
        for step in steps_of(plan):
            step.status, step.done_on = PlanStepStatus.DONE, clock.today()
        db.session.commit()

    def test_it_is_completed_with_a_word_once_all_is_done(self, running, as_marta, as_ana):
        assert as_marta.post(url(running, "completion"), {"text": "Well"}).status == 409
        self.done(running)
        form = as_marta.get(url(running)).form_data(f"form[action='{url(running, 'completion')}']")
        assert as_marta.post(url(running, "completion"), form | {"text": " "}).status == 422
        assert as_marta.post(url(running, "completion"), form | {"text": "It went well"}).status == 303
        plan = fresh(running)
        assert (plan.status, plan.completed_on) == (PlanStatus.COMPLETED, clock.today())
        assert "It went well" in as_ana.get(url(running)).text
        assert len(events_named("plan_completed")) == 1

    def test_or_once_its_time_is_over(self, running, as_marta):
        plan = fresh(running)
        plan.starts_on, plan.ends_on = (clock.today() - timedelta(days=n) for n in (90, 1))
        db.session.commit()
        assert "Its time is over." in as_marta.get(url(running)).text
        form = as_marta.get(url(running)).form_data(f"form[action='{url(running, 'completion')}']")
        assert as_marta.post(url(running, "completion"), form | {"text": "Enough"}).status == 303

    def test_it_ends_early_with_a_reason(self, plan, as_marta, as_ana):
        form = as_marta.get(url(plan)).form_data(f"form[action='{url(plan, 'ending')}']")
        assert as_marta.post(url(plan, "ending"), form).status == 422
        as_marta.post(url(plan, "ending"), form | {"reason": "Another role from May"})
        assert fresh(plan).status is PlanStatus.ENDED
        page = as_ana.get(url(plan))
        assert "Another role from May" in page.text
        assert page.all("#agree") == []

    def test_it_ends_with_the_time_of_its_person(self, cast, running, as_marta):
        leave(cast.ana, clock.today(), by_id=cast.alba.id)
        run_jobs()
        assert fresh(running).status is PlanStatus.ENDED
        assert "Ended: Ana Alonso has left." in as_marta.get(url(running)).text

    def test_what_is_over_changes_no_more(self, running, as_marta, as_ana):
        plan = fresh(running)
        plan.status, plan.completed_on = PlanStatus.COMPLETED, clock.today()
        db.session.commit()
        step = steps_of(running)[0]
        assert as_ana.post(url(running, "steps", step.id, "completion")).status == 409
        assert as_marta.post(url(running, "dates"), {"version": 1, "ends_on": "2030-01-01"}).status == 409


def test_the_next_plan_knows_what_was_tried(cast, running, as_marta, as_ana):
    step = steps_of(running)[0]
    as_ana.post(url(running, "steps", step.id, "completion"))
    make_plan(cast.ana, period="2026-10")
    page = as_marta.get(url(running))
    assert "Tried before October 2026 closed" in page.text
    assert "the goal was missed again" in page.text
