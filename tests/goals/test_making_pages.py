"""Scorecards, proposals from history, holidays, periods."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEntry
from app.extensions import db
from app.goals import periods
from app.goals.models import CompanyHoliday, Goal, GoalStatus, Period, PeriodStatus
from app.metrics.models import TeamTotal, Total
from app.people.models import DayOff, Team
from app.sales import recording
from tests.factories import make_person
from tests.goals.factories import make_goal, make_period, the_metric
from tests.sales.factories import make_activity, make_sale

TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def november(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def did(person, month, value):
    metric = the_metric()
    db.session.add(Total(metric_id=metric.id, month=month, person_id=person.id, value=value))
    for key in db.session.get(Team, person.team_id).path:
        row = db.session.get(TeamTotal, (metric.id, key, month))
        if row is None:
            db.session.add(TeamTotal(metric_id=metric.id, team_id=key, day=month, value=value))
        else:
            row.value += value
    db.session.commit()


def history_of(person, value):
    make_sale(person, 1_00, closed_on=date(2026, 1, 5))  # when the records begin
    for month in range(2, 11):
        did(person, date(2026, month, 1), value)


def test_a_scorecard_weighs_attainments(cast, as_ana):
    period = make_period("2026-11")
    make_goal(cast.ana, 100_00, period=period, weight=7500)
    make_goal(cast.ana, 2, metric="deals_won", period=period, weight=2500)
    make_sale(cast.ana, 50_00, closed_on=date(2026, 11, 3))
    page = as_ana.get(f"/goals/scorecard?period=2026-11&subject=person-{cast.ana.id}")
    assert "50%" in page.text_of(".stat__value")
    assert "75.0%" in page.text_of("#scorecard table")
    assert not page.all("#weights")
    assert "Scorecard 50%" in as_ana.get("/goals?period=2026-11").text_of("#my-goals")


def test_weights_are_set_by_the_manager_and_their_sum_is_said(cast, as_marta, as_ana, as_omar):
    period = make_period("2026-11")
    first = make_goal(cast.ana, 100_00, period=period, by=cast.marta)
    second = make_goal(cast.ana, 2, metric="deals_won", period=period, by=cast.marta)
    url = f"/goals/scorecard?period=2026-11&subject=person-{cast.ana.id}"
    page = as_marta.get(url)
    assert "200%" in page.text_of("#scorecard .notice")
    form = page.form_data("#weights form") | {f"weight-{first.id}": "70", f"weight-{second.id}": "30"}
    assert as_marta.post("/goals/scorecard", form).status == 303
    assert (db.session.get(Goal, first.id).weight, db.session.get(Goal, second.id).weight) == (7000, 3000)
    assert not as_marta.get(url).all("#scorecard .notice")
    bad = as_marta.hx_post("/goals/scorecard", form | {f"weight-{first.id}": "170"})
    assert bad.status == 422
    assert "from 0 to 100" in bad.text
    assert as_ana.post("/goals/scorecard", form).status == 404
    assert as_omar.post("/goals/scorecard", form).status == 404
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert actions.count("goal.weighed") == 2


def test_proposals_come_from_history_with_their_arithmetic(cast, as_marta):
    history_of(cast.ana, 10_000_00)
    page = as_marta.get("/goals/proposals?period=2026-12&metric=revenue&growth=5")
    row = next(row for row in page.all("#proposals tbody tr") if "Ana" in row.get_text())
    text = " ".join(row.get_text(" ").split())
    assert "$10,500" in text
    assert "Level now, by the median of the periods before" in text
    assert "Growth asked for × 105.0%" in text


def test_the_ticked_ones_become_drafts_once(cast, as_marta):
    history_of(cast.ana, 10_000_00)
    history_of(cast.bea, 8_000_00)
    page = as_marta.get("/goals/proposals?period=2026-12&metric=revenue&growth=0")
    form = page.form_data("#proposals form[method=post]") | {
        "chosen": [f"person-{cast.ana.id}", f"person-{cast.bea.id}"],
        f"fix-person-{cast.bea.id}": "9,000",
    }
    for _ in range(2):
        assert as_marta.post("/goals/proposals", form).status == 303
    goals = {goal.person_id: goal for goal in db.session.scalars(select(Goal))}
    assert len(goals) == 2
    assert (goals[cast.ana.id].target, goals[cast.ana.id].is_fixed) == (10_000_00, False)
    assert (goals[cast.bea.id].target, goals[cast.bea.id].is_fixed) == (9_000_00, True)
    assert goals[cast.ana.id].status is GoalStatus.DRAFT
    assert "Level now" in as_marta.get(f"/goals/{goals[cast.ana.id].id}").text_of("#arithmetic")
    assert "has a goal" in as_marta.get("/goals/proposals?period=2026-12&metric=revenue").text


def test_a_new_joiner_gets_what_is_usual_by_ramp_and_days(cast, as_marta):
    history_of(cast.ana, 10_000_00)
    make_person("Mia", team=cast.norte, manager=cast.marta, hired_on=date(2026, 12, 14))
    page = as_marta.get("/goals/proposals?period=2026-12&metric=revenue")
    row = next(row for row in page.all("#proposals tbody tr") if "Mia" in row.get_text())
    text = " ".join(row.get_text(" ").split())
    assert "Median of the team" in text
    assert "Working days present ×" in text
    assert "Ramp: the first three months count in part" in text


def test_days_off_make_a_target_smaller(cast, as_marta):
    history_of(cast.ana, 10_000_00)
    db.session.add(DayOff(person_id=cast.ana.id, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 15)))
    db.session.commit()
    page = as_marta.get("/goals/proposals?period=2026-12&metric=revenue")
    row = next(row for row in page.all("#proposals tbody tr") if "Ana" in row.get_text())
    assert "Working days present × 50.0%" in " ".join(row.get_text(" ").split())


def test_a_growth_that_is_no_number_is_said(as_marta):
    page = as_marta.get("/goals/proposals?growth=lots")
    assert page.status == 200
    assert "Write a number of per cent" in page.text


def test_nobody_proposes_for_others_people(cast, as_marta, as_ana):
    text = as_marta.get("/goals/proposals").text
    assert "Luis" not in text
    assert as_ana.get("/goals/proposals").status == 404
    form = as_marta.get("/goals/proposals").form_data("#proposals form[method=post]")
    as_marta.post(
        "/goals/proposals", form | {"chosen": f"person-{cast.luis.id}", f"fix-person-{cast.luis.id}": "5"}
    )
    assert not db.session.scalars(select(Goal)).all()


def test_the_administrator_sees_periods_and_their_states(as_alba, as_marta):
    page = as_alba.get("/goals/periods?kind=quarter")
    assert "Q4 2026" in page.text
    assert "Open" in page.text
    assert as_marta.get("/goals/periods").status == 404
    assert as_alba.get("/goals/periods?kind=week").status == 404


def test_a_company_holiday_is_added_and_removed(as_alba):
    form = as_alba.get("/goals/holidays?year=2027").form_data("#holidays form.form")
    form |= {"on": "2027-06-08", "name": "Inventory"}
    for _ in range(2):
        assert as_alba.post("/goals/holidays", form).status == 303
    (holiday_id,) = db.session.scalars(select(CompanyHoliday.id)).all()
    assert "Inventory" in as_alba.get("/goals/holidays?year=2027").text
    for _ in range(2):
        assert as_alba.post(f"/goals/holidays/{holiday_id}/removal").status == 303
    assert not db.session.scalars(select(CompanyHoliday)).all()
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["holiday.set", "holiday.set", "holiday.removed"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"on": "2026-12-25"}, "holiday of the country already"),
        ({"on": "2026-12-05"}, "weekend"),
        ({"on": "2026-12-07", "is_working": "y"}, "worked anyway"),
        ({"on": "soon"}, ""),
        ({"name": ""}, ""),
    ],
)
def test_a_holiday_that_changes_nothing_is_refused(as_alba, values, words):
    page = as_alba.hx_post("/goals/holidays", {"on": "2026-12-08", "name": "Bridge"} | values)
    assert page.status == 422
    assert words in page.text


def test_a_holiday_of_the_country_may_be_worked(as_alba):
    form = {"on": "2026-12-25", "name": "We are open", "is_working": "y"}
    assert as_alba.post("/goals/holidays", form).status == 303
    assert "worked" in as_alba.get("/goals/holidays?year=2026").text


def test_results_of_a_closed_period_do_not_change(cast):
    make_period("2026-10", status=PeriodStatus.CLOSED)
    with pytest.raises(Exception, match="closed period"):
        recording.check_open([date(2026, 10, 31)])
    recording.check_open([date(2026, 11, 1), date(2026, 9, 30)])
    for act in (
        lambda: make_sale(cast.ana, 5_00, closed_on=date(2026, 10, 5)),
        lambda: make_activity(cast.ana, on=date(2026, 10, 5)),
    ):
        with pytest.raises(Exception, match="closed period"):
            act()
    make_sale(cast.ana, 5_00, closed_on=date(2026, 11, 5))


def test_a_closing_period_still_takes_late_results(cast):
    make_period("2026-10", status=PeriodStatus.CLOSING)
    recording.check_open([date(2026, 10, 31)])


def test_a_draft_of_a_closed_period_is_changed_as_ever_and_asked_for_where_it_is_proposed(cast, as_marta):
    period = make_period("2026-10")
    draft = make_goal(cast.ana, period=period, status=GoalStatus.DRAFT, by=cast.marta)
    period.status = PeriodStatus.CLOSED
    db.session.commit()
    assert as_marta.post(f"/goals/{draft.id}/draft", {"target": "5"}).location == f"/goals/{draft.id}"
    asked = as_marta.post(f"/goals/{draft.id}/proposal").location
    assert asked.startswith("/goals/adjustments/")
    assert "Add goals" in as_marta.get(asked).text
    assert db.session.get(Goal, draft.id, populate_existing=True).status is GoalStatus.DRAFT


def test_records_that_reach_back_bring_their_periods(cast):
    make_sale(cast.ana, 5_00, closed_on=date(2024, 3, 5))
    periods.ensure_periods()
    keys = set(db.session.scalars(select(Period.key)))
    assert {"2024-03", "2024-Q1", "2024", "2027-12"} <= keys
