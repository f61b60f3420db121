"""What a closed period came to, for those who may see it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from app.extensions import db
from app.goals import closing
from app.goals.closing_rules import set_rules
from app.goals.models import GoalStatus
from tests.factories import make_person
from tests.goals.factories import close, make_goal, make_period, result_of, the_metric
from tests.jobs import run_jobs
from tests.sales.factories import make_sale

AUGUST = date(2026, 8, 10)
QUARTER = "2026-Q3"
PAGE = f"/goals/results?period={QUARTER}"


@pytest.fixture
def ended(cast):
    make_sale(cast.ana, 120_00, AUGUST)
    make_sale(cast.bea, 50_00, AUGUST)
    cast.anas = make_goal(cast.ana, 100_00, period=QUARTER, by=cast.marta)
    cast.beas = make_goal(cast.bea, 100_00, period=QUARTER, by=cast.marta)
    cast.nortes = make_goal(cast.norte, 170_00, period=QUARTER)
    cast.luiss = make_goal(cast.luis, 10_00, period=QUARTER)
    close(QUARTER)
    return cast


def names(page: Any) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page.all("#results .goal__label")]


def tabs(page: Any) -> dict[str, str]:
    found = [" ".join(tag.get_text(" ").split()) for tag in page.all("#results .tabs__tab")]
    return {text.rpartition(" ")[0] or text: text.rpartition(" ")[2] for text in found}


def news_of(page: Any) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page.all("#inbox li p:first-child a")]


def test_a_manager_sees_what_their_people_and_team_came_to(ended, as_marta):
    page = as_marta.get(PAGE)
    assert names(page) == ["Norte: Revenue", "Ana Alonso: Revenue", "Bea Blanco: Revenue"]
    assert tabs(page)["All"] == "3"
    assert (tabs(page)["Exceeded"], tabs(page)["Not reached"]) == ("1", "1")
    assert "Ended $50 short" in page.text_of(f"#result-{ended.beas.id}")
    assert "Q3 2026 closed on" in page.text


def test_filters_live_in_the_address(ended, as_ximena):
    assert names(as_ximena.get(f"{PAGE}&outcome=missed")) == ["Bea Blanco: Revenue", "Luis Lago: Revenue"]
    assert names(as_ximena.get(f"{PAGE}&team={ended.sur.id}")) == ["Luis Lago: Revenue"]
    assert names(as_ximena.get(f"{PAGE}&metric=deals_won")) == []
    assert as_ximena.get(f"{PAGE}&team={ended.sur.id}&outcome=exceeded").status == 200


def test_who_sees_everything_sees_it_by_team(ended, as_ximena):
    whole = as_ximena.get(f"{PAGE}&team={ended.sales.id}")
    rows = [" ".join(row.get_text(" ").split()) for row in whole.all("#results tbody tr")]
    assert rows == ["Norte 2 1 1 50%", "Sur 1 0 0 0%"]
    link = whole.one(f'#results tbody a[href*="team={ended.norte.id}"]')
    assert names(as_ximena.get(str(link["href"])))[-1] == "Bea Blanco: Revenue"


def test_a_rep_sees_their_own_and_their_teams(ended, as_ana):
    assert names(as_ana.get(PAGE)) == ["Norte: Revenue", "Ana Alonso: Revenue"]


def test_the_latest_closed_period_comes_first(ended, as_ana):
    make_goal(ended.ana, 1, period="2026-10")
    close("2026-10")
    assert "October 2026 closed" in as_ana.get("/goals/results").text


def test_before_anything_closed_it_says_when_there_will_be_something(cast, as_ana):
    assert "No period is closed yet" in as_ana.get("/goals/results").text


def test_a_goals_page_shows_its_frozen_result_and_how_it_was_judged(ended, as_ana, as_luis):
    page = as_ana.get(f"/goals/{ended.anas.id}")
    assert "Exceeded" in page.text_of("#goal-progress .lead")
    judged = page.text_of("#result")
    for line in ("Result $120", "Target $100", "Share of the target 120.0%", "Exceeded from 110.0%"):
        assert line in judged
    assert "Working days of the period 64" in judged
    assert as_luis.get(f"/goals/{ended.anas.id}").status == 404


def test_a_ratio_shows_both_its_parts(cast, as_ana):
    rate = the_metric("win_rate")
    rate.rank_from = 1
    make_sale(cast.ana, 10_00, AUGUST)
    make_sale(cast.ana, 10_00, AUGUST, "lost")
    goal = make_goal(cast.ana, "0.6", metric=rate, period=QUARTER)
    close(QUARTER)
    judged = as_ana.get(f"/goals/{goal.id}").text_of("#result")
    assert "Counted 1 " in judged
    assert "Divided by 2 " in judged
    assert "Result 50" in judged


def test_the_bar_stays_as_it_was_judged_whatever_is_recorded_later(ended, as_ana):
    from app.sales.closed_days import lifting

    with lifting([AUGUST]):
        make_sale(ended.ana, 500_00, AUGUST)
    assert "$120 of $100" in as_ana.get(f"/goals/{ended.anas.id}").text_of("#goal-progress")
    assert "Exceeded" in as_ana.get(f"/goals?period={QUARTER}").text_of(f"#goal-{ended.anas.id}")


def test_why_somebody_was_not_judged_is_said(cast, as_ana):
    cast.ana.hired_on = date(2026, 6, 20)
    goal = make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    page = as_ana.get(f"/goals/{goal.id}")
    assert "Not judged: new for most of the period" in page.text_of("#result")
    assert "In the first three months 5" in page.text_of("#result")


def test_results_of_thousands_come_in_pages_and_few_questions(cast, as_ximena):
    period = make_period(QUARTER)
    for number in range(120):
        make_goal(make_person(f"Rep {number:03d}", team=cast.norte), 100_00, period=period)
    close(QUARTER)
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    engine = db.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", count)
    try:
        page = as_ximena.get(PAGE)
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", count)
    assert len(names(page)) == 50
    assert len(asked) <= 25, "\n".join(asked)
    assert names(as_ximena.get(str(page.one("a[rel=next]")["href"])))[0] == "Rep 050: Revenue"


def test_everybody_hears_once_what_their_goals_came_to(ended, as_ana, as_bea, as_marta):
    run_jobs()
    run_jobs()
    assert news_of(as_ana.get("/notifications"))[-1] == "Goal exceeded: Revenue, Q3 2026"
    page = as_bea.get("/notifications")
    (own,) = [text for text in news_of(page) if "ended at" in text]
    assert own == "Revenue, Q3 2026 ended at 50% of the target"
    assert "beginning with what was not in your hands" in page.text
    (teams,) = [
        text for text in news_of(as_marta.get("/notifications")) if "Norte" in text and "Goal" in text
    ]
    assert teams == "Goal reached: Revenue, Q3 2026 (Norte)"


@pytest.fixture
def as_bea(cast, as_person):
    return as_person(cast.bea)


def test_the_rules_are_set_on_a_page(cast, as_alba):
    page = as_alba.get("/goals/periods/closing")
    assert page.form_data("#closing form")["grace_days"] == "5"
    form = page.form_data("#closing form") | {"grace_days": "3", "hour": "18", "exceeded_from": "120"}
    as_alba.post("/goals/periods/closing", form)
    assert closing.rules() == closing.Rules(3, 18, Decimal("1.2"))
    make_sale(cast.ana, 115_00, AUGUST)
    goal = make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    assert result_of(goal).outcome.value == "reached"


@pytest.mark.parametrize(
    "wrong", [{"grace_days": "61"}, {"exceeded_from": "99"}, {"hour": "24"}, {"grace_days": ""}]
)
def test_rules_that_cannot_be_are_refused(cast, as_alba, wrong):
    form = as_alba.get("/goals/periods/closing").form_data("#closing form") | wrong
    assert as_alba.post("/goals/periods/closing", form).status == 422
    assert closing.rules() == closing.Rules()


def test_the_page_says_when_periods_close(cast, as_alba):
    make_goal(cast.ana, period=make_period(kind="quarter"))
    set_rules(closing.Rules(2, 9), by=cast.alba.id)
    assert "9:00" in as_alba.get("/goals/periods/closing").text_of("#closing table")


def test_a_closed_goal_is_not_answered_any_more(cast, as_ana):
    goal = make_goal(cast.ana, period=QUARTER, status=GoalStatus.PROPOSED, by=cast.marta)
    assert as_ana.get(f"/goals/{goal.id}").all("#answer")
    close(QUARTER)
    assert not as_ana.get(f"/goals/{goal.id}").all("#answer")
    as_ana.post(f"/goals/{goal.id}/acceptance", {"version": "1"})
    db.session.refresh(goal)
    assert goal.status is GoalStatus.PROPOSED


def test_the_list_of_periods_leads_to_results(ended, as_alba):
    page = as_alba.get("/goals/periods?kind=quarter")
    assert page.one(f'a[href="{PAGE}"]').get_text() == "Q3 2026"
