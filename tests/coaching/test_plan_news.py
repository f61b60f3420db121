"""News of plans in the inbox and on the home pages, for as long as one may read them."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.coaching.models import PlanStatus
from app.core import clock, events
from app.diagnosis.models import Case
from app.extensions import db
from app.people.operations import set_manager
from tests.coaching.plan_pages import agree, fresh, url
from tests.coaching.plans import OWN_PART, make_case, make_plan, steps_of
from tests.jobs import run_jobs


@pytest.fixture
def plan(cast):
    found = make_plan(cast.ana)
    run_jobs()
    return found


def inbox(client):
    return client.get("/notifications").text


def test_both_hear_of_a_proposed_plan(plan, as_ana, as_marta):
    assert "A plan is proposed to you: Coaching plan: Revenue" in inbox(as_ana)
    assert "A plan for Ana Alonso waits for your word" in inbox(as_marta)


def test_a_closed_period_makes_one_piece_of_news_each(cast, as_ana, as_marta):
    cases = [make_case(one, OWN_PART) for one in (cast.ana, cast.bea)]
    from app.coaching.proposals.proposing import on_cases_opened
    from app.core.events import Event

    told = [Event(name="case_opened", payload={"case_id": c.id, "person_id": c.person_id}) for c in cases]
    for _ in range(2):
        on_cases_opened(told)
        run_jobs()
    assert inbox(as_ana).count("A plan is proposed to you") == 1
    assert inbox(as_marta).count("2 plans of your team wait for your word") == 1


def test_the_other_hears_of_what_is_said_and_agreed(plan, as_ana, as_marta):
    form = as_ana.get(url(plan)).form_data(f"form[action='{url(plan, 'comments')}']")
    as_ana.post(url(plan, "comments"), form | {"text": "Between us"})
    agree(as_ana, plan)
    run_jobs()
    news = inbox(as_marta)
    assert "Ana Alonso wrote about a plan" in news
    assert "Ana Alonso agreed" in news
    assert "Between us" not in news
    assert "wrote about a plan" not in inbox(as_ana)


def test_several_changes_are_one_piece_of_news(plan, as_marta, as_ana):
    for step in steps_of(plan):
        form = as_marta.get(url(plan, "steps", step.id, "edit")).form_data("#step-form")
        as_marta.post(url(plan, "steps", step.id), form | {"title": f"Step {step.id}"})
        run_jobs()
    assert inbox(as_ana).count("Marta Manrique changed a plan") == 1


def test_what_nobody_has_changed_says_whose_plan_it_is(plan, as_ana, as_marta):
    events.record("plan_changed", plan_id=plan.id, people=[plan.person_id, plan.coach_id], author_id=None)
    db.session.commit()
    run_jobs()
    assert "Something is new in a plan: Coaching plan: Revenue (Ana Alonso)" in inbox(as_marta)
    assert "Something is new in a plan: Coaching plan: Revenue" in inbox(as_ana)
    assert "Revenue (Ana Alonso)" not in inbox(as_ana)


def test_who_may_not_read_it_any_more_reads_no_name(cast, plan, as_marta):
    set_manager(cast.ana, cast.omar, clock.today(), by_id=cast.alba.id)
    news = inbox(as_marta)
    assert "Ana" not in news
    assert "not open to you any more" in news


def test_a_reps_next_thing_is_a_plan_to_agree_to_then_its_step(plan, as_ana, as_marta):
    assert "A plan waits for your word" not in as_ana.get("/").text  # first she reads why
    db.session.execute(update(Case).values(read_at=clock.now()))
    assert "A plan waits for your word" in as_ana.get("/").text
    agree(as_ana, plan)
    step = steps_of(plan)[0]
    assert "The next step of your plan" not in as_ana.get("/").text
    step.due_on = clock.today() + timedelta(days=2)
    db.session.commit()
    assert step.title() in as_ana.get("/").text


def test_a_managers_home_counts_what_waits(plan, as_ana, as_marta, as_omar):
    assert "1 plan waits for your word" in as_marta.get("/").text
    assert "waits for your word" not in as_omar.get("/").text
    agree(as_ana, plan)
    agree(as_marta, plan)
    running = fresh(plan)
    assert running.status is PlanStatus.ACTIVE
    running.starts_on, running.ends_on = (clock.today() - timedelta(days=n) for n in (90, 1))
    db.session.commit()
    assert "1 plan is done or over" in as_marta.get("/").text


def test_a_stranger_to_coaching_has_nothing_of_it(plan, as_alba):
    assert "plan" not in as_alba.get("/").text.lower()
