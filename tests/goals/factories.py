"""Periods and goals for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.goals.closed import results_for
from app.goals.closing import close_period
from app.goals.fiscal import Kind, Span, parse_key, span_of
from app.goals.models import Goal, GoalResult, GoalStatus, Period, PeriodKind
from app.goals.periods import fiscal_start
from app.metrics.models import Metric, MetricKind, Subject, Unit
from app.people.models import Person, Team


def make_period(
    key: str | None = None, *, kind: Kind = "month", day: date | None = None, **values: Any
) -> Period:
    """The period of a key (`2026-Q3`), or the one of a kind in which a day (today) lies; made once."""
    span: Span | None = (
        parse_key(key, fiscal_start()) if key else span_of(kind, day or clock.today(), fiscal_start())
    )
    assert span is not None, f"no such period: {key}"
    found = db.session.scalars(select(Period).where(Period.key == span.key)).one_or_none()
    if found is None:
        found = Period(
            kind=PeriodKind(span.kind), key=span.key, starts_on=span.starts_on, ends_on=span.ends_on
        )
        db.session.add(found)
    for name, value in values.items():
        setattr(found, name, value)
    db.session.commit()
    return found


def the_metric(key: str = "revenue", **values: Any) -> Metric:
    """A shipped metric, or one made up under that key."""
    found = db.session.scalars(select(Metric).where(Metric.key == key)).one_or_none()
    if found is None:
        is_money = key == "revenue"
        defaults: dict[str, Any] = {
            "names": {"en": key.replace("_", " ").capitalize(), "es": key.replace("_", " ").capitalize()},
            "kind": MetricKind.SUM if is_money else MetricKind.COUNT,
            "subject": Subject.SALES,
            "unit": Unit.MONEY if is_money else Unit.NUMBER,
            "rule": {
                "date": "closed_on",
                "measure": "value" if is_money else "count",
                "conditions": ["won", "kept"],
            },
        }
        found = Metric(key=key, **defaults | values)
        db.session.add(found)
        db.session.commit()
    return found


def make_goal(
    subject: Person | Team,
    target: int | str | Decimal = 10_000_00,
    *,
    metric: Metric | str = "revenue",
    period: Period | str | None = None,
    status: GoalStatus = GoalStatus.ACCEPTED,
    by: Person | None = None,
    **values: Any,
) -> Goal:
    """A goal of a person or team, accepted and for this month unless it is said otherwise."""
    metric = the_metric(metric) if isinstance(metric, str) else metric
    period = make_period(period) if isinstance(period, str) or period is None else period
    goal = Goal(
        period_id=period.id,
        metric_id=metric.id,
        person_id=subject.id if isinstance(subject, Person) else None,
        team_id=subject.id if isinstance(subject, Team) else None,
        starts_on=values.pop("starts_on", period.starts_on),
        ends_on=values.pop("ends_on", period.ends_on),
        target=Decimal(target),
        status=status,
        created_by_id=by.id if by else None,
        **values,
    )
    db.session.add(goal)
    db.session.commit()
    return goal


def close(key: str, by: Person | None = None) -> Period:
    """Close a period that is over, whatever its grace time."""
    period = make_period(key)
    close_period(period, by_id=by.id if by else None)
    db.session.commit()
    return period


def result_of(goal: Goal) -> GoalResult:
    return results_for([goal.id])[goal.id]
