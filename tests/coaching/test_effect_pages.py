"""What a finished plan changed: measured by the worker when its time has come, told with its doubt."""

from datetime import date

import pytest
from sqlalchemy import select

from app.coaching import access
from app.coaching.effect import measuring
from app.coaching.models import EffectSummary, Plan, PlanCase, PlanEffect, PlanStep, PlanStepStatus, StepKind
from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from tests import factories
from tests.coaching.hr import make_diagnosis, make_plan
from tests.goals.factories import make_period, the_metric
from tests.sales.factories import make_sale
from tests.training.factories import make_course

MISSED = "2026-01"


@pytest.fixture
def units(cast):
    """Fourteen reps with a like record; Ana is coached after January and then wins many more."""
    metric = the_metric("units")
    crowd = [factories.make_person(f"Peer {number}", Role.REP, cast.sur) for number in range(14)]
    numbers = {"2025-10": 7, "2025-11": 8, "2025-12": 7, MISSED: 6, "2026-03": 7}
    for place, person in enumerate([cast.ana, *crowd]):
        for month, number in numbers.items():
            more = (place * 7 + int(month[-2:]) * 3) % 4
            if person is cast.ana and month == "2026-03":
                more = 20
            sold(person, month, number + more)
    return metric


def sold(person, month: str, units: int) -> None:
    make_sale(person, 100_00, closed_on=date.fromisoformat(f"{month}-15"), quantity=units)


def finished_plan(person, metric, *, kind: StepKind = StepKind.SHADOWING) -> Plan:
    diagnosis = make_diagnosis(person, period=make_period(MISSED, status="closed"), metric=metric)
    plan = make_plan(person)
    access.as_worker()
    plan.metric_id, plan.starts_on, plan.ends_on = metric.id, date(2026, 2, 3), date(2026, 2, 27)
    plan.completed_on = plan.ends_on
    db.session.flush()
    step = PlanStep(
        plan_id=plan.id,
        position=1,
        kind=kind,
        titles={"en": "Go along"},
        due_on=plan.ends_on,
        status=PlanStepStatus.DONE,
        done_on=plan.ends_on,
    )
    answers = PlanCase(plan_id=plan.id, case_id=diagnosis.case_id, diagnosis_id=diagnosis.id)
    db.session.add_all([answers, step])
    db.session.commit()
    return plan


def test_a_plan_is_measured_once_when_its_time_has_come(
    as_ana, as_marta, as_luis, cast, units, monkeypatch
) -> None:
    plan = finished_plan(cast.ana, units)
    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 20))
    assert measuring.measure_effects() == 0
    assert "Too early to say" in as_marta.get(f"/coaching/plans/{plan.id}/effect").text
    monkeypatch.setattr(clock, "today", lambda: date(2026, 4, 20))
    assert measuring.measure_effects() == 1
    assert measuring.measure_effects() == 0
    access.as_worker()
    kept = db.session.scalars(select(PlanEffect)).one()
    assert kept.result is not None
    assert kept.result["peers"] == 14
    assert kept.result["effect"] > 10
    page = as_ana.get(f"/coaching/plans/{plan.id}/effect")
    assert "It helped" in page.text
    assert "14 colleagues" in page.text
    assert "with 95 % certainty between" in page.text
    assert "most people come back by themselves" not in page.text
    stages = [row.get_text(" ", strip=True) for row in page.all("tbody th")]
    assert stages == ["Before", "Missed period", "During the plan", "After"]
    assert as_luis.get(f"/coaching/plans/{plan.id}/effect").status == 404


def test_who_only_came_back_from_a_bad_month_is_not_said_to_have_been_helped(as_ana, cast) -> None:
    """Everybody is about as good; a third of them had a bad January, and March is like the months before."""
    metric = the_metric("units")
    crowd = [factories.make_person(f"Peer {number}", Role.REP, cast.sur) for number in range(20)]
    for place, person in enumerate([cast.ana, *crowd]):
        usual = 18 + place % 5
        missed = 8 + place % 4 if place % 3 == 0 else usual - place % 2
        for month, number in {"2025-10": usual, "2025-11": usual, "2025-12": usual, MISSED: missed}.items():
            sold(person, month, number)
        sold(person, "2026-03", usual + place % 2)
    plan = finished_plan(cast.ana, metric)
    measuring.measure_effects()
    page = as_ana.get(f"/coaching/plans/{plan.id}/effect")
    assert "No clear effect" in page.text
    assert "After a bad period most people come back by themselves." in page.text


def test_what_helps_is_summed_up_by_course_too(as_hilda, cast, units) -> None:
    course = make_course("Negotiation")
    crowd = [cast.ana]
    for number in range(2):
        crowd.append(factories.make_person(f"Coached {number}", Role.REP, cast.norte, cast.marta))
        for month in ("2025-12", MISSED, "2026-03"):
            sold(crowd[-1], month, 7 + number)
    for person in crowd:
        plan = finished_plan(person, units, kind=StepKind.COURSE)
        access.as_worker()
        step = db.session.scalars(select(PlanStep).where(PlanStep.plan_id == plan.id)).one()
        step.course_id = course.id
        db.session.commit()
    measuring.measure_effects()
    measuring.sum_up()
    page = as_hilda.get("/coaching/effect")
    assert "By course" in page.text
    assert "Negotiation" in page.text_of("main")


def test_too_few_peers_is_said(as_ana, cast) -> None:
    metric = the_metric("units")
    for month in ("2025-12", MISSED, "2026-03"):
        sold(cast.ana, month, 6)
    plan = finished_plan(cast.ana, metric)
    measuring.measure_effects()
    assert "Too few data" in as_ana.get(f"/coaching/plans/{plan.id}/effect").text


def test_what_helps_is_summed_up_from_three_plans_on(
    as_hilda, as_marta, as_omar, as_ana, cast, units
) -> None:
    crowd = [cast.ana]
    for number in range(2):
        crowd.append(factories.make_person(f"Coached {number}", Role.REP, cast.norte, cast.marta))
        for month in ("2025-12", MISSED, "2026-03"):
            sold(crowd[-1], month, 7 + number)
    for person in crowd[:2]:
        finished_plan(person, units)
    measuring.measure_effects()
    measuring.sum_up()
    assert db.session.scalars(select(EffectSummary)).all() == []
    finished_plan(crowd[2], units)
    measuring.measure_effects()
    measuring.sum_up()
    page = as_hilda.get("/coaching/effect")
    assert "Shadowing a colleague" in page.text
    assert "Marta Manrique" in page.text
    assert "Marta Manrique" in as_marta.get("/coaching/effect").text_of("main")
    assert "Marta Manrique" not in as_omar.get("/coaching/effect").text_of("main")
    assert as_ana.get("/coaching/effect").status == 404


def test_a_record_is_read_from_the_totals(cast, units) -> None:
    access.as_worker()
    plan = finished_plan(cast.ana, units)
    one = measuring.finished_plans(plan.id)[0]
    record = measuring.records_of(units, one.times)[cast.ana.id]
    assert record.after == pytest.approx(27)
    assert record.items >= 6
