"""A plan in the hands of its two people: changed, talked about, agreed, carried out, completed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app.coaching.access import as_worker, reading_as
from app.coaching.models import (
    Plan,
    PlanMessage,
    PlanMessageKind,
    PlanStatus,
    PlanStep,
    PlanStepStatus,
)
from app.core import clock
from app.core.audit import AuditEntry
from app.core.events import Event
from app.extensions import db
from app.people.operations import leave, set_manager
from app.training.models import Assignment, AssignmentOrigin
from tests.coaching.plans import aims_of, figure, found, make_plan, messages_of, steps_of
from tests.coaching.test_plan_proposing import make_course, sold
from tests.factories import make_person
from tests.jobs import run_jobs
from tests.sales.factories import make_product, make_sale


def url(plan, *more):
    return "/".join([f"/coaching/plans/{plan.id}", *map(str, more)])


def fresh(plan):
    as_worker()
    return db.session.get(Plan, plan.id, populate_existing=True)


def agree(client, plan, **more):
    data = client.get(url(plan)).form_data("#agree form")
    return client.post(url(plan, "agreement"), data | more)


def events_named(name):
    return db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id)).all()


@pytest.fixture
def plan(cast):
    return make_plan(cast.ana)


@pytest.fixture
def running(cast, plan, as_ana, as_marta):
    agree(as_ana, plan)
    agree(as_marta, plan)
    return plan


class TestReading:
    def test_the_two_and_hr_read_it_and_nobody_else(
        self, cast, plan, as_ana, as_marta, as_hilda, as_omar, as_luis, as_ximena, as_eva, as_alba
    ):
        for client in (as_ana, as_marta, as_hilda):
            assert "Coaching plan: Revenue" in client.get(url(plan)).text
        for client in (as_omar, as_luis, as_ximena, as_eva, as_alba):
            for path in ("", "/progress", "/conversation", "/print"):
                assert client.get(url(plan) + path).status == 404
            assert "Ana Alonso" not in client.get("/coaching/plans").text

    def test_straight_after_a_change_of_manager_it_is_the_new_ones(self, cast, plan, as_marta, as_omar):
        assert as_omar.get(url(plan)).status == 404
        set_manager(cast.ana, cast.omar, clock.today(), by_id=cast.alba.id)
        assert as_marta.get(url(plan)).status == 404
        assert as_marta.post(url(plan, "agreement"), {"version": 1}).status == 404
        assert as_marta.get("/coaching/plans").text.count("Ana Alonso") == 0
        page = as_omar.get(url(plan))
        assert "Ana Alonso" in page.text
        assert agree(as_omar, plan).status == 303

    def test_hr_reads_and_does_not_change(self, plan, as_hilda):
        page = as_hilda.get(url(plan))
        assert page.all("main form") == []
        step = steps_of(plan)[0]
        for path in ("agreement", "comments", "completion", "ending", "steps", f"steps/{step.id}/completion"):
            assert as_hilda.post(url(plan, path), {"version": 1, "text": "x"}).status == 404

    def test_nor_does_the_database_let_hr_change_it(self, cast, plan):
        db.session.commit()
        reading_as(cast.hilda)
        assert db.session.scalars(select(Plan)).all()
        for change in (update(Plan).values(version=9), update(PlanStep).values(position=9)):
            assert db.session.execute(change).rowcount == 0
        reading_as(cast.marta)
        assert db.session.execute(update(Plan).values(version=9)).rowcount == 1

    def test_it_says_why_each_step(self, cast, as_ana):
        plan = make_plan(cast.ana, [found("capability", 0.7, figures=[figure(now=0.18, peers=0.3)])])
        text = as_ana.get(url(plan)).text
        assert "70% of what is missing comes from sales that were lost." in text
        assert "You won 18% of what was decided, peers with the same products and leads 30%." in text

    def test_in_spanish(self, cast, plan, as_person):
        page = as_person(cast.ana, "es-CO").get(url(plan))
        assert "Plan de acompañamiento: Ingresos" in page.text
        assert "Practicar la conversación que se tuerce" in page.text
        assert "Ganaste 18" in page.text

    def test_a_plan_for_the_systems_miss_says_so(self, cast, as_ana, as_marta):
        plan = make_plan(cast.ana, [found("delivery", 0.9)])
        assert "Support plan: Revenue" in as_ana.get(url(plan)).text
        assert "for reasons outside your work" in as_ana.get(url(plan)).text
        assert "corrects nobody" in as_marta.get(url(plan)).text

    def test_it_says_what_the_persons_own_part_waits_for(self, cast, as_ana):
        plan = make_plan(cast.ana, [found("product", 0.5), found("capability", 0.4)], reviews=["product"])
        page = as_ana.get(url(plan))
        assert "is still closed" in page.text
        assert "It opens on" in page.text

    def test_it_prints_without_forms(self, running, as_ana):
        page = as_ana.get(url(running, "print"))
        assert page.all("main form") == []
        assert "agreed on" in page.text

    def test_lists_show_what_waits(self, plan, as_ana, as_marta, as_hilda):
        assert "Waits for you" in as_ana.get("/coaching/plans").text
        assert "Ana Alonso" in as_marta.get("/coaching/plans").text_of("#plan-list")
        assert "Ana Alonso" in as_hilda.get("/coaching/plans").text
        assert "Coaching plan: Revenue" in as_ana.get("/coaching").text


class TestAgreeing:
    def test_it_runs_once_both_have_agreed(self, plan, as_ana, as_marta):
        agree(as_ana, plan, text="Good")
        assert fresh(plan).status is PlanStatus.PROPOSED
        assert "Waits for the manager" in as_ana.get(url(plan)).text
        agree(as_marta, plan)
        assert fresh(plan).status is PlanStatus.ACTIVE
        assert [event.payload["is_running"] for event in events_named("plan_agreed")] == [False, True]

    def test_agreeing_twice_agrees_once(self, plan, as_ana):
        data = as_ana.get(url(plan)).form_data("#agree form")
        for _ in range(2):
            assert as_ana.post(url(plan, "agreement"), data).status == 303
        kinds = [message.kind for message in messages_of(plan)]
        assert kinds.count(PlanMessageKind.AGREED) == 1

    def test_nobody_agrees_to_what_they_have_not_seen(self, plan, as_ana, as_marta):
        seen = as_ana.get(url(plan)).form_data("#agree form")
        step = steps_of(plan)[0]
        form = as_marta.get(url(plan, "steps", step.id, "edit")).form_data("#step-form")
        as_marta.post(url(plan, "steps", step.id), form | {"title": "Something else"})
        page = as_ana.hx_post(url(plan, "agreement"), seen)
        assert page.status == 409
        assert "Marta Manrique changed a step: Something else" in page.text_of("[role=alert]")
        assert fresh(plan).agreed_by_person_at is None
        assert agree(as_ana, plan).status == 303

    def test_courses_are_given_when_it_runs(self, cast, as_ana, as_marta):
        product = make_product()
        course = make_course(product)
        plan = make_plan(cast.ana, [found("training", 0.8, product=product)])
        agree(as_ana, plan)
        assert db.session.scalars(select(Assignment)).all() == []
        agree(as_marta, plan)
        (given,) = db.session.scalars(select(Assignment)).all()
        assert (given.person_id, given.course_id, given.origin) == (
            cast.ana.id,
            course.id,
            AssignmentOrigin.PLAN,
        )

    def test_a_change_asks_the_person_again(self, running, as_marta, as_ana):
        form = as_marta.get(url(running, "dates")).form_data("main form")
        until = clock.today() + timedelta(days=60)
        assert as_marta.post(url(running, "dates"), form | {"ends_on": until.isoformat()}).status == 303
        plan = fresh(running)
        assert (plan.status, plan.agreed_by_person_at) == (PlanStatus.ACTIVE, None)
        assert "The plan has changed" in as_ana.get(url(plan)).text

    def test_what_happened_is_in_the_audit_with_its_actor(self, cast, running):
        actions = db.session.execute(
            select(AuditEntry.action, AuditEntry.actor_id)
            .where(AuditEntry.subject_type == "plans", AuditEntry.subject_id == running.id)
            .order_by(AuditEntry.id)
        ).all()
        assert actions == [
            ("plan.proposed", None),
            ("plan.agreed", cast.ana.id),
            ("plan.agreed", cast.marta.id),
        ]


class TestTalking:
    def test_both_write_and_both_read(self, plan, as_ana, as_marta):
        for client, text in ((as_ana, "Thursdays are bad"), (as_marta, "Then Friday")):
            form = client.get(url(plan)).form_data(f"form[action='{url(plan, 'comments')}']")
            page = client.hx_post(url(plan, "comments"), form | {"text": text})
            assert text in page.text_of("#plan-talk")
        assert "Thursdays are bad" in as_marta.get(url(plan)).text_of("#plan-talk")

    def test_the_same_comment_sent_twice_is_said_once(self, plan, as_ana):
        form = as_ana.get(url(plan)).form_data(f"form[action='{url(plan, 'comments')}']")
        for _ in range(2):
            as_ana.post(url(plan, "comments"), form | {"text": "Once"})
        assert [message.text for message in messages_of(plan)].count("Once") == 1

    def test_nothing_said_is_refused(self, plan, as_ana):
        form = as_ana.get(url(plan)).form_data(f"form[action='{url(plan, 'comments')}']")
        for post in (as_ana.post, as_ana.hx_post):
            assert post(url(plan, "comments"), form | {"text": " "}).status == 422

    def test_what_was_said_stands(self, plan):
        as_worker()
        message = db.session.scalars(select(PlanMessage)).first()
        message.text = "something else"
        with pytest.raises(DBAPIError, match="not changed"):
            db.session.flush()
        db.session.rollback()


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


class TestRules:
    def test_managers_keep_them_and_reps_do_not(self, as_marta, as_ana, as_hilda):
        assert "Rules" in as_marta.get("/coaching/rules").text
        for client in (as_ana, as_hilda):
            assert client.get("/coaching/rules").status == 404

    def rule(self, page, title):
        return next(link["href"] for link in page.all("#rule-list a") if title in link.get_text())

    def test_a_rule_that_is_switched_off_proposes_nothing(self, cast, as_marta):
        page = as_marta.get("/coaching/rules")
        link = self.rule(page, "Practise the conversation that turns")
        after = as_marta.hx_post(f"{link}/state", {"active": "no"})
        assert "Switch on" in after.text
        plan = make_plan(cast.ana)
        assert "Practise the conversation that turns" not in [step.title() for step in steps_of(plan)]

    def test_one_of_our_own_says_why_in_our_words(self, cast, as_marta, as_ana):
        form = as_marta.get("/coaching/rules/steps/new").form_data("main form")
        said = {"title_en": "Call three lost customers", "title_es": "", "kind": "practice", "days": "10"}
        for _ in range(2):
            assert as_marta.post("/coaching/rules/steps", form | said).status == 303
        assert as_marta.get("/coaching/rules").text.count("Call three lost customers") == 1
        form = as_marta.get("/coaching/rules/new").form_data("main form")
        template = next(
            option["value"]
            for option in as_marta.get("/coaching/rules/new").all("#template option")
            if option.get_text() == "Call three lost customers"
        )
        said = {"cause": "capability", "template": template, "reason_en": "Peers win {peers} of them."}
        assert as_marta.post("/coaching/rules", form | said).status == 303
        plan = make_plan(cast.ana)
        assert "Call three lost customers" in [step.title() for step in steps_of(plan)]
        assert "Peers win 30% of them." in as_ana.get(url(plan)).text

    def test_what_cannot_be_filled_in_is_refused(self, as_marta):
        form = as_marta.get("/coaching/rules/new").form_data("main form")
        said = {"cause": "capability", "reason_en": "You {password}."}
        page = as_marta.post("/coaching/rules", form | said)
        assert page.status == 422
        assert "Only these are filled in" in page.text

    def test_a_plan_keeps_the_words_that_it_was_proposed_with(self, cast, plan, as_marta, as_ana):
        link = self.rule(as_marta.get("/coaching/rules"), "Practise the conversation that turns")
        form = as_marta.get(link).form_data("main form")
        as_marta.post(link, form | {"reason_en": "Because we say so."})
        assert "Because we say so." not in as_ana.get(url(plan)).text

    def test_a_step_in_use_is_not_put_away(self, as_marta):
        link = next(
            link["href"]
            for link in as_marta.get("/coaching/rules").all("a[href*='/rules/steps/']")
            if "A customer visit together" in link.get_text()
        )
        form = as_marta.get(link).form_data("main form")
        form.pop("is_active")
        assert as_marta.post(link, form).status == 409


def test_the_next_plan_knows_what_was_tried(cast, running, as_marta, as_ana):
    step = steps_of(running)[0]
    as_ana.post(url(running, "steps", step.id, "completion"))
    make_plan(cast.ana, period="2026-10")
    page = as_marta.get(url(running))
    assert "Tried before October 2026 closed" in page.text
    assert "the goal was missed again" in page.text
