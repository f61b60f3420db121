"""A goal that is new in a closed period is a draft as ever; to propose it is asked for, and judges it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core.errors import Conflict
from app.core.events import Event
from app.extensions import db
from app.goals import adjustments, carrying_out, operations
from app.goals.models import Adjustment, Goal, GoalStatus
from tests.goals.adjusting import asked, granted, standing
from tests.goals.factories import close, make_goal, make_period, result_of, the_metric
from tests.imports.factories import Command, counts, table, why
from tests.sales.factories import make_sale

AUGUST = date(2026, 8, 10)
QUARTER = "2026-Q3"


@pytest.fixture
def ended(cast):
    make_sale(cast.luis, 80_00, AUGUST)
    cast.goal = make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    return cast


def draft_of(cast, target: int = 50_00) -> Goal:
    return operations.create_goal(
        cast.luis,
        period=make_period(QUARTER),
        metric=the_metric(),
        target=Decimal(target),
        by=cast.omar.id,
    )


def test_a_new_goal_is_judged_once_a_second_person_agrees(ended):
    draft = draft_of(ended)
    done = granted(lambda: operations.propose_goals([draft.id], by=ended.omar.id), ended.omar, ended.alba)
    assert standing(draft) == ("exceeded", 80_00, 1)
    assert result_of(draft).adjustment_id == done.id
    assert db.session.get(Goal, draft.id).status is GoalStatus.PROPOSED
    events = {event.name: event.payload for event in db.session.scalars(select(Event))}
    assert (events["result_adjusted"]["goal_id"], events["result_adjusted"]["was"]) == (draft.id, None)
    assert "goal_proposed" not in events, "there is nothing left to answer"


def test_until_then_it_is_a_draft_and_judged_nowhere(ended):
    draft = draft_of(ended)
    adjustment = asked(lambda: operations.propose_goals([draft.id], by=ended.omar.id), ended.omar)
    seen = carrying_out.preview(adjustment).done
    assert [(effect.before, effect.after.outcome) for effect in seen.effects] == [(None, "exceeded")]
    db.session.expire_all()
    assert db.session.get(Goal, draft.id).status is GoalStatus.DRAFT


def test_a_draft_changed_in_the_meantime_is_not_what_was_asked_for(ended):
    draft = draft_of(ended)
    adjustment = asked(lambda: operations.propose_goals([draft.id], by=ended.omar.id), ended.omar)
    operations.change_draft(draft.id, target=Decimal(10_00), by=ended.omar.id)
    with pytest.raises(Conflict, match="in the meantime"):
        adjustments.decide(adjustment.id, grant=True, by=ended.alba.id)


def test_weights_are_asked_for_too(ended):
    granted(lambda: operations.set_weights({ended.goal.id: 5000}, by=ended.marta.id), ended.marta, ended.alba)
    assert db.session.get(Goal, ended.goal.id).weight == 5000
    assert standing(ended.goal)[2] == 1, "no result of a goal"


def test_from_the_form_to_the_result(ended, as_omar, as_alba):
    form = as_omar.get(f"/goals/new?period={QUARTER}").form_data("#new-goal") | {
        "subject": f"person-{ended.luis.id}",
        "metric": "revenue",
        "target": "50",
    }
    page = as_omar.follow(as_omar.post("/goals", form))
    assert "a second person decides" in page.text
    goal = db.session.scalars(select(Goal).where(Goal.person_id == ended.luis.id)).one()
    draft = as_omar.post(
        f"/goals/{goal.id}/proposal", page.form_data(f'form[action="/goals/{goal.id}/proposal"]')
    )
    shown = as_omar.follow(draft)
    assert "Luis" in shown.text_of("#asked")
    assert "Exceeded" in shown.text_of(f"#effect-{goal.id}")
    form = shown.form_data("#ask form") | {"reason": "He took over the region in July"}
    as_omar.post(f"{draft.location}/request", form)
    page = as_alba.get(draft.location)
    as_alba.post(f"{draft.location}/decision", page.form_data("#decide form") | {"grant": "yes"})
    assert "Exceeded" in as_omar.get(draft.location).text_of("#effects")
    assert "How it was judged" in as_omar.get(f"/goals/{goal.id}").text


def test_a_file_says_what_to_do_instead(app, ended, tmp_path):
    row = {
        "rep": "Luis Lara",
        "metric": "revenue",
        "target": 5,
        "starts_on": "2026-07-01",
        "ends_on": "2026-09-30",
    }
    result = Command(app, tmp_path)("goals", table(row | {"rep": ended.luis.name}))
    assert (counts(result), why(result)) == ((0, 0, 0, 1), ["goal_period_closed"])
    assert db.session.scalars(select(Adjustment)).all() == []
