"""Looking at goals: who sees which, and what the pages say."""

from app.goals.models import GoalStatus
from tests.goals.factories import make_goal


def test_a_rep_sees_her_own_goals_and_those_of_her_team_and_above(cast, as_ana):
    make_goal(cast.ana, 5_000_00)
    make_goal(cast.bea, 6_000_00)
    make_goal(cast.norte, 20_000_00)
    make_goal(cast.root, 90_000_00)
    make_goal(cast.sur, 30_000_00)
    page = as_ana.get("/goals")
    assert page.status == 200
    assert "$5,000" in page.text_of("#my-goals")
    assert "Norte" in page.text
    assert "Andina" in page.text
    assert "Sur" not in page.text_of("#goals")
    assert "Bea" not in page.text


def test_a_manager_sees_the_people_of_her_team(cast, as_marta):
    make_goal(cast.ana, 5_000_00)
    make_goal(cast.luis, 6_000_00)
    page = as_marta.get("/goals")
    assert "Ana Alonso" in page.text
    assert "Luis Lago" not in page.text


def test_an_executive_sees_teams_and_chooses_one_for_its_people(cast, as_ximena):
    make_goal(cast.root, 90_000_00)
    make_goal(cast.ana, 5_000_00)
    page = as_ximena.get("/goals")
    assert "Andina" in page.text_of("#goals")
    assert "Ana Alonso" not in page.text
    assert "Ana Alonso" in as_ximena.get(f"/goals?team={cast.norte.id}").text


def test_a_draft_is_seen_by_its_author_and_those_above_only(
    cast, as_ana, as_marta, as_omar, as_ximena, as_hilda
):
    goal = make_goal(cast.ana, status=GoalStatus.DRAFT, by=cast.marta)
    assert as_marta.get(f"/goals/{goal.id}").status == 200
    assert as_ximena.get(f"/goals/{goal.id}").status == 200
    for other in (as_ana, as_omar, as_hilda):
        assert other.get(f"/goals/{goal.id}").status == 404


def test_a_goal_of_another_team_is_not_there(cast, as_luis, as_omar):
    goal = make_goal(cast.ana)
    for other in (as_luis, as_omar):
        for path in ("", "/progress", "/conversation"):
            assert other.get(f"/goals/{goal.id}{path}").status == 404


def test_the_page_of_a_goal_shows_pace_arithmetic_and_conversation(cast, as_ana):
    arithmetic = [
        {"key": "level", "value": "480000"},
        {"key": "growth", "value": "504000", "factor": "1.05"},
        {"key": "rounding", "value": "500000"},
    ]
    goal = make_goal(cast.ana, 5_000_00, arithmetic=arithmetic)
    page = as_ana.get(f"/goals/{goal.id}")
    assert "Revenue" in page.text_of("h1")
    assert "Growth asked for × 105.0% $5,040" in page.text_of("#arithmetic")
    assert "Target $5,000" in page.text_of("#arithmetic")
    assert page.all("#goal-conversation")


def test_the_same_page_speaks_spanish(cast, as_person):
    goal = make_goal(cast.ana, 5_000_00)
    page = as_person(cast.ana, "es-CO").get(f"/goals/{goal.id}")
    assert "¿Cómo se llegó a esto?" in page.text


def test_filters_stand_in_the_url(cast, as_ana):
    make_goal(cast.ana, 5_000_00, period="2026-10")
    make_goal(cast.ana, 7, metric="deals_won", period="2026-10")
    page = as_ana.get("/goals?period=2026-10&metric=deals_won")
    assert "Deals won" in page.text_of("#my-goals")
    assert "Revenue" not in page.text_of("#my-goals")
    assert page.one("#filter-period option[selected]")["value"] == "2026-10"
    assert as_ana.get("/goals?period=nonsense").status == 200
    assert as_ana.get("/goals?metric=nonsense").status == 404


def test_nothing_yet_says_what_comes_next(cast, as_ana, as_marta):
    assert "Your manager proposes them" in as_ana.get("/goals").text
    assert as_marta.get("/goals").one(".empty a")["href"] == "/goals/new"


def test_polling_answers_the_part_alone_and_nothing_when_it_is_the_same(cast, as_ana):
    goal = make_goal(cast.ana)
    page = as_ana.hx_get(f"/goals/{goal.id}/progress")
    assert page.one("#goal-progress")["data-live"] == ""
    again = as_ana.hx_get(f"/goals/{goal.id}/progress", headers={"HX-PTag": page.headers["HX-PTag"]})
    assert again.status == 304


def test_every_route_needs_no_javascript_to_filter(cast, as_ana):
    make_goal(cast.ana)
    form = as_ana.get("/goals").one("form.filters")
    assert (form["method"], form["action"]) == ("get", "/goals")
