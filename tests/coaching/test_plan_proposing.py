"""Missed goals become plans: of the right kind, once each, extended by a second miss, opened in time."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.coaching.models import Plan, PlanCase, PlanGate, PlanKind, PlanStatus, PlanStep, StepKind
from app.coaching.proposals import proposing
from app.core import clock
from app.core.events import Event
from app.extensions import db
from app.training.models import Assignment, AssignmentOrigin, Completion
from tests.coaching.plans import (
    OWN_PART,
    aims_of,
    figure,
    found,
    kinds_of,
    make_case,
    make_course,
    make_plan,
    number_of,
    plan_of,
    sold,
    statements,
    steps_of,
)
from tests.factories import make_person
from tests.jobs import run_jobs
from tests.sales.factories import make_product


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
