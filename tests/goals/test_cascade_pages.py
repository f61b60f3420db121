"""A goal comes down the tree: computed, seen at every level, saved as drafts, proposed with one button."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.events import Event
from app.extensions import db
from app.goals import cascades
from app.goals.cascades import Choices
from app.goals.models import Goal, GoalStatus, Revision
from app.metrics.models import TeamTotal, Total
from app.people.models import DayOff, Team
from tests.factories import make_person, make_team
from tests.goals.factories import make_goal, make_period, the_metric

NEXT = clock.today().replace(day=1) + timedelta(days=40)


@pytest.fixture
def period():
    return make_period(day=NEXT)


@pytest.fixture
def whole(cast, period):
    return make_goal(cast.root, 100_000_00, period=period, by=cast.alba)


def did(person, value):
    """What somebody did in the same month a year ago."""
    day = NEXT.replace(day=1, year=NEXT.year - 1)
    metric = the_metric()
    db.session.add(Total(metric_id=metric.id, month=day, person_id=person.id, value=value))
    for key in db.session.get(Team, person.team_id).path:
        row = db.session.get(TeamTotal, (metric.id, key, day))
        if row is None:
            db.session.add(TeamTotal(metric_id=metric.id, team_id=key, day=day, value=value))
        else:
            row.value += value
    db.session.commit()


def saved(period):
    rows = db.session.scalars(
        select(Goal).where(Goal.period_id == period.id, Goal.withdrawn_at.is_(None)).order_by(Goal.id)
    )
    return {("team", goal.team_id) if goal.team_id else ("person", goal.person_id): goal for goal in rows}


def form_of(client, goal, **query):
    url = f"/goals/{goal.id}/cascade"
    return client.get(url, query_string=query).form_data(f"#cascade form[action='{url}']")


def test_a_company_goal_is_spread_by_last_year(cast, as_alba, period, whole):
    did(cast.ana, 30_000_00)
    did(cast.bea, 10_000_00)
    did(cast.luis, 40_000_00)
    url = f"/goals/{whole.id}/cascade"
    form = form_of(as_alba, whole)
    assert form["by"] == "history"
    assert as_alba.post(url, form | {"save": "1"}).status == 303
    goals = saved(period)
    targets = {key: goal.target / 100 for key, goal in goals.items()}
    assert targets["team", cast.norte.id] == 50_000
    assert targets["person", cast.ana.id] == 37_500
    assert targets["person", cast.bea.id] == 12_500
    assert targets["person", cast.luis.id] == 50_000
    assert ("team", cast.logistics.id) not in targets
    assert goals["person", cast.ana.id].parent_id == goals["team", cast.norte.id].id
    assert goals["person", cast.ana.id].status is GoalStatus.DRAFT


def test_by_headcount_when_it_is_chosen(cast, as_alba, period, whole):
    did(cast.ana, 30_000_00)
    form = form_of(as_alba, whole, by="headcount")
    as_alba.post(f"/goals/{whole.id}/cascade", form | {"save": "1"})
    goals = saved(period)
    assert goals["team", cast.norte.id].target + goals["team", cast.sur.id].target == whole.target
    assert goals["person", cast.ana.id].target in (33_300_00, 33_400_00)


def test_the_arithmetic_of_a_part_is_shown_on_its_goal(cast, as_alba, period, whole):
    did(cast.ana, 30_000_00)
    did(cast.luis, 30_000_00)
    as_alba.post(f"/goals/{whole.id}/cascade", form_of(as_alba, whole) | {"save": "1"})
    goal = saved(period)["person", cast.ana.id]
    text = as_alba.get(f"/goals/{goal.id}").text_of("#arithmetic")
    assert "Same period last year $30,000" in text
    assert "Goal above, to be shared out" in text
    assert "Share by the same period last year" in text


def test_what_is_set_by_hand_stays_and_the_rest_is_shared(cast, as_alba, period, whole):
    url = f"/goals/{whole.id}/cascade"
    form = form_of(as_alba, whole, by="headcount") | {f"fix-team-{cast.norte.id}": "70,000", "save": "1"}
    as_alba.post(url, form)
    goals = saved(period)
    assert goals["team", cast.norte.id].target == 70_000_00
    assert goals["team", cast.norte.id].is_fixed
    assert goals["team", cast.sur.id].target == 30_000_00
    again = form_of(as_alba, whole)
    assert again[f"fix-team-{cast.norte.id}"] == "70,000"
    assert again[f"fix-team-{cast.sur.id}"] == ""


@pytest.mark.parametrize(
    ("norte", "sur", "words"),
    [("70,000", "40,000", "more than the whole"), ("50,000", "40,000", "less than the whole")],
)
def test_a_gap_is_said_in_words_and_may_be_saved(cast, as_alba, period, whole, norte, sur, words):
    url = f"/goals/{whole.id}/cascade"
    form = form_of(as_alba, whole, by="headcount")
    form |= {f"fix-team-{cast.norte.id}": norte, f"fix-team-{cast.sur.id}": sur}
    page = as_alba.hx_post(url, form | {"preview": "1"})
    assert page.status == 200
    assert "$10,000" in page.text_of(".notice")
    assert words in page.text_of(".notice")
    assert not saved(period).keys() - {("team", cast.root.id)}
    assert as_alba.post(url, form | {"save": "1"}).status == 303
    assert words in as_alba.get(url).text


def test_recomputing_shows_before_and_after(cast, as_alba, period, whole):
    url = f"/goals/{whole.id}/cascade"
    as_alba.post(url, form_of(as_alba, whole, by="headcount") | {"save": "1"})
    form = form_of(as_alba, whole) | {f"fix-team-{cast.norte.id}": "60,000"}
    page = as_alba.hx_post(url, form | {"preview": "1"})
    assert "before $66,700" in page.text_of(f"#row-team-{cast.norte.id}")
    assert "after $60,000" in page.text_of(f"#row-team-{cast.norte.id}")


def test_drafts_are_proposed_to_all_with_one_button(cast, as_alba, as_ana, period, whole):
    url = f"/goals/{whole.id}/cascade"
    as_alba.post(url, form_of(as_alba, whole) | {"save": "1"})
    assert "Ana" not in as_ana.get(f"/goals?period={period.key}").text_of("#goals")
    page = as_alba.get(url)
    data = page.form_data(f"form[action='/goals/{whole.id}/proposal']")
    assert as_alba.post(f"/goals/{whole.id}/proposal", data).status == 303
    statuses = {goal.status for key, goal in saved(period).items() if key != ("team", cast.root.id)}
    assert statuses == {GoalStatus.PROPOSED}
    (event,) = db.session.scalars(select(Event).where(Event.name == "goal_proposed")).all()
    assert set(event.payload["people"]) == {
        cast.ana.id,
        cast.bea.id,
        cast.luis.id,
        cast.marta.id,
        cast.omar.id,
    }
    assert as_ana.get(f"/goals?period={period.key}").one("#my-goals")


def test_what_is_proposed_stays_unless_it_is_revised_with_a_reason(cast, as_alba, period, whole):
    url = f"/goals/{whole.id}/cascade"
    team = make_goal(cast.norte, 80_000_00, period=period, parent_id=whole.id, by=cast.alba)
    page = as_alba.get(url)
    assert "proposed already" in page.text_of(f"#row-team-{cast.norte.id}")
    form = page.form_data(f"#cascade form[action='{url}']")
    as_alba.post(url, form | {"save": "1", "by": "headcount"})
    assert db.session.get(Goal, team.id).target == 80_000_00
    assert saved(period)["team", cast.sur.id].target == 20_000_00
    form = form_of(as_alba, whole) | {"by": "headcount", "revise": "y", "save": "1"}
    assert as_alba.post(url, form).status == 422
    form |= {"reason": "territory", "text": "Two clients moved south"}
    assert as_alba.post(url, form).status == 303
    assert db.session.get(Goal, team.id).target == 66_700_00
    assert db.session.scalars(select(Revision)).one().text == "Two clients moved south"


def test_a_manager_spreads_her_teams_goal_but_not_another(cast, as_marta, as_omar, as_ana, as_hilda, period):
    goal = make_goal(cast.norte, 10_000_00, period=period, by=cast.ximena)
    assert as_marta.get(f"/goals/{goal.id}/cascade").status == 200
    as_marta.post(f"/goals/{goal.id}/cascade", form_of(as_marta, goal) | {"save": "1"})
    assert saved(period)["person", cast.ana.id].target == 5_000_00
    for other in (as_omar, as_ana, as_hilda):
        assert other.get(f"/goals/{goal.id}/cascade").status == 404
        assert other.post(f"/goals/{goal.id}/cascade").status == 404


def test_who_joins_late_and_who_is_away_get_their_part(cast, as_marta, period):
    late = make_person("Mia", team=cast.norte, hired_on=period.starts_on + timedelta(days=14))
    db.session.add(
        DayOff(
            person_id=cast.bea.id, starts_on=period.starts_on, ends_on=period.starts_on + timedelta(days=14)
        )
    )
    db.session.commit()
    goal = make_goal(cast.norte, 10_000_00, period=period, by=cast.ximena)
    as_marta.post(f"/goals/{goal.id}/cascade", form_of(as_marta, goal, by="headcount") | {"save": "1"})
    goals = saved(period)
    assert (
        goals["person", late.id].target
        < goals["person", cast.bea.id].target
        < goals["person", cast.ana.id].target
    )
    assert goals["person", late.id].starts_on == late.hired_on
    assert (
        goals["person", cast.ana.id].target
        + goals["person", cast.bea.id].target
        + goals["person", late.id].target
        == 10_000_00
    )
    text = as_marta.get(f"/goals/{goals['person', late.id].id}").text_of("#arithmetic")
    assert "Heads, for the part of the period they are there" in text


def test_a_ratio_is_the_same_for_all_unless_set_by_hand(cast, as_alba, period):
    goal = make_goal(cast.root, "0.3", metric="win_rate", period=period, by=cast.alba)
    url = f"/goals/{goal.id}/cascade"
    form = form_of(as_alba, goal) | {f"fix-person-{cast.luis.id}": "45"}
    page = as_alba.hx_post(url, form)
    assert "15% more than the whole" in page.text_of(f"#row-team-{cast.sur.id}")
    as_alba.post(url, form | {"save": "1"})
    goals = saved(period)
    assert goals["person", cast.ana.id].target == Decimal("0.3")
    assert goals["person", cast.luis.id].target == Decimal("0.45")


def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost(cast, as_alba, period, whole):
    url = f"/goals/{whole.id}/cascade"
    form = form_of(as_alba, whole) | {
        f"fix-team-{cast.norte.id}": "a lot",
        f"fix-team-{cast.sur.id}": "5",
        "save": "1",
    }
    for page in (as_alba.post(url, form), as_alba.hx_post(url, form)):
        assert page.status == 422
        assert "Write a number" in page.text_of(f"#row-team-{cast.norte.id}")
        assert page.one(f"[name=fix-team-{cast.norte.id}]")["value"] == "a lot"
        assert page.one(f"[name=fix-team-{cast.sur.id}]")["value"] == "5"


def test_a_whole_that_changed_meanwhile_is_not_spread_unseen(cast, as_alba, as_ximena, period, whole):
    form = form_of(as_alba, whole)
    fresh = as_ximena.get(f"/goals/{whole.id}/revisions/new").form_data("#revise-goal form")
    as_ximena.post(
        f"/goals/{whole.id}/revisions", fresh | {"target": "120,000", "reason": "results", "text": "Better"}
    )
    page = as_alba.post(f"/goals/{whole.id}/cascade", form | {"save": "1"})
    assert page.status == 409
    assert "changed in the meantime" in page.text
    assert len(saved(period)) == 1


def test_a_phone_goes_level_by_level_and_keeps_what_was_typed(cast, as_alba, period, whole):
    url = f"/goals/{whole.id}/cascade"
    form = form_of(as_alba, whole) | {f"fix-team-{cast.norte.id}": "70,000", "into": f"team-{cast.norte.id}"}
    page = as_alba.post(url, form)
    shown = [row["id"] for row in page.all("#cascade tbody tr") if "only-wide" not in row.get("class", [])]
    assert shown == [f"row-team-{cast.norte.id}", f"row-person-{cast.ana.id}", f"row-person-{cast.bea.id}"]
    assert page.one(f"[name=fix-team-{cast.norte.id}]")["value"] == "70,000"
    assert [button["value"] for button in page.all("nav.only-phone button")] == [
        f"team-{cast.root.id}",
        f"team-{cast.sales.id}",
    ]


def test_a_large_tree_is_shown_a_level_at_a_time_on_every_screen(cast, as_alba, period, whole, monkeypatch):
    monkeypatch.setattr(cascades, "MOST_ROWS", 3)
    url = f"/goals/{whole.id}/cascade"
    form = form_of(as_alba, whole) | {f"fix-team-{cast.sales.id}": "70,000", "into": f"team-{cast.norte.id}"}
    page = as_alba.post(url, form)
    assert len(page.all("#cascade tbody tr")) == 3
    kept = page.form_data(f"#cascade form[action='{url}']")
    assert kept[f"fix-team-{cast.sales.id}"] == "70,000"
    as_alba.post(url, kept | {"save": "1"})
    assert saved(period)["team", cast.sales.id].target == 70_000_00


def test_saved_parts_add_up_to_the_whole_at_every_level(cast, period):
    teams = ((cast.norte, 5), (cast.sur, 7), (make_team("Este", cast.sales), 3))
    for number, (team, heads) in enumerate(teams):
        for head in range(heads):
            person = make_person(team=team)
            if head % 3:
                did(person, 1_000_00 * (head + 1) + 333 * number)
    goal = make_goal(cast.sales, 100, period=period)
    for way in ("history", "headcount"):
        for target in (100_000_01, 99_999_99, 7_77, 123_456_78):
            goal.target = target
            db.session.commit()
            cascades.save_cascade(goal.id, Choices(way), version=goal.version, by=cast.alba.id)
            goals = saved(period).values()
            for part in goals:
                children = [each.target for each in goals if each.parent_id == part.id]
                assert not children or sum(children) == part.target, (way, target)
