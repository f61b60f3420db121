"""Lists of calls, meetings and demos."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.pagination import Page, page_of_rows
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person
from app.people.queries import visible_people
from app.sales.models import Activity, ActivityKind, Customer


@dataclass(frozen=True, slots=True)
class ActivityLine:
    id: int
    kind: str
    on: date
    note: str | None
    person_id: int
    person: str
    customer: str | None
    sale_id: int | None


def page_of_activities(
    viewer: Viewer,
    *,
    person_id: int | None = None,
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    number: int = 1,
) -> Page[ActivityLine]:
    """Newest first, of the people in the viewer's sight."""
    stmt: Any = (
        select(
            Activity.id,
            Activity.kind,
            Activity.happened_on,
            Activity.note,
            Activity.person_id,
            Person.name,
            Customer.name,
            Activity.sale_id,
        )
        .join(Person, Person.id == Activity.person_id)
        .outerjoin(Customer, Customer.id == Activity.customer_id)
        .where(Activity.voided_at.is_(None), Activity.person_id.in_(visible_people(viewer)))
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
    )
    if person_id is not None:
        stmt = stmt.where(Activity.person_id == person_id)
    if kind in set(ActivityKind):
        stmt = stmt.where(Activity.kind == ActivityKind(kind))
    if since is not None:
        stmt = stmt.where(Activity.happened_on >= since)
    if until is not None:
        stmt = stmt.where(Activity.happened_on <= until)
    page = page_of_rows(stmt, number)
    return Page([ActivityLine(*row) for row in page.items], page.number, page.has_next)


def activity_for(viewer: Viewer, activity_id: int) -> Activity:
    """Raises NotFound for one of somebody out of the viewer's sight."""
    found = db.session.scalars(
        select(Activity).where(Activity.id == activity_id, Activity.person_id.in_(visible_people(viewer)))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
