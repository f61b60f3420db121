"""Bars are made of real sales, days and seasons, and cost the same however many there are."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from app.core import clock
from app.extensions import db
from app.goals import progress, queries, words
from app.goals.models import CompanyHoliday
from app.people.models import DayOff
from tests.factories import make_company, make_person
from tests.goals.factories import make_goal, make_period, the_metric
from tests.sales.factories import make_sale

NOVEMBER = date(
    2026, 11, 16
)  # a Monday; 21 working days, Veterans Day on the 11th and Thanksgiving on the 26th off


@contextmanager
def questions():
    """The statements sent while it lasts."""
    seen = []

    def note(connection, cursor, statement, *rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def november(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: NOVEMBER)
    return make_period("2026-11")


def test_a_sale_moves_the_bars_of_its_rep_team_and_company(cast, november, as_ana):
    goals = [
        make_goal(subject, 1000_00, period=november)
        for subject in (cast.ana, cast.norte, cast.root, cast.luis)
    ]
    make_sale(cast.ana, 250_00, closed_on=date(2026, 11, 13))
    found = progress.for_goals(
        queries.goals_for(november, [cast.ana.id, cast.luis.id], team_ids=[cast.norte.id, cast.root.id])
    )
    shares = {words.subject_name(each.goal): float(each.share) for each in found}
    assert shares == {"Ana Alonso": 0.25, "Norte": 0.25, "Andina": 0.25, "Luis Lago": 0}
    page = as_ana.get(f"/goals/{goals[0].id}")
    assert "25%" in page.text_of("#goal-progress .goal__share")


def test_the_pages_that_are_open_show_a_sale_when_they_ask_again(cast, november, as_ana):
    goal = make_goal(cast.ana, 1000_00, period=november)
    url = f"/goals/{goal.id}/progress"
    before = as_ana.hx_get(url)
    make_sale(cast.ana, 500_00, closed_on=NOVEMBER)
    after = as_ana.hx_get(url, headers={"HX-PTag": before.headers["HX-PTag"]})
    assert after.status == 200
    assert after.text_of(".goal__share") == "50%"


def test_what_is_missed_by_little_is_not_said_to_be_whole(cast, november, as_ana):
    goal = make_goal(cast.ana, 1000_00, period=november)
    make_sale(cast.ana, 999_00, closed_on=NOVEMBER)
    assert as_ana.get(f"/goals/{goal.id}").text_of(".goal__share") == "99%"


def test_what_is_less_than_one_a_day_is_said_as_one_in_so_many_days(cast, november, as_ana):
    goal = make_goal(cast.ana, 3, metric="deals_won", period=november)
    text = as_ana.get(f"/goals/{goal.id}").text_of("#goal-progress")
    assert "3 to go in 10 working days: one every 3 working days" in text


def test_the_words_say_what_is_needed_a_day(cast, november, as_ana):
    goal = make_goal(cast.ana, 20, metric="deals_won", period=november)
    for _ in range(5):
        make_sale(cast.ana, 100_00, closed_on=date(2026, 11, 3))
    text = as_ana.get(f"/goals/{goal.id}").text_of("#goal-progress")
    # 16 to 30 November without Thanksgiving: 10 working days; 15 to go
    assert "15 to go in 10 working days: 2 a day" in text
    assert "10 of 19 working days have begun" in text
    assert "behind" in text


def test_the_same_in_spanish(cast, november, as_person):
    goal = make_goal(cast.ana, 20, metric="deals_won", period=november)
    make_sale(cast.ana, 100_00, closed_on=date(2026, 11, 3))
    text = as_person(cast.ana, "es-MX").get(f"/goals/{goal.id}").text_of("#goal-progress")
    assert "Faltan 19 en 10 días hábiles: 2 al día" in text


def test_a_reached_goal_says_so(cast, november, as_ana):
    goal = make_goal(cast.ana, 100_00, period=november)
    make_sale(cast.ana, 130_00, closed_on=NOVEMBER)
    page = as_ana.get(f"/goals/{goal.id}")
    assert page.one("#goal-progress .goal")["data-state"] == "reached"
    assert "130%" in page.text_of("#goal-progress .goal__share")


def test_before_the_first_result_a_bar_says_nothing_bad(cast, monkeypatch, as_ana):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 2))
    goal = make_goal(cast.ana, 100_00, period=make_period("2026-11"))
    page = as_ana.get(f"/goals/{goal.id}")
    assert page.one("#goal-progress .goal")["data-state"] == "no_data"


def test_a_goal_that_has_not_begun_says_when(cast, november, as_ana):
    goal = make_goal(cast.ana, 100_00, period="2026-12")
    assert "Begins on Dec 1" in as_ana.get(f"/goals/{goal.id}").text


def test_a_goal_that_is_over_says_what_was_missing(cast, november, as_ana):
    goal = make_goal(cast.ana, 100_00, period="2026-10")
    make_sale(cast.ana, 60_00, closed_on=date(2026, 10, 5))
    assert "Ended $40 short" in as_ana.get(f"/goals/{goal.id}").text


def test_a_ratio_is_compared_with_its_target(cast, november, as_ana):
    goal = make_goal(cast.ana, "0.5", metric="win_rate", period=november)
    for stage in ("won", "won", "won", "lost"):
        make_sale(cast.ana, 100_00, closed_on=date(2026, 11, 4), stage=stage)
    page = as_ana.get(f"/goals/{goal.id}")
    assert "75% of 50%" in page.text_of("#goal-progress .goal")


def test_days_off_move_what_is_expected(cast, november):
    for person in (cast.ana, cast.bea):
        make_goal(person, 1000_00, period=november)
    db.session.add(DayOff(person_id=cast.bea.id, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 13)))
    db.session.commit()
    found = {
        each.goal.person_id: each
        for each in progress.for_goals(queries.goals_for(november, [cast.ana.id, cast.bea.id]))
    }
    assert found[cast.bea.id].expected < found[cast.ana.id].expected
    assert found[cast.bea.id].curve.length == found[cast.ana.id].curve.length - 9


def test_a_company_holiday_is_no_working_day(cast, november):
    goal = make_goal(cast.ana, 1000_00, period=november)
    before = progress.for_goal(queries.goals_for(november, [cast.ana.id])[0]).curve.length
    db.session.add(CompanyHoliday(on=date(2026, 11, 20), name="Inventory"))
    db.session.commit()
    after = progress.for_goal(queries.goals_for(november, [cast.ana.id])[0]).curve.length
    assert (before, after) == (19, 18)
    assert goal


def test_many_goals_cost_no_more_questions_than_one(cast, november):
    company = cast.root
    for metric in ("revenue", "deals_won", "win_rate", "meetings"):
        for subject in (cast.ana, cast.bea, cast.luis, cast.norte, company):
            make_goal(subject, 10, metric=metric, period=november)
            make_goal(subject, 10, metric=metric, period="2026-Q4")
    make_sale(cast.ana, 100_00, closed_on=NOVEMBER)
    everything = [
        *queries.goals_for(
            november, [cast.ana.id, cast.bea.id, cast.luis.id], team_ids=[cast.norte.id, company.id]
        ),
        *queries.goals_for(
            make_period("2026-Q4"),
            [cast.ana.id, cast.bea.id, cast.luis.id],
            team_ids=[cast.norte.id, company.id],
        ),
    ]
    assert len(everything) == 40
    with questions() as seen:
        found = progress.for_goals(everything)
    assert len(seen) <= 5, seen  # holidays, season, people, teams, days off
    assert [each.goal.id for each in found] == [goal.id for goal in everything]


def test_the_list_costs_the_same_for_one_person_and_for_twenty(cast, november, as_marta):
    def cost():
        with questions() as seen:
            assert as_marta.get("/goals?period=2026-11").status == 200
        return len(seen)

    make_goal(cast.ana, 100_00, period=november)
    few = cost()
    for _ in range(20):
        make_goal(make_person(team=cast.norte, manager=cast.marta), 100_00, period=november)
    assert cost() == few


def test_the_records_are_two_taps_away(cast, november, as_ana):
    goal = make_goal(cast.ana, 1000_00, period=november)
    make_sale(cast.ana, 250_00, closed_on=date(2026, 11, 13))
    first = as_ana.get("/goals?period=2026-11").one("#my-goals .goal__label a")["href"]
    second = as_ana.get(first).one("#goal-progress a[href*='records']")["href"]
    assert first == f"/goals/{goal.id}"
    assert "$250" in as_ana.get(second).text


def test_no_link_to_records_that_one_may_not_see(cast, november, as_ana, as_hilda):
    goal = make_goal(cast.root, 1000_00, period=november)
    assert not as_ana.get(f"/goals/{goal.id}").all("#goal-progress a[href*='records']")


def test_the_chart_has_its_figures_in_a_table(cast, november, as_ana):
    goal = make_goal(cast.ana, 1000_00, period=november)
    make_sale(cast.ana, 250_00, closed_on=date(2026, 11, 13))
    page = as_ana.get(f"/goals/{goal.id}")
    row = next(row for row in page.all("#goal-progress figure tr") if "Nov 13" in row.get_text(" "))
    assert "$250" in row.get_text(" ")


def test_the_country_decides_on_weekends_and_holidays(cast, november):
    make_company(country="SA")
    from flask import g

    g.pop("company_settings", None)
    from app.goals.holidays import company_calendar

    assert company_calendar(NOVEMBER, NOVEMBER).weekend == {4, 5}
    assert the_metric()
