"""A period closes: one case a missed goal, whatever comes twice; and what an adjustment makes of it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.core import events
from app.core.audit import AuditEntry
from app.core.events import Event
from app.diagnosis import adjusting, opening
from app.diagnosis.models import Case, CaseStatus, Diagnosis, DiagnosisWhy, Finding
from app.extensions import db
from app.goals.models import GoalResult, Outcome, Period
from tests.client import Client
from tests.diagnosis.factories import amounts, closed_period, make_result
from tests.goals.factories import make_goal
from tests.jobs import run_jobs
from tests.sales.factories import make_sale


@pytest.fixture
def period(cast: SimpleNamespace) -> Period:
    for month in (1, 4, 7):
        for rep in (cast.ana, cast.bea, cast.luis):
            make_sale(rep, 1_000_00, date(2026, month, 20), opened_on=date(2026, month, 5))
    found = closed_period()
    for rep in (cast.ana, cast.bea):
        make_result(make_goal(rep, 2_000_00, period=found), 1_000_00)
    make_result(make_goal(cast.norte, 4_000_00, period=found), 2_000_00)
    return found


def count(of: type) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def test_every_missed_goal_becomes_a_case(period: Period) -> None:
    assert opening.diagnose_period(period.id) == 3
    cases = db.session.scalars(select(Case)).all()
    assert {case.person_id is None for case in cases} == {True, False}
    for case in cases:
        diagnosis = db.session.scalars(select(Diagnosis).where(Diagnosis.case_id == case.id)).one()
        total = db.session.scalar(
            select(func.sum(Finding.amount)).where(Finding.diagnosis_id == diagnosis.id)
        )
        assert total == diagnosis.shortfall


def test_the_event_may_come_twice(period: Period) -> None:
    for _ in range(2):
        events.record("period_closed", period_id=period.id)
        db.session.commit()
        run_jobs()
    assert count(Case) == 3
    assert count(Diagnosis) == 3
    told = db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "case_opened"))
    assert told == 3


def test_a_period_that_is_open_has_no_cases(cast: SimpleNamespace, period: Period) -> None:
    period.status = "open"
    db.session.commit()
    assert opening.diagnose_period(period.id) == 0


def test_the_person_and_the_manager_are_told(as_ana: Client, as_marta: Client, period: Period) -> None:
    opening.diagnose_period(period.id)
    run_jobs()
    assert "What the records say about a missed goal: Revenue, Q3 2026" in as_ana.get("/notifications").text
    page = as_marta.get("/notifications")
    assert "What the records say about 2 missed goals of your team" in page.text
    assert "Revenue, Q3 2026 (Norte)" in page.text


def test_the_reps_home_leads_to_it_until_it_is_read(as_ana: Client, period: Period) -> None:
    opening.diagnose_period(period.id)
    page = as_ana.get("/")
    assert "What the records say about a goal that was missed" in page.text
    as_ana.get(str(page.one("a[href^='/cases/']")["href"]))
    assert "What the records say about a goal that was missed" not in as_ana.get("/").text


def test_each_case_is_in_the_audit(period: Period) -> None:
    opening.diagnose_period(period.id)
    opened = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "case.opened")
    assert db.session.scalar(opened) == 3


def adjust(case: Case, outcome: str, figure: int) -> None:
    """As an applied adjustment leaves it."""
    old = db.session.scalars(
        select(GoalResult).where(GoalResult.goal_id == case.goal_id, GoalResult.is_current)
    ).one()
    old.is_current = False
    db.session.flush()
    new = GoalResult(
        goal_id=old.goal_id,
        period_id=old.period_id,
        version=old.version + 1,
        outcome=Outcome(outcome),
        value=Decimal(figure),
        base=0,
        figure=Decimal(figure),
        target=old.target,
        attainment=Decimal(figure) / old.target,
    )
    db.session.add(new)
    db.session.commit()
    events.record(
        "result_adjusted", goal_id=case.goal_id, result_id=new.id, outcome=outcome, was=old.outcome.value
    )
    db.session.commit()
    run_jobs()


@pytest.fixture
def case(cast: SimpleNamespace, period: Period) -> Case:
    opening.diagnose_period(period.id)
    return db.session.scalars(select(Case).where(Case.person_id == cast.ana.id)).one()


def test_an_adjusted_result_makes_a_new_version(case: Case) -> None:
    adjust(case, "missed", 1_500_00)
    versions = db.session.scalars(
        select(Diagnosis).where(Diagnosis.case_id == case.id).order_by(Diagnosis.version)
    ).all()
    assert [(one.version, one.is_current, one.shortfall) for one in versions] == [
        (1, False, Decimal(100000)),
        (2, True, Decimal(50000)),
    ]
    assert versions[-1].why is DiagnosisWhy.ADJUSTED
    assert sum(amounts(case).values()) == 50000


def test_a_second_delivery_of_the_adjustment_changes_nothing(case: Case) -> None:
    adjust(case, "missed", 1_500_00)
    adjusting.follow_result(case.goal_id)
    assert count(Diagnosis) == 4


def test_a_goal_that_was_reached_after_all_withdraws_the_case(as_ana: Client, case: Case) -> None:
    adjust(case, "reached", 2_100_00)
    db.session.refresh(case)
    assert case.withdrawn_at is not None
    assert case.status is CaseStatus.SETTLED
    page = as_ana.get(f"/cases/{case.id}")
    assert "An adjustment showed that this goal was reached" in page.text
    assert not page.all("a[href$='/contest']")
    assert "This goal counts as reached after an adjustment" in as_ana.get("/notifications").text


def test_missed_again_it_comes_back(case: Case) -> None:
    adjust(case, "reached", 2_100_00)
    adjust(case, "missed", 1_800_00)
    db.session.refresh(case)
    assert case.withdrawn_at is None
    assert sum(amounts(case).values()) == 20000


def test_a_goal_that_is_missed_only_now_gets_its_case(cast: SimpleNamespace, period: Period) -> None:
    opening.diagnose_period(period.id)
    goal = make_goal(cast.luis, 2_000_00, period=period)
    make_result(goal, 1_000_00)
    adjusting.follow_result(goal.id)
    assert db.session.scalars(select(Case).where(Case.person_id == cast.luis.id)).one()
