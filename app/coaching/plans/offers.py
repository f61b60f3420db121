"""What a manager chooses from when writing steps and aims."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from app.coaching.models import Plan, PlanStep
from app.coaching.plans import measures
from app.coaching.plans.measures import Measured
from app.core.errors import NotFound
from app.extensions import db
from app.metrics.models import Metric
from app.metrics.queries import active_metrics
from app.people.models import Person
from app.training.models import Course


def courses_offered() -> Sequence[tuple[int, str]]:
    """Keys and titles of the courses that can be taken."""
    rows = db.session.execute(
        select(Course.id, Course.title)
        .where(Course.published_at.is_not(None), Course.archived_at.is_(None))
        .order_by(func.lower(Course.title))
    )
    return [(row.id, row.title) for row in rows]


def peers_offered(plan: Plan) -> Sequence[tuple[int, str]]:
    """Colleagues of the person's team, and those whom a step names already."""
    named_already = select(PlanStep.peer_id).where(PlanStep.plan_id == plan.id)
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(
            or_(Person.team_id == plan.person.team_id, Person.id.in_(named_already)),
            Person.is_active,
            Person.id != plan.person_id,
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(row.id, row.name) for row in rows]


def measures_offered() -> Sequence[tuple[str, str]]:
    """What an aim can count: the company's metrics and our own, by key and name."""
    own = [(key, measures.measured(key, None).label()) for key in measures.OWN]
    shared = [
        (f"{measures.METRIC}:{metric.id}", measures.measured(measures.METRIC, metric).label())
        for metric in active_metrics()
    ]
    return [*shared, *own]


def measured(key: str, product_id: int | None) -> Measured:
    """Raises NotFound for what is not counted."""
    name, _colon, number = key.partition(":")
    if name in measures.OWN:
        return measures.measured(name, None, product_id)
    metric = db.session.get(Metric, int(number)) if number.isdigit() else None
    if metric is None:
        raise NotFound
    return measures.measured(measures.METRIC, metric, product_id)
