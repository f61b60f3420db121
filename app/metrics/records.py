"""The records behind a figure, as a viewer may read them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import pagination
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.metrics import queries
from app.metrics.contributions import person_of
from app.metrics.definition import Subject
from app.metrics.figures import Value
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.people.queries import person_for, sees_all, team_for, visible_people
from app.sales.models import Activity, Customer, Sale


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, a team with those below it, or neither: the company."""

    person: Person | None = None
    team: Team | None = None

    @property
    def name(self) -> str | None:
        found = self.person or self.team
        return found.name if found else None

    @property
    def keys(self) -> dict[str, int | None]:
        return {
            "person_id": self.person.id if self.person else None,
            "team_id": self.team.id if self.team else None,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One credit of a sale, or an activity, and what it counts for."""

    record: Any
    day: date
    person: Person
    value: Decimal
    base: Decimal


def whose(viewer: Viewer, person_id: int | None, team_id: int | None) -> Whose:
    """Raises NotFound for what the viewer may not read; without either, what is widest for them."""
    if person_id is not None:
        return Whose(person=person_for(viewer, person_id))
    if team_id is not None:
        return Whose(team=team_for(viewer, team_id))
    if sees_all(viewer):
        return Whose()
    return Whose(person=db.session.get(Person, viewer.person_id))


def page_of(
    viewer: Viewer, metric: Metric, start: date, end: date, whose: Whose, number: int
) -> pagination.Page[Row]:
    """What the viewer may read of them: a team's figure is known to its members, others' sales are not."""
    stmt = queries.records_behind(metric, start, end, **whose.keys)
    if not viewer.can(Permission.SALES_VIEW):
        return pagination.Page([], 1, False)
    if not sees_all(viewer):
        stmt = stmt.where(person_of(metric).in_(visible_people(viewer)))
    if metric.subject is Subject.SALES:
        stmt = stmt.options(joinedload(Sale.product), joinedload(Sale.customer))
    page = pagination.page_of_rows(stmt, number)
    ids = {row.person_id for row in page.items}
    people = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    rows = [Row(row[0], row.day, people[row.person_id], row.value, row.base) for row in page.items]
    return pagination.Page(rows, page.number, page.has_next)


def customers_of(page: pagination.Page[Row]) -> dict[int, str]:
    """Names of the customers of activities."""
    ids = {row.record.customer_id for row in page.items if isinstance(row.record, Activity)}
    rows = db.session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(ids)))
    return dict(rows.all())


def total_of(metric: Metric, start: date, end: date, whose: Whose) -> tuple[Value, int]:
    return queries.sum_behind(metric, start, end, **whose.keys)
