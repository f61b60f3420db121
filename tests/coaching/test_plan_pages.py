"""A plan in the hands of its two people: changed, talked about, agreed, carried out, completed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app.coaching.access import as_worker, reading_as
from app.coaching.models import Plan, PlanMessage, PlanMessageKind, PlanStatus, PlanStep
from app.core import clock
from app.core.audit import AuditEntry
from app.extensions import db
from app.people.operations import set_manager
from app.training.models import Assignment, AssignmentOrigin
from tests.coaching.plan_pages import agree, fresh, url
from tests.coaching.plans import figure, found, make_course, make_plan, messages_of, steps_of
from tests.events import events_named
from tests.sales.factories import make_product


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
