"""Missed goals with findings, and the plans that come from them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, event, func, select

from app.coaching.access import as_worker
from app.coaching.models import Aim, Plan, PlanCase, PlanMessage, PlanStep, StepKind
from app.coaching.proposals.proposing import propose
from app.core import clock
from app.core.models import Model
from app.diagnosis.findings import Cause, Verdict
from app.diagnosis.models import Case, Diagnosis, DiagnosisWhy, Finding, Review, ReviewFinding
from app.extensions import db
from app.goals.models import Goal, GoalResult, Outcome
from app.people.models import Person
from app.sales.models import Product
from app.training.models import Course
from tests.factories import today
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_product, make_sale

TARGET = Decimal(100_000_00)


def found(
    cause: str,
    share: float | str,
    why: str = "win_rate",
    *,
    product: Product | None = None,
    figures: Sequence[dict[str, Any]] = (),
    verdict: str = "established",
) -> dict[str, Any]:
    """A finding by its share of the shortfall."""
    return {
        "cause": Cause(cause),
        "share": Decimal(str(share)),
        "why": why,
        "product_id": product.id if product else None,
        "figures": list(figures),
        "verdict": Verdict(verdict),
    }


def figure(code: str = "win_rate", now: float = 0.18, peers: float = 0.30, **more: Any) -> dict[str, Any]:
    said = {"code": code, "unit": "share", "now": now, "before": None, "peers_now": peers, "n_now": 50}
    return said | more


def make_case(
    person: Person,
    findings: Sequence[dict[str, Any]],
    *,
    metric: str = "revenue",
    period: str = "2026-Q3",
    actual: Decimal | int = 60_000_00,
    target: Decimal | int = TARGET,
) -> Case:
    """A goal of a closed period that was missed, and what was concluded of it."""
    goal = make_goal(person, target, metric=metric, period=make_period(period))
    result = GoalResult(
        goal_id=goal.id,
        period_id=goal.period_id,
        outcome=Outcome.MISSED,
        value=Decimal(actual),
        base=Decimal(0),
        figure=Decimal(actual),
        target=Decimal(target),
        attainment=Decimal(actual) / Decimal(target),
    )
    case = Case(goal_id=goal.id, period_id=goal.period_id, metric_id=goal.metric_id, person_id=person.id)
    db.session.add_all([result, case])
    db.session.flush()
    conclude(case, findings, goal=goal, result=result)
    return case


def conclude(
    case: Case,
    findings: Sequence[dict[str, Any]],
    *,
    goal: Goal | None = None,
    result: GoalResult | None = None,
    why: DiagnosisWhy = DiagnosisWhy.CLOSED,
) -> Diagnosis:
    """The case's next diagnosis."""
    goal = goal or db.session.get_one(Goal, case.goal_id)
    result = (
        result
        or db.session.scalars(
            select(GoalResult).where(GoalResult.goal_id == case.goal_id, GoalResult.is_current)
        ).one()
    )
    before = db.session.scalars(select(Diagnosis).where(Diagnosis.case_id == case.id, Diagnosis.is_current))
    number = 1
    for old in before:
        old.is_current, number = False, old.version + 1
    db.session.flush()
    actual = result.figure or Decimal(0)
    shortfall = result.target - actual
    main = max(findings, key=lambda one: one["share"])["cause"] if findings else Cause.NONE
    diagnosis = Diagnosis(
        case_id=case.id,
        version=number,
        why=why,
        result_id=result.id,
        target=result.target,
        actual=actual,
        shortfall=shortfall,
        main_cause=main,
        method="test",
    )
    db.session.add(diagnosis)
    db.session.flush()
    for position, one in enumerate(findings, 1):
        said = {name: value for name, value in one.items() if name != "share"}
        db.session.add(
            Finding(
                diagnosis_id=diagnosis.id,
                position=position,
                amount=(one["share"] * shortfall).quantize(Decimal("0.0001")),
                confidence=Decimal("0.95"),
                **said,
            )
        )
    db.session.commit()
    return diagnosis


def make_review(case: Case, cause: str, *, days: int = 10, product: Product | None = None) -> Review:
    """The department answers for the findings of this cause."""
    review = Review(
        period_id=case.period_id,
        cause=Cause(cause),
        why="win_rate",
        product_id=product.id if product else None,
        due_on=today() + timedelta(days=days),
        verdict=Verdict.ESTABLISHED,
    )
    db.session.add(review)
    db.session.flush()
    pointing = db.session.scalars(
        select(Finding.id)
        .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
        .where(Diagnosis.case_id == case.id, Finding.cause == Cause(cause))
    )
    db.session.add_all([ReviewFinding(review_id=review.id, finding_id=key) for key in pointing])
    db.session.commit()
    return review


OWN_PART = (found("capability", 0.7, figures=[figure()]), found("none", 0.3, "chance"))


def make_plan(
    person: Person,
    findings: Sequence[dict[str, Any]] = OWN_PART,
    *,
    reviews: Sequence[str] = (),
    **said: Any,
) -> Plan:
    """A plan as it comes from a missed goal; `reviews`: causes that departments are asked about."""
    case = make_case(person, findings, **said)
    for cause in reviews:
        make_review(case, cause)
    propose([case.id])
    plan = plan_of(case)
    assert plan is not None, "these findings leave nothing for a plan"
    return plan


def plan_of(case: Case) -> Plan | None:
    as_worker()
    key = db.session.scalar(select(PlanCase.plan_id).where(PlanCase.case_id == case.id))
    return db.session.get(Plan, key) if key is not None else None


def steps_of(plan: Plan) -> list[PlanStep]:
    as_worker()
    rows = select(PlanStep).where(PlanStep.plan_id == plan.id)
    return list(db.session.scalars(rows.order_by(PlanStep.position)))


def aims_of(plan: Plan) -> list[Aim]:
    as_worker()
    return list(db.session.scalars(select(Aim).where(Aim.plan_id == plan.id).order_by(Aim.position)))


def messages_of(plan: Plan) -> list[PlanMessage]:
    as_worker()
    rows = select(PlanMessage).where(PlanMessage.plan_id == plan.id)
    return list(db.session.scalars(rows.order_by(PlanMessage.id)))


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile; savepoints are not counted."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def kinds_of(plan: Plan) -> list[StepKind]:
    return [step.kind for step in steps_of(plan)]


def number_of(table: type[Model]) -> int:
    as_worker()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def make_course(product: Product | None = None, title: str = "Sell it well") -> Course:
    course = Course(title=title, product_id=product.id if product else None, published_at=clock.now())
    db.session.add(course)
    db.session.commit()
    return course


def sold(
    person: Person,
    won: int,
    lost: int,
    product: Product | None = None,
    on: str = "2026-08-10",
    amount: int = 100_00,
) -> Product:
    product = product or make_product()
    for stage, number in (("won", won), ("lost", lost)):
        for _ in range(number):
            make_sale(person, amount, date.fromisoformat(on), stage, product=product)
    return product
