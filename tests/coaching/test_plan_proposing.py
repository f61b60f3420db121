"""Missed goals become plans: of the right kind, once each, extended by a second miss, opened in time."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app.coaching.access import as_worker
from app.coaching.models import (
    Plan,
    PlanCase,
    PlanGate,
    PlanKind,
    PlanMessageKind,
    PlanStatus,
    PlanStep,
    PlanStepStatus,
    StepKind,
)
from app.coaching.proposals import proposing, reconsidering
from app.core import clock
from app.core.events import Event
from app.diagnosis.models import DiagnosisWhy, ReviewStatus
from app.extensions import db
from app.training.models import Assignment, AssignmentOrigin, Completion, Course
from tests.coaching.plans import (
    OWN_PART,
    aims_of,
    conclude,
    figure,
    found,
    make_case,
    make_plan,
    make_review,
    messages_of,
    plan_of,
    statements,
    steps_of,
)
from tests.factories import make_person
from tests.jobs import run_jobs
from tests.sales.factories import make_product, make_sale


def kinds_of(plan):
    return [step.kind for step in steps_of(plan)]


def number_of(table):
    as_worker()
    return db.session.scalar(select(func.count()).select_from(table))


def make_course(product=None, title="Sell it well"):
    course = Course(title=title, product_id=product.id if product else None, published_at=clock.now())
    db.session.add(course)
    db.session.commit()
    return course


def sold(person, won, lost, product=None, on="2026-08-10", amount=100_00):
    product = product or make_product()
    for stage, number in (("won", won), ("lost", lost)):
        for _ in range(number):
            make_sale(person, amount, clock.today().fromisoformat(on), stage, product=product)
    return product


def test_what_is_left_for_the_person_becomes_a_coaching_plan(cast):
    plan = make_plan(cast.ana)
    assert (plan.kind, plan.status, plan.gate) == (PlanKind.COACHING, PlanStatus.PROPOSED, PlanGate.OPEN)
    assert (plan.person_id, plan.coach_id) == (cast.ana.id, cast.marta.id)
    assert kinds_of(plan) == [StepKind.PRACTICE, StepKind.JOINT_VISIT]
    assert plan.starts_on == clock.today()
    assert plan.ends_on == clock.today() + timedelta(weeks=13)


def test_a_miss_by_the_systems_causes_becomes_a_plan_of_support(cast):
    plan = make_plan(cast.ana, [found("delivery", 0.8), found("none", 0.2, "chance")])
    assert plan.kind is PlanKind.SUPPORT
    assert {step.kind for step in steps_of(plan)} == {StepKind.SUPPORT}
    assert aims_of(plan) == []


def test_chance_alone_makes_no_plan(cast):
    case = make_case(cast.ana, [found("none", 1, "chance")])
    proposing.propose([case.id])
    assert plan_of(case) is None
    assert number_of(PlanCase) == 1


def test_a_small_rest_for_the_person_is_no_reason_to_coach(cast):
    plan = make_plan(cast.ana, [found("price", 0.95), found("capability", 0.05)])
    assert plan.kind is PlanKind.SUPPORT
    assert {step.kind for step in steps_of(plan)} == {StepKind.SUPPORT}


def test_telling_it_twice_makes_one_plan(cast):
    case = make_case(cast.ana, OWN_PART)
    event = Event(name="case_opened", payload={"case_id": case.id, "person_id": cast.ana.id})
    proposing.on_cases_opened([event])
    proposing.on_cases_opened([event, event])
    assert (number_of(Plan), number_of(PlanCase)) == (1, 1)
    assert len(steps_of(plan_of(case))) == 2


def test_one_case_told_brings_in_the_others_of_its_period(cast):
    cases = [make_case(one, OWN_PART) for one in (cast.ana, cast.bea, cast.luis)]
    proposing.propose([cases[0].id])
    assert all(plan_of(case) for case in cases)


def test_its_people_are_told(cast):
    plan = make_plan(cast.ana)
    event = db.session.scalars(select(Event).where(Event.name == "plan_proposed")).one()
    assert event.payload["plan_id"] == plan.id
    assert event.payload["people"] == sorted([cast.ana.id, cast.marta.id])


def test_who_has_left_gets_no_plan(cast):
    case = make_case(cast.nora, OWN_PART)
    proposing.propose([case.id])
    assert plan_of(case) is None


class TestSteps:
    def test_a_required_course_that_was_not_taken_comes_first(self, cast):
        product = make_product("GTX Pro")
        course = make_course(product)
        plan = make_plan(cast.ana, [found("training", 0.6, product=product, figures=[figure()])])
        first = steps_of(plan)[0]
        assert (first.kind, first.course_id, first.titles["es"]) == (
            StepKind.COURSE,
            course.id,
            "Curso: Sell it well",
        )
        assert first.reason["figures"]["product"] == "GTX Pro"
        assert first.choice_id

    def test_who_has_the_course_is_not_sent_again(self, cast):
        product = make_product()
        course = make_course(product)
        db.session.add(
            Assignment(
                person_id=cast.ana.id,
                course_id=course.id,
                origin=AssignmentOrigin.OWN,
                assigned_on=clock.today(),
                completed_on=clock.today(),
                completion=Completion.RECORDED,
            )
        )
        plan = make_plan(cast.ana, [found("training", 0.6, product=product)])
        assert StepKind.COURSE not in kinds_of(plan)

    def test_training_that_names_no_product_is_about_the_course_that_was_lacking(self, cast):
        boots, tents = make_product("Boots"), make_product("Tents")
        late, new = make_course(boots, "Sell boots"), make_course(tents, "Sell tents")
        for course, since in ((late, "2026-05-01"), (new, "2026-10-05")):
            on = clock.today().fromisoformat(since)
            db.session.add(
                Assignment(
                    person_id=cast.ana.id,
                    course_id=course.id,
                    origin=AssignmentOrigin.MANAGER,
                    assigned_on=on,
                )
            )
        plan = make_plan(cast.ana, [found("training", 0.6, figures=[figure()])])
        first = next(step for step in steps_of(plan) if step.kind is StepKind.COURSE)
        assert (first.title(), first.course_id) == ("Course: Sell boots", late.id)
        assert first.reason["figures"]["product"] == "Boots"
        plan = make_plan(cast.bea, [found("training", 0.6, figures=[figure()])])
        assert StepKind.COURSE not in kinds_of(plan)

    def test_a_peer_who_is_strong_exactly_there_is_gone_along_with(self, cast):
        product = sold(cast.bea, won=9, lost=1)
        sold(cast.ana, won=2, lost=10, product=product)
        sold(cast.luis, won=4, lost=8, product=product)
        plan = make_plan(cast.ana, [found("capability", 0.8, product=product, figures=[figure()])])
        step = next(step for step in steps_of(plan) if step.kind is StepKind.SHADOWING)
        assert step.peer_id == cast.bea.id
        assert step.titles["en"] == "Go along with Bea Blanco"

    def test_each_is_due_on_a_working_day(self, cast):
        plan = make_plan(cast.ana)
        assert all(step.due_on.weekday() < 5 and step.due_on > clock.today() for step in steps_of(plan))


class TestAims:
    def test_from_ones_own_figure_towards_that_of_peers(self, cast):
        product = sold(cast.ana, won=9, lost=41)
        for number in range(4):
            sold(make_person(team=cast.norte), won=6 + number, lost=14 - number, product=product)
        plan = make_plan(
            cast.ana, [found("capability", 0.8, product=product, figures=[figure(now=0.18, peers=0.33)])]
        )
        aim = aims_of(plan)[0]
        assert aim.product_id == product.id
        assert aim.starts_at == Decimal("0.18")
        assert Decimal("0.18") < aim.aims_at < Decimal("0.33")
        assert aim.by_on == plan.ends_on

    def test_the_goals_own_figure_is_a_weeks_and_not_beyond_what_others_reach(self, cast):
        make = [make_person(team=cast.norte) for _ in range(5)]
        for number, person in enumerate(make):
            sold(person, won=1, lost=0, amount=(70 + number) * 1_000_00)
        sold(cast.ana, won=1, lost=0, amount=60_000_00)
        plan = make_plan(cast.ana)
        (aim,) = [aim for aim in aims_of(plan) if aim.product_id is None]
        weeks = Decimal(92) / 7
        assert aim.starts_at == (60_000_00 / weeks).quantize(Decimal("0.0001"))
        assert aim.starts_at < aim.aims_at <= 73_000_00 / weeks

    def test_support_sets_none(self, cast):
        sold(cast.ana, won=9, lost=41)
        plan = make_plan(cast.ana, [found("product", 0.9, figures=[figure()])])
        assert aims_of(plan) == []


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


def test_first_sessions_are_spread_over_the_managers_week(cast):
    people = [make_person(team=cast.norte, manager=cast.marta) for _ in range(6)]
    cases = [make_case(person, OWN_PART) for person in people]
    proposing.propose([case.id for case in cases])
    days = [plan_of(case).session_on for case in cases]
    assert all(clock.today() < day <= clock.today() + timedelta(days=7) for day in days)
    assert max(days.count(day) for day in days) == 2


def test_many_cases_cost_as_many_statements_as_few(cast):
    people = [make_person(team=cast.norte, manager=cast.marta) for _ in range(20)]
    few = [make_case(person, OWN_PART).id for person in people[:4]]
    with statements() as for_few:
        proposing.propose(few)
    many = [make_case(person, OWN_PART).id for person in people[4:]]
    with statements() as for_many:
        proposing.propose(many)
    assert len(for_many) <= len(for_few)
    run_jobs()
    assert number_of(PlanStep) == 40
