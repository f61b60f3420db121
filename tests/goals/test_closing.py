"""A period closes: every goal that counts is judged once, and the rooms above are told."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from click.testing import Result
from flask import Flask, g
from sqlalchemy import delete, select, update

from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import Conflict
from app.extensions import db
from app.goals import closed, closing
from app.goals.models import (
    GoalResult,
    GoalStatus,
    NotJudged,
    Outcome,
    PeriodStatus,
    Revision,
    RevisionReason,
    RevisionStatus,
)
from app.goals.setup import close_periods
from app.metrics.models import MetricKind
from app.people.models import DayOff
from app.sales.recording import check_open
from tests.events import told
from tests.factories import make_company
from tests.goals.factories import close, make_goal, make_period, result_of, the_metric
from tests.sales.factories import make_activity, make_product, make_sale

SEPTEMBER = date(2026, 9, 15)
QUARTER = "2026-Q3"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    return lambda *arguments: app.test_cli_runner().invoke(args=["periods", *arguments])


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`it_is(2026, 10, 6, 6)`: from then on the clock stands there, in UTC."""

    def set_clock(*when: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime(*when, tzinfo=UTC))

    return set_clock


def verdict(goal) -> tuple[str, str | None]:
    result = result_of(goal)
    return result.outcome.value, result.not_judged.value if result.not_judged else None


def test_goals_of_persons_teams_and_the_company_are_judged_each_by_its_own_results(cast):
    make_sale(cast.ana, 120_00, SEPTEMBER)
    make_sale(cast.bea, 50_00, SEPTEMBER)
    make_sale(cast.luis, 30_00, SEPTEMBER)
    make_sale(cast.luis, 500_00, date(2026, 10, 2))  # another period's
    goals = {
        "ana": make_goal(cast.ana, 100_00, period=QUARTER),
        "bea": make_goal(cast.bea, 50_00, period=QUARTER),
        "luis": make_goal(cast.luis, 30_01, period=QUARTER),
        "norte": make_goal(cast.norte, 170_00, period=QUARTER),
        "sur": make_goal(cast.sur, 500_00, period=QUARTER),
        "sales": make_goal(cast.sales, 100_00, period=QUARTER),
        "company": make_goal(cast.root, 200_01, period=QUARTER),
    }
    close(QUARTER)
    assert {name: verdict(goal)[0] for name, goal in goals.items()} == {
        "ana": "exceeded",
        "bea": "reached",
        "luis": "missed",
        "norte": "reached",
        "sur": "missed",
        "sales": "exceeded",
        "company": "missed",
    }
    result = result_of(goals["norte"])
    assert (result.value, result.figure, result.target) == (170_00, 170_00, 170_00)
    assert (result.attainment, result.version, result.is_current) == (1, 1, True)


def test_every_kind_of_metric_is_judged(cast):
    product = make_product()
    for day, stage in ((1, "won"), (2, "won"), (3, "lost")):
        make_sale(cast.ana, 100_00, date(2026, 9, day), stage, product=product)
    make_activity(cast.ana, "meeting", SEPTEMBER)
    rate, size = the_metric("win_rate"), the_metric("average_deal")
    rate.rank_from, size.rank_from = 3, 2
    deals = make_goal(cast.ana, 3, metric="deals_won", period=QUARTER)
    share = make_goal(cast.ana, "0.6666", metric=rate, period=QUARTER)
    average = make_goal(cast.ana, 100_00, metric=size, period=QUARTER)
    meetings = make_goal(cast.ana, 1, metric="meetings", period=QUARTER)
    close(QUARTER)
    assert verdict(deals) == ("missed", None)
    assert verdict(share) == ("reached", None)
    assert result_of(share).figure == Decimal("0.66666667")
    assert (result_of(share).value, result_of(share).base) == (2, 3)
    assert verdict(average) == ("reached", None)
    assert verdict(meetings) == ("reached", None)


def test_a_ratio_of_too_few_cases_is_not_judged(cast):
    rate = the_metric("win_rate")
    rate.rank_from = 3
    make_sale(cast.ana, 100_00, SEPTEMBER, "lost")
    goal = make_goal(cast.ana, "0.5", metric=rate, period=QUARTER)
    empty = make_goal(cast.bea, "0.5", metric=rate, period=QUARTER)
    close(QUARTER)
    assert verdict(goal) == ("not_judged", "too_little_data")
    assert verdict(empty) == ("not_judged", "too_little_data")
    assert result_of(empty).figure is None


def test_where_less_is_better_less_reaches_it(cast):
    metric = the_metric("lost_deals", is_higher_better=False, kind=MetricKind.COUNT, rule=LOST)
    make_sale(cast.ana, None, SEPTEMBER, "lost")
    make_sale(cast.ana, None, SEPTEMBER, "lost")
    within, over = (
        make_goal(cast.ana, 2, metric=metric, period=QUARTER),
        make_goal(cast.ana, 1, metric=metric, period="2026-09"),
    )
    close(QUARTER)
    close("2026-09")
    assert (verdict(within)[0], verdict(over)[0]) == ("reached", "missed")


LOST = {"date": "closed_on", "measure": "count", "conditions": ["lost"]}


def test_who_is_new_or_away_for_most_of_the_period_is_not_judged(cast):
    cast.ana.hired_on = date(2026, 6, 20)
    cast.bea.hired_on = date(2026, 4, 1)
    db.session.add(DayOff(person_id=cast.luis.id, starts_on=date(2026, 7, 1), ends_on=date(2026, 8, 31)))
    ana, bea, luis = (make_goal(who, 100_00, period=QUARTER) for who in (cast.ana, cast.bea, cast.luis))
    close(QUARTER)
    assert verdict(ana) == ("not_judged", "ramp")
    assert verdict(bea) == ("missed", None)
    assert verdict(luis) == ("not_judged", "leave")


def test_a_late_joiner_is_judged_by_the_days_of_their_goal(cast):
    make_sale(cast.ana, 100_00, date(2026, 7, 5))
    make_sale(cast.ana, 60_00, SEPTEMBER)
    goal = make_goal(cast.ana, 100_00, period=QUARTER, starts_on=date(2026, 8, 1))
    close(QUARTER)
    assert (verdict(goal)[0], result_of(goal).value) == ("missed", 60_00)


def test_drafts_are_left_out_and_what_was_proposed_is_judged_as_it_stands(cast, run):
    draft = make_goal(cast.ana, period=QUARTER, status=GoalStatus.DRAFT)
    make_goal(cast.bea, period=QUARTER, status=GoalStatus.PROPOSED)
    make_goal(cast.luis, period=QUARTER, status=GoalStatus.QUESTIONED)
    make_goal(cast.norte, period=QUARTER, withdrawn_at=clock.now())
    assert run("close", QUARTER).output == "2026-Q3 is closed: 2 goals judged: 2 missed. 1 draft left out\n"
    assert closed.results_for([draft.id]) == {}


def test_a_revision_that_waits_lapses(cast):
    goal = make_goal(cast.ana, 100_00, period=QUARTER)
    revision = Revision(
        goal_id=goal.id,
        version=2,
        target_before=goal.target,
        target=50_00,
        reason=RevisionReason.OTHER,
        text="Because",
        effective_on=clock.today(),
        status=RevisionStatus.WAITING,
        author_id=cast.marta.id,
    )
    db.session.add(revision)
    close(QUARTER)
    assert (revision.status, revision.decided_by_id) == (RevisionStatus.REFUSED, None)
    assert result_of(goal).target == 100_00
    (event,) = told("goal_revision_refused")
    assert event["people"] == [cast.marta.id]


def test_the_rooms_above_are_told_of_the_period_and_of_each_goal(cast):
    make_sale(cast.ana, 100_00, SEPTEMBER)
    reached = make_goal(cast.ana, 100_00, period=QUARTER)
    missed = make_goal(cast.norte, 500_00, period=QUARTER)
    cast.bea.hired_on = date(2026, 9, 1)
    make_goal(cast.bea, 100_00, period=QUARTER)
    period = close(QUARTER, by=cast.alba)
    assert told("period_closed") == [{"period_id": period.id}]
    assert told("goal_reached") == [
        {
            "goal_id": reached.id,
            "person_id": cast.ana.id,
            "result_id": result_of(reached).id,
            "outcome": "reached",
        }
    ]
    assert told("goal_missed") == [
        {
            "goal_id": missed.id,
            "team_id": cast.norte.id,
            "result_id": result_of(missed).id,
            "outcome": "missed",
        }
    ]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "period.closed")).one()
    assert (entry.actor_id, entry.subject_id, entry.details["missed"]) == (cast.alba.id, period.id, 1)


def test_closing_again_changes_nothing_and_says_so(cast, run):
    make_goal(cast.ana, period=QUARTER)
    first, second = run("close", QUARTER), run("close", QUARTER)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "was closed already, on " in second.output
    assert second.output.endswith("1 goal judged: 1 missed\n")
    assert len(told("goal_missed")) == 1


def test_for_machines_it_says_it_in_json(cast, run):
    make_goal(cast.ana, period=QUARTER)
    cast.bea.hired_on = date(2026, 7, 20)
    make_goal(cast.bea, period=QUARTER)
    said = json.loads(run("close", QUARTER, "--json").output)
    assert (said["period"], said["is_new"], said["goals"]) == (QUARTER, True, 2)
    assert (said["missed"], said["not_judged"], said["why_not_judged"]) == (1, 1, {"ramp": 1})
    assert json.loads(run("close", QUARTER, "--json").output)["is_new"] is False


def test_a_period_that_is_not_over_is_refused_with_one_line(cast, run):
    year = str(clock.today().year + 1)
    refused = run("close", year)
    assert refused.exit_code == 1
    assert "is not over" in refused.output
    assert "Traceback" not in refused.output
    assert run("close", year, "--force").exit_code == 0
    assert make_period(year).status is PeriodStatus.CLOSED


def test_a_key_that_names_no_period_is_refused(cast, run):
    refused = run("close", "2026-Q7")
    assert refused.exit_code == 2
    assert "no period 2026-Q7" in refused.output


def test_a_period_without_goals_closes_too_when_asked(cast, run):
    assert run("close", QUARTER).output == "2026-Q3 is closed: 0 goals judged\n"


def test_a_closed_month_freezes_its_days_within_an_open_quarter(cast):
    goal = make_goal(cast.ana, 100_00, period=QUARTER)
    make_goal(cast.ana, 100_00, period="2026-08")
    close("2026-08")
    with pytest.raises(Conflict):
        check_open([date(2026, 8, 31)])
    check_open([date(2026, 7, 31), date(2026, 9, 1)])
    assert closed.results_for([goal.id]) == {}
    assert make_period(QUARTER).status is PeriodStatus.OPEN


def test_the_worker_closes_at_the_set_hour_after_the_days_of_grace(cast, it_is):
    make_company(timezone="America/Bogota")
    g.pop("company_settings", None)
    it_is(2026, 9, 1)
    goal = make_goal(cast.ana, period=QUARTER, created_at=clock.now())
    period = make_period(QUARTER)
    for when, status in (
        ((2026, 10, 1, 4, 59), PeriodStatus.OPEN),
        ((2026, 10, 1, 5, 0), PeriodStatus.CLOSING),
        ((2026, 10, 6, 10, 59), PeriodStatus.CLOSING),
        ((2026, 10, 6, 11, 0), PeriodStatus.CLOSED),
    ):
        it_is(*when)
        close_periods(0)
        db.session.expire_all()
        assert period.status is status, when
    assert verdict(goal) == ("missed", None)


def test_goals_set_after_the_end_have_their_grace_from_then_on(cast, it_is):
    it_is(2026, 11, 2)
    make_goal(cast.ana, period=QUARTER, created_at=clock.now())
    it_is(2026, 11, 8, 5, 59)
    assert closing.close_due() == []
    it_is(2026, 11, 8, 6)
    assert [each.key for each in closing.close_due()] == [QUARTER]


def test_the_worker_leaves_periods_without_goals_open(cast, it_is):
    it_is(2027, 3, 1)
    period = make_period(QUARTER)
    close_periods(0)
    assert period.status is PeriodStatus.OPEN
    check_open([SEPTEMBER])


def test_what_a_result_came_from_is_kept_with_it(cast):
    make_sale(cast.ana, 120_00, SEPTEMBER)
    goal = make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    lines = {line["key"]: Decimal(line["value"]) for line in result_of(goal).arithmetic}
    assert lines == {
        "result": 120_00,
        "target": 100_00,
        "attainment": Decimal("1.2"),
        "exceeded_from": Decimal("1.1"),
        "days": 64,
    }


def test_other_rooms_read_a_persons_results_latest_first(cast):
    make_sale(cast.ana, 120_00, SEPTEMBER)
    third = make_goal(cast.ana, 100_00, period=QUARTER)
    second = make_goal(cast.ana, 100_00, period="2026-Q2")
    make_goal(cast.bea, 100_00, period=QUARTER)
    close("2026-Q2")
    close(QUARTER)
    history = closed.history_of(cast.ana.id, third.metric_id, date(2026, 12, 1), 5)
    assert [result.goal_id for result in history] == [third.id, second.id]
    assert [
        result.goal_id for result in closed.history_of(cast.ana.id, third.metric_id, date(2026, 7, 1), 5)
    ] == [second.id]


def test_a_result_is_never_changed_or_deleted(cast):
    goal = make_goal(cast.ana, period=QUARTER)
    close(QUARTER)
    result_id = result_of(goal).id
    for change in (
        update(GoalResult).values(outcome=Outcome.NOT_JUDGED, not_judged=NotJudged.RAMP),
        delete(GoalResult),
    ):
        with pytest.raises(Exception, match="never changed"), db.session.begin_nested():
            db.session.execute(change.where(GoalResult.id == result_id))
