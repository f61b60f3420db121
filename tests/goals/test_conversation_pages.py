"""A goal is proposed, questioned, accepted; managers see who has not answered, and ask again."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.core.audit import AuditEntry
from app.extensions import db
from app.goals.models import Goal, GoalMessage, GoalStatus
from tests.events import events_named
from tests.goals.factories import make_goal, make_period


def actions_of(goal):
    rows = select(AuditEntry.action).where(
        AuditEntry.subject_type == "goals", AuditEntry.subject_id == goal.id
    )
    return db.session.scalars(rows.order_by(AuditEntry.id)).all()


@pytest.fixture
def proposed(cast):
    return make_goal(cast.ana, 5_000_00, status=GoalStatus.PROPOSED, by=cast.marta)


def test_a_draft_is_proposed_and_its_person_told(cast, as_marta, as_ana):
    goal = make_goal(cast.ana, 5_000_00, status=GoalStatus.DRAFT, by=cast.marta)
    page = as_marta.get(f"/goals/{goal.id}")
    assert (
        as_marta.post(
            f"/goals/{goal.id}/proposal", page.form_data(f"form[action='/goals/{goal.id}/proposal']")
        ).status
        == 303
    )
    assert "Waits for an answer" in as_ana.get(f"/goals/{goal.id}").text
    (event,) = events_named("goal_proposed")
    assert event.payload["people"] == [cast.ana.id]
    assert event.payload["by_person"] == {str(cast.ana.id): [goal.id]}
    assert actions_of(goal) == ["goal.proposed"]


def test_proposing_twice_tells_once(cast, as_marta):
    goal = make_goal(cast.ana, status=GoalStatus.DRAFT, by=cast.marta)
    for _ in range(2):
        assert as_marta.post(f"/goals/{goal.id}/proposal").status == 303
    assert len(events_named("goal_proposed")) == 1


def test_she_accepts_with_a_comment(cast, as_ana, as_marta, proposed):
    page = as_ana.get(f"/goals/{proposed.id}")
    data = page.form_data("#answer form") | {"text": "Of course"}
    after = as_ana.hx_post(f"/goals/{proposed.id}/acceptance", data)
    assert "accepted it" in after.text_of("#goal-conversation")
    assert "Of course" in as_marta.get(f"/goals/{proposed.id}").text_of("#goal-conversation")
    assert not after.all("#answer")
    (event,) = events_named("goal_answered")
    assert event.payload["people"] == [cast.marta.id]


def test_accepting_again_changes_nothing(as_ana, proposed):
    data = as_ana.get(f"/goals/{proposed.id}").form_data("#answer form")
    for _ in range(2):
        assert as_ana.post(f"/goals/{proposed.id}/acceptance", data).status == 303
    assert actions_of(proposed) == ["goal.accepted"]
    assert len(events_named("goal_answered")) == 1


def test_a_question_says_what_it_asks(as_ana, as_marta, proposed):
    data = as_ana.get(f"/goals/{proposed.id}").form_data("#answer form")
    silent = as_ana.hx_post(f"/goals/{proposed.id}/questions", data)
    assert silent.status == 422
    assert "Say what you want to talk about." in silent.text
    plain = as_ana.post(f"/goals/{proposed.id}/questions", data)
    assert plain.status == 422
    assert len(plain.all("h1")) == 1
    asked = as_ana.hx_post(f"/goals/{proposed.id}/questions", data | {"text": "Why so much?"})
    assert "Why so much?" in asked.text_of("#goal-conversation")
    assert "Why so much?" in as_marta.get("/goals/answers").text


def test_the_same_question_posted_twice_is_asked_once(as_ana, proposed):
    data = as_ana.get(f"/goals/{proposed.id}").form_data("#answer form") | {"text": "Why?"}
    for _ in range(2):
        as_ana.post(f"/goals/{proposed.id}/questions", data)
    assert len(db.session.scalars(select(GoalMessage)).all()) == 1


def test_after_a_question_she_may_still_accept(as_ana, proposed):
    data = as_ana.get(f"/goals/{proposed.id}").form_data("#answer form")
    as_ana.post(f"/goals/{proposed.id}/questions", data | {"text": "Why?"})
    as_ana.post(f"/goals/{proposed.id}/acceptance", data)
    assert db.session.get(Goal, proposed.id).status is GoalStatus.ACCEPTED


def test_nobody_answers_for_somebody_else(cast, as_marta, as_luis, as_ximena, proposed):
    for other in (as_marta, as_luis, as_ximena):
        assert other.post(f"/goals/{proposed.id}/acceptance").status == 404
    assert db.session.get(Goal, proposed.id).status is GoalStatus.PROPOSED


def test_the_lead_answers_for_the_team(cast, as_ana, as_marta):
    goal = make_goal(cast.norte, status=GoalStatus.PROPOSED, by=cast.ximena)
    assert as_ana.post(f"/goals/{goal.id}/acceptance").status == 404
    assert as_marta.post(f"/goals/{goal.id}/acceptance").status == 303
    assert db.session.get(Goal, goal.id).status is GoalStatus.ACCEPTED


def test_who_only_looks_on_does_not_read_the_conversation(cast, as_ana, as_marta):
    goal = make_goal(cast.norte, status=GoalStatus.PROPOSED, by=cast.ximena)
    as_marta.post(f"/goals/{goal.id}/acceptance", {"text": "Between us", "key": "x"})
    data = as_marta.get(f"/goals/{goal.id}").form_data("#answer form") | {"text": "Between us"}
    as_marta.post(f"/goals/{goal.id}/acceptance", data)
    assert "Between us" in as_marta.get(f"/goals/{goal.id}").text
    assert "Between us" not in as_ana.get(f"/goals/{goal.id}").text
    assert as_ana.post(f"/goals/{goal.id}/comments", {"text": "Me too"}).status == 404


def test_both_go_on_talking(cast, as_ana, as_marta):
    goal = make_goal(cast.ana, by=cast.marta)
    for client, text in ((as_ana, "The fair is in May"), (as_marta, "I know")):
        page = client.get(f"/goals/{goal.id}")
        form = page.form_data(f"form[action='/goals/{goal.id}/comments']") | {"text": text}
        assert text in client.hx_post(f"/goals/{goal.id}/comments", form).text_of("#goal-conversation")
    empty = as_ana.hx_post(f"/goals/{goal.id}/comments", form | {"text": " "})
    assert empty.status == 422


def test_what_was_said_stands(proposed, as_ana):
    as_ana.post(f"/goals/{proposed.id}/acceptance")
    message = db.session.scalars(select(GoalMessage)).first()
    message.text = "something else"
    with pytest.raises(DBAPIError, match="not changed"):
        db.session.flush()
    db.session.rollback()


def test_managers_see_who_has_not_answered_and_ask_again_once_a_day(cast, as_marta, as_omar, proposed):
    make_goal(cast.bea, by=cast.marta)
    page = as_marta.get("/goals/answers")
    assert "Ana Alonso" in page.text_of("#waiting")
    assert "Bea" not in page.text_of("#answers")
    assert "Ana" not in as_omar.get("/goals/answers").text
    form = page.form_data("form[action='/goals/answers/reminders']")
    for _ in range(2):
        assert as_marta.post("/goals/answers/reminders", form).status == 303
    (event,) = events_named("goal_reminded")
    assert event.payload["people"] == [cast.ana.id]
    assert "asked again" in as_marta.get("/goals/answers").text


def test_nobody_reminds_another_managers_people(as_omar, proposed):
    as_omar.post("/goals/answers/reminders", {"goal": proposed.id})
    assert not events_named("goal_reminded")


def test_all_drafts_of_a_period_are_proposed_with_one_button(cast, as_marta):
    period = make_period()
    drafts = [
        make_goal(each, status=GoalStatus.DRAFT, by=cast.marta) for each in (cast.ana, cast.bea, cast.luis)
    ]
    page = as_marta.get(f"/goals/answers?period={period.key}")
    form = page.form_data("form[action='/goals/proposed']")
    as_marta.post("/goals/proposed", form)
    status = [db.session.get(Goal, each.id).status.value for each in drafts]
    assert status == ["proposed", "proposed", "draft"]
    assert len(events_named("goal_proposed")) == 1


def test_setting_a_goal_makes_a_draft_once(cast, as_marta):
    period = make_period()
    page = as_marta.get(f"/goals/new?period={period.key}")
    form = page.form_data("#new-goal") | {
        "subject": f"person-{cast.ana.id}",
        "metric": "revenue",
        "target": "12,500.50",
        "weight": "60",
    }
    first = as_marta.post("/goals", form)
    assert as_marta.post("/goals", form).location == first.location
    (goal,) = db.session.scalars(select(Goal)).all()
    assert (goal.target, goal.weight, goal.status) == (1_250_050, 6000, GoalStatus.DRAFT)
    assert actions_of(goal) == ["goal.created"]


def test_numbers_are_read_as_the_region_writes_them(cast, as_person):
    period = make_period()
    client = as_person(cast.marta, "es-ES")
    form = client.get(f"/goals/new?period={period.key}").form_data("#new-goal")
    form |= {"subject": f"person-{cast.ana.id}", "metric": "win_rate", "target": "27,5"}
    assert client.post("/goals", form).status == 303
    (goal,) = db.session.scalars(select(Goal)).all()
    assert str(goal.target) == "0.2750"


@pytest.mark.parametrize("target", ["", "0", "-5", "many", "1.2.3"])
def test_what_is_no_target_is_refused_with_a_reason(cast, as_marta, target):
    period = make_period()
    form = as_marta.get(f"/goals/new?period={period.key}").form_data("#new-goal")
    form |= {"subject": f"person-{cast.ana.id}", "metric": "revenue", "target": target}
    page = as_marta.hx_post("/goals", form)
    assert page.status == 422
    assert page.all(".field__error")


def test_a_second_goal_for_the_same_thing_is_refused(cast, as_marta):
    goal = make_goal(cast.ana)
    form = as_marta.get("/goals/new").form_data("#new-goal")
    form |= {
        "subject": f"person-{cast.ana.id}",
        "metric": "revenue",
        "target": "5",
        "period": make_period().key,
    }
    page = as_marta.post("/goals", form)
    assert page.status == 422
    assert "already has a goal" in page.text
    assert goal.id


def test_a_manager_sets_goals_for_her_scope_but_not_for_herself(cast, as_marta, as_ana):
    options = {option["value"] for option in as_marta.get("/goals/new").all("#subject option")}
    assert options == {f"team-{cast.norte.id}", f"person-{cast.ana.id}", f"person-{cast.bea.id}"}
    form = as_marta.get("/goals/new").form_data("#new-goal")
    form |= {
        "subject": f"person-{cast.luis.id}",
        "metric": "revenue",
        "target": "5",
        "period": make_period().key,
    }
    assert as_marta.post("/goals", form).status == 422
    assert as_ana.get("/goals/new").status == 404


def test_a_draft_is_changed_and_thrown_away(cast, as_marta):
    goal = make_goal(cast.ana, status=GoalStatus.DRAFT, by=cast.marta)
    form = as_marta.get(f"/goals/{goal.id}/draft").form_data("#edit-goal")
    assert form["target"] == "10,000"
    assert as_marta.post(f"/goals/{goal.id}/draft", form | {"target": "11,000"}).status == 303
    assert db.session.get(Goal, goal.id).target == 1_100_000
    for _ in range(2):
        page = as_marta.post(f"/goals/{goal.id}/withdrawal")
    assert page.status in (303, 404)
    assert as_marta.get(f"/goals/{goal.id}").status == 404
    assert make_goal(cast.ana).id != goal.id


def test_what_is_proposed_is_not_changed_as_a_draft(cast, as_marta, proposed):
    assert as_marta.post(f"/goals/{proposed.id}/draft", {"target": "1"}).status == 409
    assert as_marta.post(f"/goals/{proposed.id}/withdrawal").status == 409
