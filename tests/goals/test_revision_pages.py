"""A goal is revised for a reason; those it touches are told; late easing takes two people."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.events import Event
from app.extensions import db
from app.goals.models import Acknowledgement, Goal, GoalStatus, PeriodStatus, Revision, RevisionStatus
from tests.factories import make_person
from tests.goals.factories import make_goal, make_period, the_metric


def form_for(client, goal, **values):
    form = client.get(f"/goals/{goal.id}/revisions/new").form_data("#revise-goal form")
    return form | {"target": "8,000", "reason": "economy", "text": "The market shrank"} | values


def people_told(name="goal_revised"):
    event = db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id.desc())).first()
    return set(event.payload["people"]) if event else None


@pytest.fixture
def goal(cast):
    """In the middle of its year, when nothing is near its end."""
    this = clock.today()
    period = make_period(kind="year", day=this + timedelta(days=200))
    return make_goal(cast.ana, 10_000_00, period=period, by=cast.marta)


@pytest.fixture
def late(cast):
    """A goal whose period ended yesterday and is not closed."""
    period = make_period(kind="month", day=clock.today().replace(day=1) - timedelta(days=1))
    return make_goal(cast.ana, 10_000_00, period=period, by=cast.marta)


def test_a_revision_has_reason_text_date_and_version_and_is_told(cast, as_marta, as_ana, goal):
    assert as_marta.post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal)).status == 303
    (revision,) = db.session.scalars(select(Revision)).all()
    assert (revision.version, revision.status, revision.reason.value) == (
        2,
        RevisionStatus.APPLIED,
        "economy",
    )
    assert revision.effective_on == clock.today()
    after = db.session.get(Goal, goal.id)
    assert (after.target, after.version, after.status) == (8_000_00, 2, GoalStatus.PROPOSED)
    assert people_told() == {cast.ana.id}
    page = as_ana.get(f"/goals/{goal.id}")
    assert "The market shrank" in page.text_of(f"#revision-{revision.id}")
    assert "Revised $8,000" in page.text_of("#arithmetic")
    assert "Version 2" in page.text


def test_she_acknowledges_it_and_the_manager_sees_that(cast, as_marta, as_ana, as_luis, goal):
    as_marta.post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal))
    (revision,) = db.session.scalars(select(Revision)).all()
    assert "0 of 1 have read it" in as_marta.get(f"/goals/{goal.id}").text
    for _ in range(2):
        after = as_ana.hx_post(f"/goals/revisions/{revision.id}/acknowledgement")
        assert not after.all(f"#revision-{revision.id}")
    assert "1 of 1 have read it" in as_marta.get(f"/goals/{goal.id}").text
    assert as_luis.post(f"/goals/revisions/{revision.id}/acknowledgement").status == 404


def test_answering_the_revised_goal_acknowledges_it_too(cast, as_marta, as_ana, goal):
    as_marta.post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal))
    as_ana.post(f"/goals/{goal.id}/acceptance")
    assert all(row.at for row in db.session.scalars(select(Acknowledgement)))


def test_nobody_accepts_a_target_that_they_have_not_seen(cast, as_marta, as_ana):
    goal = make_goal(cast.ana, 10_000_00, status=GoalStatus.PROPOSED, by=cast.marta, period="2027-06")
    answer = as_ana.get(f"/goals/{goal.id}").form_data("#answer form")
    as_marta.post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal, target="20,000"))
    after = as_ana.follow(as_ana.post(f"/goals/{goal.id}/acceptance", answer))
    assert "Look at it again" in after.text
    assert db.session.get(Goal, goal.id).status is GoalStatus.PROPOSED


def test_a_teams_revision_touches_its_members_and_the_owners_above_and_below(cast, as_ximena):
    period = make_period(kind="year", day=clock.today() + timedelta(days=200))
    company = make_goal(cast.root, period=period, by=cast.alba)
    team = make_goal(cast.norte, 20_000_00, period=period, parent_id=company.id, by=cast.ximena)
    member = make_person("Mia", team=cast.norte, manager=cast.marta)
    as_ximena.post(f"/goals/{team.id}/revisions", form_for(as_ximena, team, target="25,000"))
    assert people_told() == {cast.marta.id, cast.ana.id, cast.bea.id, member.id}


def test_a_persons_revision_touches_the_lead_of_the_team_it_came_from(cast, as_ximena):
    period = make_period(kind="year", day=clock.today() + timedelta(days=200))
    team = make_goal(cast.norte, period=period)
    own = make_goal(cast.ana, period=period, parent_id=team.id)
    as_ximena.post(f"/goals/{own.id}/revisions", form_for(as_ximena, own))
    assert people_told() == {cast.ana.id, cast.marta.id}


@pytest.mark.parametrize(
    "mistake",
    [
        {"text": ""},
        {"reason": ""},
        {"reason": "mood"},
        {"target": "0"},
        {"target": "10,000"},
        {"effective_on": "yesterday"},
    ],
)
def test_a_revision_without_its_parts_is_refused(as_marta, goal, mistake):
    page = as_marta.hx_post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal, **mistake))
    assert page.status == 422
    assert page.all(".field__error")
    assert db.session.get(Goal, goal.id).version == 1


def test_whoever_looked_at_an_older_version_is_told_so(as_marta, as_ximena, goal):
    old = form_for(as_ximena, goal, target="9,000")
    as_marta.post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal))
    page = as_ximena.post(f"/goals/{goal.id}/revisions", old)
    assert page.status == 409
    assert "changed in the meantime" in page.text
    assert db.session.get(Goal, goal.id).target == 8_000_00


def test_the_same_form_twice_is_one_revision(as_marta, goal):
    form = form_for(as_marta, goal)
    for _ in range(2):
        assert as_marta.post(f"/goals/{goal.id}/revisions", form).status == 303
    assert len(db.session.scalars(select(Revision)).all()) == 1


def test_nobody_revises_their_own_goal(cast, as_ana, as_marta, goal):
    assert as_ana.post(f"/goals/{goal.id}/revisions", {}).status == 404
    given = make_goal(cast.norte, period=make_period(), by=cast.ximena)
    assert as_marta.get(f"/goals/{given.id}").status == 200
    assert as_marta.get(f"/goals/{given.id}/revisions/new").status == 404
    assert as_marta.post(f"/goals/{given.id}/revisions", {}).status == 404


def test_late_easing_waits_for_a_second_person(cast, as_marta, as_ximena, late):
    form = form_for(as_marta, late)
    assert as_marta.post(f"/goals/{late.id}/revisions", form).status == 303
    assert db.session.get(Goal, late.id).target == 10_000_00
    assert cast.ximena.id in people_told("goal_revision_waiting")
    assert people_told() is None
    page = as_ximena.get(f"/goals/{late.id}")
    (revision,) = db.session.scalars(select(Revision)).all()
    decision = page.form_data(f"form[action='/goals/revisions/{revision.id}/decision']") | {"grant": "yes"}
    assert as_ximena.post(f"/goals/revisions/{revision.id}/decision", decision).status == 303
    assert db.session.get(Goal, late.id).target == 8_000_00
    assert people_told() == {cast.ana.id, cast.marta.id}
    assert "as the second person" in as_ximena.get(f"/goals/{late.id}").text_of("#goal-conversation")


def test_late_raising_needs_nobody_else(as_marta, late):
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late, target="12,000"))
    assert db.session.get(Goal, late.id).target == 12_000_00


def test_where_less_is_better_raising_is_the_easing(cast, as_marta):
    metric = the_metric("complaints", is_higher_better=False)
    period = make_period(kind="month", day=clock.today().replace(day=1) - timedelta(days=1))
    goal = make_goal(cast.ana, 10, metric=metric, period=period, by=cast.marta)
    as_marta.post(f"/goals/{goal.id}/revisions", form_for(as_marta, goal, target="15"))
    assert db.session.get(Goal, goal.id).target == 10
    assert db.session.scalars(select(Revision.status)).all() == [RevisionStatus.WAITING]


def test_the_author_never_is_the_second_person(as_marta, late):
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late))
    (revision,) = db.session.scalars(select(Revision)).all()
    page = as_marta.post(f"/goals/revisions/{revision.id}/decision", {"grant": "yes"})
    assert page.status == 409
    assert db.session.get(Goal, late.id).target == 10_000_00


def test_nor_is_the_one_whose_goal_it_is(cast, as_person, as_ximena, as_marta):
    """Also where they lead the team and could otherwise change its goals."""
    period = make_period(kind="month", day=clock.today().replace(day=1) - timedelta(days=1))
    goal = make_goal(cast.norte, 10_000_00, period=period, by=cast.marta)
    as_ximena.post(f"/goals/{goal.id}/revisions", form_for(as_ximena, goal))
    (revision,) = db.session.scalars(select(Revision)).all()
    assert as_marta.post(f"/goals/revisions/{revision.id}/decision", {"grant": "yes"}).status == 409
    assert (
        as_person(cast.alba).post(f"/goals/revisions/{revision.id}/decision", {"grant": "yes"}).status == 303
    )


def test_an_outsider_decides_nothing(as_marta, as_omar, as_ana, as_hilda, late):
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late))
    (revision,) = db.session.scalars(select(Revision)).all()
    for other in (as_omar, as_ana, as_hilda):
        assert other.post(f"/goals/revisions/{revision.id}/decision", {"grant": "yes"}).status == 404


def test_a_refused_revision_changes_nothing_and_leaves_room_for_another(as_marta, as_ximena, late):
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late))
    first = db.session.scalars(select(Revision)).one()
    assert as_marta.post(f"/goals/{late.id}/revisions", {}).status == 422
    for _ in range(2):
        as_ximena.post(f"/goals/revisions/{first.id}/decision", {"grant": "no"})
    assert db.session.get(Goal, late.id).target == 10_000_00
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late, target="9,000"))
    assert sorted(db.session.scalars(select(Revision.status))) == ["refused", "waiting"]


def test_while_one_waits_there_is_no_other(as_marta, as_ximena, late):
    form = form_for(as_ximena, late, target="20,000")
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late))
    assert as_ximena.post(f"/goals/{late.id}/revisions", form).status == 409


def test_a_second_decision_of_another_kind_comes_too_late(as_marta, as_ximena, as_alba, late):
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late))
    revision = db.session.scalars(select(Revision)).one()
    as_ximena.post(f"/goals/revisions/{revision.id}/decision", {"grant": "yes"})
    assert as_alba.post(f"/goals/revisions/{revision.id}/decision", {"grant": "no"}).status == 409
    assert as_ximena.post(f"/goals/revisions/{revision.id}/decision", {"grant": "yes"}).status == 303


def test_a_closed_period_is_not_revised_but_asked_for(cast, as_marta, goal):
    form = form_for(as_marta, goal)
    period = make_period(kind="year", day=clock.today() + timedelta(days=200))
    period.status = PeriodStatus.CLOSED
    db.session.commit()
    page = as_marta.post(f"/goals/{goal.id}/revisions", form)
    db.session.refresh(goal)
    assert goal.version == 1
    draft = as_marta.follow(page)
    assert "This lies in a closed period" in draft.text
    assert "No result of a goal" in draft.text_of("#effects")


def test_the_manager_sees_what_waits_for_a_second_person(as_marta, as_ximena, late):
    as_marta.post(f"/goals/{late.id}/revisions", form_for(as_marta, late))
    assert "Wait for you as the second person" in as_ximena.get("/goals/answers").text
    assert "Wait for you" not in as_marta.get("/goals/answers").text
