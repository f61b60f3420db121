"""The entry: a company's records and its missed goals in, a case for each goal out."""

from collections.abc import Sequence
from decimal import Decimal

from app.diagnosis.findings import Case, Cause, Diagnosis, Finding, Verdict, Why
from app.diagnosis.records import Company, Goal


def diagnose(company: Company, goals: Sequence[Goal]) -> Diagnosis:
    """Stub: everything is chance, until the evidence is there."""
    return Diagnosis(tuple(_nothing(goal) for goal in goals), ())


def _nothing(goal: Goal) -> Case:
    chance = Finding(Cause.NONE, Why.CHANCE, goal.shortfall, Verdict.POSSIBLE, 0.5)
    return Case(goal.id, goal.shortfall, Decimal(0), Cause.NONE, (chance,), None)
