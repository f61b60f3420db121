"""Cases and reviews for tests, as a close makes them, with findings that a test chooses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.transactions import atomic
from app.diagnosis import asking, versions
from app.diagnosis.findings import Cause, Verdict, Why
from app.diagnosis.models import Case, DiagnosisWhy, Finding, Review
from app.diagnosis.stated import Said
from app.diagnosis.versions import Concluded
from app.extensions import db
from app.goals.models import Goal, GoalResult, Outcome, Period, PeriodStatus
from app.metrics.models import Unit
from app.people.models import Person, Team
from tests.factories import today
from tests.goals.factories import make_goal, make_period, the_metric


def found(
    cause: Cause | str = Cause.DELIVERY,
    amount: int | str = 5_000_00,
    why: Why | str = Why.WIN_RATE,
    verdict: Verdict | str = Verdict.LIKELY,
    **values: Any,
) -> Said:
    """A finding, by default that deliveries cost 5,000.00."""
    return Said(
        Cause(cause), str(why), Decimal(amount), Verdict(verdict), values.pop("confidence", 0.9), **values
    )


def chance(amount: int | str = 1_000_00) -> Said:
    return found(Cause.NONE, amount, Why.CHANCE, Verdict.POSSIBLE)


def closed_period(key: str = "2026-Q3") -> Period:
    from app.core import clock

    return make_period(key, status=PeriodStatus.CLOSED, closed_at=clock.now())


def make_result(goal: Goal, actual: int | str | Decimal) -> GoalResult:
    """A missed goal, as its period closed."""
    figure = Decimal(actual)
    result = GoalResult(
        goal_id=goal.id,
        period_id=goal.period_id,
        outcome=Outcome.MISSED,
        value=figure,
        base=0,
        figure=figure,
        target=goal.target,
        attainment=figure / goal.target,
    )
    db.session.add(result)
    db.session.commit()
    return result


@atomic
def make_case(
    subject: Person | Team,
    findings: Sequence[Said] = (),
    *,
    period: Period | None = None,
    metric: str = "revenue",
    target: int = 20_000_00,
    main: Cause | str | None = None,
    expected: int | None = None,
    split: dict[str, Any] | None = None,
) -> Case:
    """A missed goal with these findings (deliveries and chance, if none are given), which ask departments."""
    findings = list(findings) or [found(), chance()]
    shortfall = sum((one.amount for one in findings), Decimal(0))
    period = period or closed_period()
    goal = make_goal(subject, target, metric=metric, period=period)
    result = make_result(goal, target - shortfall)
    case = Case(
        goal_id=goal.id,
        period_id=period.id,
        metric_id=goal.metric_id,
        person_id=goal.person_id,
        team_id=goal.team_id,
    )
    db.session.add(case)
    db.session.flush()
    concluded = Concluded(
        case.id,
        result.id,
        Decimal(target),
        target - shortfall,
        shortfall,
        Decimal(expected) if expected is not None else None,
        Cause(main)
        if main
        else max(findings, key=lambda one: (one.cause is not Cause.NONE, one.amount)).cause,
        findings,
        split or {},
    )
    is_money = the_metric(metric).unit is Unit.MONEY
    pointers = [asking.Pointer(one, case.person_id, is_money) for one in findings]
    reviews = asking.open_reviews(period, pointers, ())
    versions.write([concluded], reviews, DiagnosisWhy.CLOSED)
    return case


def findings_of(case: Case, cause: Cause | str | None = None) -> list[Finding]:
    """Those that hold now."""
    from app.diagnosis.queries import current

    return [one for one in current(case.id).findings if cause is None or one.cause is Cause(cause)]


def amounts(case: Case) -> dict[str, Decimal]:
    """By cause, of what holds now."""
    sums: dict[str, Decimal] = {}
    for one in findings_of(case):
        sums[one.cause.value] = sums.get(one.cause.value, Decimal(0)) + one.amount
    return {cause: amount for cause, amount in sums.items() if amount}


def the_review(cause: Cause | str = Cause.DELIVERY) -> Review:
    return db.session.scalars(select(Review).where(Review.cause == Cause(cause))).one()


def with_evidence(said: Said, person: Person, last: date | None = None) -> Said:
    """The same with figures, a chart and records."""
    last = last or today()
    figures = (
        {
            "code": "lost_for",
            "unit": "share",
            "now": 0.31,
            "before": 0.08,
            "peers_now": 0.29,
            "peers_before": 0.07,
            "n_now": 61,
            "n_before": 120,
        },
        {
            "code": "late",
            "unit": "share",
            "now": 0.42,
            "before": 0.11,
            "peers_now": 0.4,
            "peers_before": 0.12,
            "n_now": 30,
            "n_before": 64,
        },
    )
    points = [["2026-01-01", 0.07, 0.08, 60], ["2026-04-01", 0.09, 0.07, 60], ["2026-07-01", 0.31, 0.29, 61]]
    chart = {"code": "lost_for", "unit": "share", "points": points}
    records = {
        "of": "sales",
        "by": "closed_on",
        "first": "2026-07-01",
        "last": "2026-09-30",
        "people": [person.id],
        "conditions": ["lost"],
    }
    return replace(said, figures=figures, charts=(chart,), records=(records,))
