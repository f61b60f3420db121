"""Which step of a sale waits, and since when: in SQL the same as `sales.steps`, and tried against it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, literal, null, or_, select

from app.extensions import db
from app.people.models import Function, Team
from app.sales.models import Sale, Stage, StepRule
from app.sales.steps import DATES, STEPS, Rule


def rules() -> dict[str, Rule]:
    return {
        rule.step.value: Rule(rule.step.value, rule.team_id, rule.days, rule.starts_on)
        for rule in db.session.scalars(select(StepRule))
    }


def _column(step: str) -> ColumnElement[date]:
    column: ColumnElement[date] = getattr(Sale, DATES[step])
    return column


def waiting_step(rules: Mapping[str, Rule]) -> ColumnElement[str | None]:
    """As `steps.waiting_step`: decide, promise, deliver, follow_up or null."""
    goes_on = and_(Sale.voided_at.is_(None), Sale.cancelled_on.is_(None))
    cases: list[Any] = [(and_(goes_on, Sale.stage == Stage.OPEN), literal("decide"))]
    for place, step in enumerate(STEPS):
        if (rule := rules.get(step)) is not None:
            undone = [_column(later).is_(None) for later in STEPS[place:]]
            is_due = and_(goes_on, Sale.stage == Stage.WON, Sale.closed_on >= rule.starts_on, *undone)
            cases.append((is_due, literal(step)))
    return case(*cases, else_=null())


def due_on(rules: Mapping[str, Rule]) -> ColumnElement[date | None]:
    """As `steps.due_on` of the waiting step; null for an open sale."""
    waiting = waiting_step(rules)
    begun = {
        "promise": Sale.closed_on,
        "deliver": Sale.closed_on,
        "follow_up": func.coalesce(Sale.delivered_on, Sale.promised_on, Sale.closed_on),
    }
    cases: list[Any] = []
    for step in STEPS:
        if (rule := rules.get(step)) is not None:
            due: ColumnElement[Any] = begun[step] + literal(rule.days)
            if step == "deliver":
                due = func.coalesce(Sale.promised_on, due)
            cases.append((waiting == step, cast(due, Date)))
    return case(*cases, else_=null()) if cases else cast(null(), Date)


def answered_steps(rules: Mapping[str, Rule], teams: set[int]) -> ColumnElement[bool] | None:
    """Sales in the steps that these teams answer for, waiting there or done; None when there are none."""
    conditions: list[ColumnElement[bool]] = [
        or_(waiting_step(rules) == rule.step, _column(rule.step).is_not(None))
        for rule in rules.values()
        if rule.team_id in teams
    ]
    return or_(*conditions) if conditions else None


# What the page of the rules proposes where there is none yet.
USUAL_DAYS = {"promise": 2, "deliver": 14, "follow_up": 7}
_USUAL_FUNCTION = {"deliver": Function.LOGISTICS, "follow_up": Function.CUSTOMER_SERVICE}


def usual_team(step: str) -> int | None:
    """The department whose function it is."""
    if step not in _USUAL_FUNCTION:
        return None
    return db.session.scalar(
        select(Team.id)
        .where(Team.function == _USUAL_FUNCTION[step], Team.archived_at.is_(None))
        .order_by(func.cardinality(Team.path), Team.id)
        .limit(1)
    )
