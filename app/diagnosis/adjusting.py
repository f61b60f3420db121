"""A closed period's result was adjusted: the case is concluded anew, withdrawn, or opened only now."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import audit, clock
from app.core.transactions import atomic
from app.diagnosis import asking, opening, settling, versions
from app.diagnosis.missed import missed_goals
from app.diagnosis.models import (
    Case,
    CaseStatus,
    Contest,
    ContestStatus,
    Diagnosis,
    DiagnosisWhy,
    Finding,
    Review,
)
from app.diagnosis.rulings import Ruling
from app.extensions import db
from app.goals.models import GoalResult, Outcome


@atomic
def follow_result(goal_id: int) -> None:
    """Bring a goal's case into line with its current result; a second time changes nothing."""
    result = db.session.scalars(
        select(GoalResult).where(GoalResult.goal_id == goal_id, GoalResult.is_current)
    ).one_or_none()
    if result is None:
        return
    opening.hold(result.period_id)
    case = db.session.scalars(
        select(Case)
        .where(Case.goal_id == goal_id)
        .options(joinedload(Case.period))
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        if result.outcome is Outcome.MISSED:
            opening.diagnose_period(result.period_id)
        return
    if result.outcome is not Outcome.MISSED:
        _withdraw(case, result)
    elif _is_new(case, result):
        _conclude(case)


def _is_new(case: Case, result: GoalResult) -> bool:
    current = db.session.scalar(
        select(Diagnosis.result_id).where(Diagnosis.case_id == case.id, Diagnosis.is_current)
    )
    return current != result.id or case.withdrawn_at is not None


def _withdraw(case: Case, result: GoalResult) -> None:
    if case.withdrawn_at is not None:
        return
    case.withdrawn_at, case.status = clock.now(), CaseStatus.SETTLED
    waiting = db.session.scalars(
        select(Contest).where(Contest.case_id == case.id, Contest.status == ContestStatus.WAITING)
    )
    for contest in waiting:
        contest.status, contest.answered_at = ContestStatus.KEPT, clock.now()
    audit.record("case.withdrawn", case, actor_id=None, result_id=result.id, outcome=result.outcome)
    settling.tell([case.id])


def _conclude(case: Case) -> None:
    missed = missed_goals(case.period, anew=[case.goal_id])
    found = opening.conclude(case.period, missed)
    fresh = opening.concluded_of(case.id, missed[0], found.cases[0])
    concluded = versions.ruled([fresh], rulings_on(case))
    case.withdrawn_at, case.status = None, CaseStatus.OPEN
    reviews = asking.open_reviews(case.period, opening.pointers(missed, concluded), found.causes)
    diagnoses = versions.write(concluded, reviews, DiagnosisWhy.ADJUSTED)
    versions.record_audit("case.concluded", diagnoses, None)
    settling.tell([case.id])


def rulings_on(case: Case) -> list[Ruling]:
    """What people have decided so far: it holds for a new version too."""
    rejected = db.session.execute(
        select(Review.cause, Review.product_id)
        .where(Review.period_id == case.period_id, Review.accepted_at.is_not(None))
        .order_by(Review.accepted_at)
    )
    upheld = db.session.execute(
        select(Finding.cause, Finding.product_id, Contest.moved_to)
        .join(Contest, Contest.finding_id == Finding.id)
        .where(Contest.case_id == case.id, Contest.status == ContestStatus.UPHELD)
        .order_by(Contest.answered_at)
    )
    return [
        *(Ruling(cause, product_id, "answered") for cause, product_id in rejected),
        *(Ruling(cause, product_id, "contested", to) for cause, product_id, to in upheld),
    ]
