"""A person for whom HR may open a case: two plans that have ended, and the earlier causes ruled out."""

from datetime import timedelta
from types import SimpleNamespace

from app.coaching import access
from app.coaching.models import Plan, PlanKind, PlanStatus
from app.diagnosis.models import Case, Cause, Diagnosis, DiagnosisWhy
from app.extensions import db
from app.goals.models import GoalResult, Outcome, Period
from app.metrics.models import Metric
from app.people.models import Person
from tests.factories import today
from tests.goals.factories import make_goal, make_period, the_metric

REASONS = "What was tried did not lead where we both wanted to get. " * 5


def make_diagnosis(
    person: Person,
    cause: Cause = Cause.CAPABILITY,
    *,
    period: Period | None = None,
    metric: Metric | None = None,
) -> Diagnosis:
    """The person missed a goal (last year's revenue), and this is what it was put down to."""
    period = period or make_period(kind="year", day=today() - timedelta(days=365), status="closed")
    goal = make_goal(person, 1_000_00, period=period, metric=metric or the_metric())
    result = GoalResult(
        goal_id=goal.id,
        period_id=period.id,
        outcome=Outcome.MISSED,
        value=400_00,
        base=1,
        figure=400_00,
        target=1_000_00,
    )
    case = Case(goal_id=goal.id, period_id=period.id, metric_id=goal.metric_id, person_id=person.id)
    db.session.add_all([result, case])
    db.session.flush()
    diagnosis = Diagnosis(
        case_id=case.id,
        why=DiagnosisWhy.CLOSED,
        result_id=result.id,
        target=1_000_00,
        actual=400_00,
        shortfall=600_00,
        main_cause=cause,
        method="test",
    )
    db.session.add(diagnosis)
    db.session.commit()
    return diagnosis


def make_plan(person: Person, *, status: PlanStatus = PlanStatus.COMPLETED, ago: int = 100) -> Plan:
    access.as_worker()
    starts = today() - timedelta(days=ago)
    ends = starts + timedelta(days=60)
    plan = Plan(
        person_id=person.id,
        metric_id=the_metric().id,
        kind=PlanKind.COACHING,
        status=status,
        coach_id=person.manager_id,
        starts_on=starts,
        ends_on=ends,
        completed_on=None if status is PlanStatus.ACTIVE else ends,
        end_reason="Another one follows." if status is PlanStatus.ENDED else None,
    )
    db.session.add(plan)
    db.session.commit()
    return plan


def tried_everything(cast: SimpleNamespace) -> None:
    make_diagnosis(cast.ana)
    make_plan(cast.ana, ago=300)
    make_plan(cast.ana, ago=100)
