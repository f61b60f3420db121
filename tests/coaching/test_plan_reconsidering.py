"""A plan meets what comes after it: a gate that opens, a second miss, findings that changed."""

from datetime import timedelta

from sqlalchemy import select

from app.coaching.models import (
    Plan,
    PlanCase,
    PlanGate,
    PlanKind,
    PlanMessageKind,
    PlanStatus,
    PlanStepStatus,
    StepKind,
)
from app.coaching.proposals import proposing, reconsidering
from app.core import clock
from app.core.events import Event
from app.diagnosis.models import DiagnosisWhy, ReviewStatus
from app.extensions import db
from tests.coaching.plans import (
    OWN_PART,
    conclude,
    figure,
    found,
    kinds_of,
    make_case,
    make_plan,
    make_review,
    messages_of,
    number_of,
    plan_of,
    steps_of,
)


class TestGate:
    FINDINGS = (found("product", 0.5), found("capability", 0.4, figures=[figure()]))

    def test_the_persons_part_waits_until_the_departments_have_answered(self, cast):
        case = make_case(cast.ana, self.FINDINGS)
        review = make_review(case, "product")
        proposing.propose([case.id])
        plan = plan_of(case)
        assert (plan.kind, plan.gate) == (PlanKind.SUPPORT, PlanGate.WAITING)
        assert {step.kind for step in steps_of(plan)} == {StepKind.SUPPORT}
        review.status = ReviewStatus.CONFIRMED
        db.session.commit()
        reconsidering.on_cases_changed([Event(name="case_changed", payload={"case_id": case.id})])
        plan = plan_of(case)
        assert (plan.kind, plan.gate) == (PlanKind.COACHING, PlanGate.OPEN)
        assert StepKind.PRACTICE in kinds_of(plan)
        assert messages_of(plan)[-1].kind is PlanMessageKind.OPENED

    def test_it_opens_by_the_clock_too(self, cast):
        case = make_case(cast.ana, self.FINDINGS)
        review = make_review(case, "product")
        proposing.propose([case.id])
        reconsidering.open_gates()
        assert plan_of(case).gate is PlanGate.WAITING
        review.due_on = clock.today() - timedelta(days=1)
        db.session.commit()
        reconsidering.open_gates()
        assert plan_of(case).gate is PlanGate.OPEN

    def test_opening_asks_both_to_agree_again(self, cast):
        case = make_case(cast.ana, self.FINDINGS)
        review = make_review(case, "product")
        proposing.propose([case.id])
        plan = plan_of(case)
        plan.agreed_by_coach_at = plan.agreed_by_person_at = clock.now()
        plan.status = PlanStatus.ACTIVE
        review.status = ReviewStatus.LAPSED
        db.session.commit()
        reconsidering.reconsider([case.id])
        plan = plan_of(case)
        assert plan.version == 2
        assert plan.agreed_by_coach_at is plan.agreed_by_person_at is None


class TestSecondMiss:
    def test_it_extends_the_open_plan_with_what_was_tried(self, cast):
        plan = make_plan(cast.ana)
        plan.status = PlanStatus.ACTIVE
        step = steps_of(plan)[0]
        step.status, step.done_on = PlanStepStatus.DONE, clock.today()
        db.session.commit()
        second = make_case(cast.ana, OWN_PART, period="2026-10")
        proposing.propose([second.id])
        assert plan_of(second).id == plan.id
        assert number_of(Plan) == 1
        tried = db.session.scalars(select(PlanCase).where(PlanCase.case_id == second.id)).one().tried
        assert tried[0]["status"] == "done"
        assert db.session.get(Plan, plan.id).version == 2
        assert messages_of(plan)[-1].kind is PlanMessageKind.EXTENDED

    def test_nothing_is_proposed_twice(self, cast):
        plan = make_plan(cast.ana)
        second = make_case(cast.ana, OWN_PART, period="2026-10")
        proposing.propose([second.id])
        templates = [step.template_id for step in steps_of(plan)]
        assert len(templates) == len(set(templates))

    def test_another_metric_is_another_plan(self, cast):
        make_plan(cast.ana)
        make_plan(cast.ana, metric="units", period="2026-10", actual=10, target=50)
        assert number_of(Plan) == 2

    def test_after_a_completed_plan_there_is_a_new_one(self, cast):
        plan = make_plan(cast.ana)
        plan.status, plan.completed_on = PlanStatus.COMPLETED, clock.today()
        db.session.commit()
        assert make_plan(cast.ana, period="2026-10").id != plan.id


class TestAfterwards:
    def test_a_proposal_that_nobody_touched_becomes_what_the_findings_say_now(self, cast):
        case = make_case(cast.ana, OWN_PART)
        proposing.propose([case.id])
        conclude(case, [found("price", 1)], why=DiagnosisWhy.CONTESTED)
        reconsidering.reconsider([case.id])
        plan = plan_of(case)
        assert plan.kind is PlanKind.SUPPORT
        assert {step.kind for step in steps_of(plan)} == {StepKind.SUPPORT}

    def test_one_that_was_agreed_stays_and_says_that_the_findings_changed(self, cast):
        case = make_case(cast.ana, OWN_PART)
        proposing.propose([case.id])
        plan = plan_of(case)
        plan.agreed_by_person_at = clock.now()
        db.session.commit()
        before = kinds_of(plan)
        conclude(case, [found("price", 1)], why=DiagnosisWhy.CONTESTED)
        reconsidering.reconsider([case.id])
        assert kinds_of(plan) == before
        assert messages_of(plan)[-1].kind is PlanMessageKind.FINDINGS_CHANGED

    def test_a_goal_that_was_reached_after_all_takes_its_proposal_back(self, cast):
        case = make_case(cast.ana, OWN_PART)
        proposing.propose([case.id])
        case.withdrawn_at = clock.now()
        db.session.commit()
        reconsidering.reconsider([case.id])
        assert plan_of(case).status is PlanStatus.ENDED

    def test_looking_again_at_what_has_not_changed_changes_nothing(self, cast):
        case = make_case(cast.ana, OWN_PART)
        proposing.propose([case.id])
        reconsidering.reconsider([case.id])
        plan = plan_of(case)
        assert plan.version == 1
        assert len(messages_of(plan)) == 1

    def test_where_nothing_was_left_something_may_be(self, cast):
        case = make_case(cast.ana, [found("none", 1, "chance")])
        proposing.propose([case.id])
        conclude(case, OWN_PART, why=DiagnosisWhy.ANSWERED)
        reconsidering.reconsider([case.id])
        assert plan_of(case).kind is PlanKind.COACHING
        assert number_of(PlanCase) == 1
