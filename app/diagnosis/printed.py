"""A period's cases as the command line prints them, whole periods at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.diagnosis.findings import Cause, Verdict
from app.diagnosis.models import Case, Diagnosis, Finding
from app.extensions import db
from app.goals.models import Period
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.sales.models import LeadSource, Product


@dataclass(frozen=True, slots=True)
class PrintedFinding:
    cause: Cause
    amount: Decimal
    verdict: Verdict
    why: str
    confidence: Decimal
    product: str | None
    source: str | None
    team: str | None
    figures: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Printed:
    """`person` is their e-mail, else employee number, else name."""

    person: str | None
    team: str | None
    metric: Metric
    target: Decimal
    actual: Decimal | None
    shortfall: Decimal
    main_cause: Cause
    findings: Sequence[PrintedFinding]


def missed_of(period: Period) -> list[Printed]:
    """Every case that stands, by metric and person; findings largest first."""
    whose = func.coalesce(Person.email, Person.employee_number, Person.name)
    cases = db.session.execute(
        select(Diagnosis, whose, Team.name, Metric)
        .join(Case, Case.id == Diagnosis.case_id)
        .join(Metric, Metric.id == Case.metric_id)
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Team, Team.id == Case.team_id)
        .where(Case.period_id == period.id, Case.withdrawn_at.is_(None), Diagnosis.is_current)
        .order_by(Metric.position, Metric.id, Case.team_id.nulls_first(), whose, Case.id)
    ).all()
    found: dict[int, list[PrintedFinding]] = {diagnosis.id: [] for diagnosis, *_ in cases}
    rows = db.session.execute(
        select(
            Finding.diagnosis_id,
            Finding.cause,
            Finding.amount,
            Finding.verdict,
            Finding.why,
            Finding.confidence,
            Product.name,
            LeadSource.name,
            Team.name,
            Finding.figures,
        )
        .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
        .join(Case, Case.id == Diagnosis.case_id)
        .outerjoin(Product, Product.id == Finding.product_id)
        .outerjoin(LeadSource, LeadSource.id == Finding.source_id)
        .outerjoin(Team, Team.id == Finding.team_id)
        .where(Case.period_id == period.id, Case.withdrawn_at.is_(None), Diagnosis.is_current)
        .order_by(Finding.diagnosis_id, Finding.amount.desc(), Finding.position)
    )
    for diagnosis_id, *columns in rows:
        found[diagnosis_id].append(PrintedFinding(*columns))
    return [
        Printed(
            person,
            team,
            metric,
            diagnosis.target,
            diagnosis.actual,
            diagnosis.shortfall,
            diagnosis.main_cause,
            found[diagnosis.id],
        )
        for diagnosis, person, team, metric in cases
    ]
