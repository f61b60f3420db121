"""The records behind a finding: the second tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from app.core import pagination
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.diagnosis.stated import Json, span
from app.extensions import db
from app.metrics.contributions import person_of
from app.metrics.definition import Condition, Definition, MetricKind, Subject
from app.metrics.queries import records_behind
from app.people.models import Person
from app.people.queries import sees_all, visible_people
from app.sales.models import Activity, Customer, LeadSource, Product, Sale
from app.sales.queries import is_visible, rules
from app.training import queries as training


@dataclass(frozen=True, slots=True)
class Line:
    """One record. `whose` is None where the reader is not to know; `sale_id` where they may not open it."""

    day: date
    what: str | None  # product, or the kind of activity
    customer: str | None
    source: str | None
    stage: str | None
    reason: str | None
    promised_on: date | None
    delivered_on: date | None
    cancelled_on: date | None
    satisfaction: int | None
    value: int | None
    whose: str | None
    sale_id: int | None


@dataclass(frozen=True, slots=True)
class TrainingLine:
    person_id: int
    person: str
    product: str | None
    completed_on: date | None


def is_of_training(records: Json) -> bool:
    return bool(records["of"] == "training")


def number_of(records: Json) -> int:
    """How many records there are, whoever asks."""
    if is_of_training(records):
        return len(_trainings(records))
    rows = _rows(records).with_only_columns(func.count()).order_by(None)
    return int(db.session.scalar(rows) or 0)


def page_of(viewer: Viewer, records: Json, number: int, *, department: bool = False) -> pagination.Page[Line]:
    """The latest first: those of the people in the viewer's sight. A `department` that is asked reads all of
    them, without whose they were and what they were worth.
    """
    stmt = _rows(records)
    person = _person(records)
    if not department and not sees_all(viewer):
        stmt = stmt.where(person.in_(visible_people(viewer)))
    page = pagination.page_of_rows(stmt, number)
    found = [row[0] for row in page.items]
    named = _names(found, {row.person_id for row in page.items})
    openable = _openable(viewer, found) if found and isinstance(found[0], Sale) else set()
    lines = [
        _line(row[0], row.day, named, None if department else row.person_id, openable) for row in page.items
    ]
    return pagination.Page(lines, page.number, page.has_next)


def trainings_of(viewer: Viewer, records: Json) -> Sequence[TrainingLine]:
    """Who had to complete what, and did or did not; of the people in the viewer's sight."""
    rows = _trainings(records)
    seen = {row.person_id for row in rows}
    stmt = select(Person.id, Person.name).where(Person.id.in_(seen))
    if not sees_all(viewer):
        stmt = stmt.where(Person.id.in_(visible_people(viewer)))
    names = dict(db.session.execute(stmt).all())
    products = dict(db.session.execute(select(Product.id, Product.name)).t.all())
    return [
        TrainingLine(row.person_id, names[row.person_id], products.get(row.product_id), row.completed_on)
        for row in rows
        if row.person_id in names
    ]


def _trainings(records: Json) -> list[Any]:
    people = records.get("people") or None
    on = span(records)[1]
    rows = training.required_products(people, on)
    wanted = [row for row in rows if records.get("product") in (None, row.product_id)]
    if "untrained" in records.get("conditions", ()):
        wanted = [row for row in wanted if row.completed_on is None]
    return wanted


def _subject(records: Json) -> Subject:
    return Subject.ACTIVITIES if records["of"] == "activities" else Subject.SALES


def _person(records: Json) -> Any:
    return person_of(_definition(records))


def _definition(records: Json) -> Definition:
    known = {condition.value for condition in Condition}
    rule: dict[str, Any] = {
        "date": records["by"],
        "measure": "count",
        "conditions": [each for each in records.get("conditions", ()) if each in known],
    }
    if records.get("product"):
        rule["products"] = [records["product"]]
    if records.get("source"):
        rule["lead_sources"] = [records["source"]]
    return Definition(0, "", _subject(records), MetricKind.COUNT, rule)


def _rows(records: Json) -> Select[Any]:
    first, last = span(records)
    stmt: Select[Any] = records_behind(_definition(records), first, last, team_id=records.get("team"))
    people = list(records.get("people", ()))
    if "untrained" in records.get("conditions", ()):
        lacking = {row.person_id for row in _trainings(records)}
        people = [key for key in people if key in lacking] if people else sorted(lacking)
        stmt = stmt.where(_person(records).in_(people))
    elif people:
        stmt = stmt.where(_person(records).in_(people))
    if reasons := records.get("reasons"):
        stmt = stmt.where(func.lower(func.btrim(Sale.lost_reason)).in_(reasons))
    return stmt


@dataclass(frozen=True, slots=True)
class _Names:
    people: dict[int, str]
    customers: dict[int, str]
    products: dict[int, str]
    sources: dict[int, str]


def _names(records: Sequence[Any], people: set[int]) -> _Names:
    def named(table: Any, keys: set[Any]) -> dict[int, str]:
        rows = db.session.execute(select(table.id, table.name).where(table.id.in_(keys - {None})))
        return dict(rows.all())

    sales = [record for record in records if isinstance(record, Sale)]
    return _Names(
        named(Person, set(people)),
        named(Customer, {record.customer_id for record in records}),
        named(Product, {sale.product_id for sale in sales}),
        named(LeadSource, {sale.lead_source_id for sale in sales}),
    )


def _openable(viewer: Viewer, sales: Sequence[Sale]) -> set[int]:
    """Those that the viewer may open."""
    if not viewer.can(Permission.SALES_VIEW):
        return set()
    keys = [sale.id for sale in sales]
    return set(db.session.scalars(select(Sale.id).where(Sale.id.in_(keys), is_visible(viewer, rules()))))


def _line(record: Any, day: date, named: _Names, person_id: int | None, openable: set[int]) -> Line:
    whose = named.people.get(person_id) if person_id is not None else None
    customer = named.customers.get(record.customer_id)
    if isinstance(record, Activity):
        return Line(
            day,
            record.kind.value,
            customer,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            whose,
            record.sale_id,
        )
    return Line(
        day=day,
        what=named.products.get(record.product_id),
        customer=customer,
        source=named.sources.get(record.lead_source_id),
        stage=record.stage.value,
        reason=record.lost_reason,
        promised_on=record.promised_on,
        delivered_on=record.delivered_on,
        cancelled_on=record.cancelled_on,
        satisfaction=record.satisfaction,
        value=record.value if person_id is not None and record.stage.value == "won" else None,
        whose=whose,
        sale_id=record.id if record.id in openable else None,
    )
