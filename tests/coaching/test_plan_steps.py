"""Steps and aims of a plan are added, changed and dropped on its pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.coaching.models import PlanMessageKind, PlanStepStatus
from app.core import clock
from app.core.events import Event
from app.extensions import db
from app.training.models import Assignment
from tests.coaching.plan_pages import agree, url
from tests.coaching.plans import aims_of, figure, found, make_course, make_plan, messages_of, sold, steps_of
from tests.factories import make_person
from tests.sales.factories import make_product, make_sale


class TestSteps:
    def test_the_manager_adds_one(self, cast, plan, as_marta, as_ana):
        form = as_marta.get(url(plan, "steps/new")).form_data("#step-form")
        data = form | {"title": "Visit the fair", "kind": "other", "peer": str(cast.bea.id)}
        for _ in range(2):
            assert as_marta.post(url(plan, "steps"), data).status == 303
        assert [step.title() for step in steps_of(plan)].count("Visit the fair") == 1
        assert "Marta Manrique added a step: Visit the fair" in as_ana.get(url(plan)).text

    def test_words_that_were_not_touched_stay_in_both_languages(self, plan, as_marta):
        step = steps_of(plan)[0]
        form = as_marta.get(url(plan, "steps", step.id, "edit")).form_data("#step-form")
        due = (clock.today() + timedelta(days=40)).isoformat()
        as_marta.post(url(plan, "steps", step.id), form | {"due_on": due})
        step = steps_of(plan)[0]
        assert set(step.titles) == {"en", "es"}
        assert step.due_on.isoformat() == due

    def test_a_course_step_names_its_course(self, plan, as_marta):
        form = as_marta.get(url(plan, "steps/new")).form_data("#step-form")
        page = as_marta.post(url(plan, "steps"), form | {"title": "Learn", "kind": "course"})
        assert page.status == 422
        assert "Choose the course." in page.text

    def test_one_is_dropped_with_a_reason_and_taken_back(self, plan, as_marta, as_ana):
        step = steps_of(plan)[0]
        edit = as_marta.get(url(plan, "steps", step.id, "edit"))
        form = edit.form_data("#drop-form")
        assert as_marta.post(url(plan, "steps", step.id, "removal"), form | {"why": " "}).status == 422
        as_marta.post(url(plan, "steps", step.id, "removal"), form | {"why": "Done last year"})
        assert steps_of(plan)[0].status is PlanStepStatus.DROPPED
        assert "Done last year" in as_ana.get(url(plan)).text
        as_marta.post(url(plan, "steps", step.id, "return"))
        assert steps_of(plan)[0].status is PlanStepStatus.OPEN

    def test_they_are_put_in_another_order(self, plan, as_marta):
        before = [step.id for step in steps_of(plan)]
        page = as_marta.hx_post(url(plan, "steps", before[1], "position"), {"way": "up", "version": 1})
        assert page.status == 200
        assert [step.id for step in steps_of(plan)] == [before[1], before[0], *before[2:]]

    def test_of_two_changes_at_once_the_second_sees_the_first(self, plan, as_marta):
        first, second = steps_of(plan)[:2]
        form = as_marta.get(url(plan, "steps", second.id, "edit")).form_data("#step-form")
        other = as_marta.get(url(plan, "steps", first.id, "edit")).form_data("#step-form")
        as_marta.post(url(plan, "steps", first.id), other | {"title": "Mine first"})
        page = as_marta.post(url(plan, "steps", second.id), form | {"title": "Mine second"})
        assert page.status == 409
        assert "Mine first" in page.text_of("[role=alert]")
        again = page.form_data("#step-form")
        assert again["title"] == "Mine second"
        assert as_marta.post(url(plan, "steps", second.id), again).status == 303

    def test_either_says_that_one_is_done(self, running, as_ana, as_marta):
        step = steps_of(running)[0]
        for _ in range(2):
            assert as_ana.hx_post(url(running, "steps", step.id, "completion")).status == 200
        assert steps_of(running)[0].done_on == clock.today()
        assert "1 of 2" in as_marta.get(url(running)).text
        as_marta.post(url(running, "steps", step.id, "reopening"))
        assert steps_of(running)[0].status is PlanStepStatus.OPEN

    def test_the_rep_does_not_write_them(self, plan, as_ana):
        step = steps_of(plan)[0]
        assert as_ana.get(url(plan, "steps/new")).status == 404
        for path in ("steps", f"steps/{step.id}", f"steps/{step.id}/removal", "dates", "ending"):
            assert as_ana.post(url(plan, path), {"version": 1}).status == 404

    def test_a_completed_course_does_its_step(self, cast, as_ana, as_marta):
        from app.coaching.plans.steps import on_course_completed
        from app.training.models import Completion

        product = make_product()
        course = make_course(product)
        plan = make_plan(cast.ana, [found("training", 0.8, product=product)])
        agree(as_ana, plan)
        agree(as_marta, plan)
        given = db.session.scalars(select(Assignment)).one()
        given.completed_on, given.completion = clock.today(), Completion.RECORDED
        db.session.commit()
        event = Event(name="course_completed", payload={"person_id": cast.ana.id, "course_id": course.id})
        for _ in range(2):
            on_course_completed(event)
        step = next(step for step in steps_of(plan) if step.course_id)
        assert step.status is PlanStepStatus.DONE
        kinds = [message.kind for message in messages_of(plan)]
        assert kinds.count(PlanMessageKind.STEP_DONE) == 1


class TestAims:
    @pytest.fixture
    def aimed(self, cast):
        product = sold(cast.ana, won=9, lost=41)
        for number in range(4):
            sold(make_person(team=cast.norte), won=6 + number, lost=14 - number, product=product)
        seen = [figure(now=0.18, peers=0.33)]
        return make_plan(cast.ana, [found("capability", 0.8, product=product, figures=seen)])

    def test_bars_move_with_real_sales(self, cast, aimed, as_ana, as_marta):
        aim = aims_of(aimed)[0]
        product = db.session.get(type(make_product()), aim.product_id)
        bar = f"#aim-{aim.id}"
        assert "no results yet" in str(as_ana.get(url(aimed)).one(f"{bar} svg.goal__bar")["aria-label"])
        for stage in ("won", "lost", "lost", "lost"):
            make_sale(cast.ana, 100_00, clock.today(), stage, product=product)
        for client in (as_ana, as_marta):
            text = client.get(url(aimed)).text_of(bar)
            assert "25%" in text
            assert "of 4 cases so far" in text
            assert "from 18% to" in text

    def test_a_figure_leads_to_its_records(self, cast, aimed, as_ana, as_hilda):
        aim = aims_of(aimed)[0]
        product = db.session.get(type(make_product()), aim.product_id)
        make_sale(cast.ana, 100_00, clock.today(), "won", product=product, customer="Ferretería Sol")
        link = as_ana.get(url(aimed)).one(f"#aim-{aim.id} a")["href"]
        for client in (as_ana, as_hilda):
            assert "Ferretería Sol" in client.get(link).text

    def test_the_manager_changes_one(self, aimed, as_marta, as_ana):
        aim = aims_of(aimed)[0]
        form = as_marta.get(url(aimed, "aims", aim.id, "edit")).form_data("#aim-form")
        assert as_marta.post(url(aimed, "aims", aim.id), form | {"aims_at": "24"}).status == 303
        assert aims_of(aimed)[0].aims_at == Decimal("0.24")
        assert "changed an aim" in as_ana.get(url(aimed)).text

    def test_an_aim_lies_beyond_its_start(self, aimed, as_marta):
        aim = aims_of(aimed)[0]
        form = as_marta.get(url(aimed, "aims", aim.id, "edit")).form_data("#aim-form")
        for wrong in ("17", "0", "many", ""):
            assert as_marta.post(url(aimed, "aims", aim.id), form | {"aims_at": wrong}).status == 422

    def test_one_is_added_by_hand_and_dropped(self, cast, aimed, as_marta):
        form = as_marta.get(url(aimed, "aims/new")).form_data("#aim-form")
        data = form | {"what": "contacts", "aims_at": "5"}
        assert as_marta.post(url(aimed, "aims"), data).status == 303
        aim = aims_of(aimed)[-1]
        assert (aim.measure, aim.aims_at) == ("contacts", 5)
        removal = url(aimed, "aims", aim.id, "removal")
        drop = as_marta.get(url(aimed)).form_data(f"form[action='{removal}']")
        assert as_marta.hx_post(removal, drop).status == 200
        assert "contacts" not in [one.measure for one in aims_of(aimed)]
