"""Lists of sales by what the address asks for, and their exact sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union

from app.core import clock
from app.core.pagination import Page, page_of_rows
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person
from app.people.queries import below
from app.sales.models import Customer, Product, Sale, SaleCredit, Stage
from app.sales.queries.scope import is_visible
from app.sales.queries.waiting import due_on, waiting_step
from app.sales.steps import Rule

DAY: ColumnElement[date | None] = func.coalesce(Sale.closed_on, Sale.opened_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    q: str = ""
    stage: str = ""  # open, won, lost, cancelled, voided
    rep_id: int | None = None
    team_id: int | None = None
    product_id: int | None = None
    source_id: int | None = None
    since: date | None = None
    until: date | None = None
    step: str = ""  # decide, promise, deliver, follow_up, late


@dataclass(frozen=True, slots=True)
class SaleRow:
    id: int
    day: date | None
    stage: str
    product: str
    customer: str | None
    rep_id: int
    rep: str
    amount: int | None
    currency: str
    value: int | None
    part: int | None  # of the person or team asked for, else the whole
    step: str | None
    due: date | None
    is_cancelled: bool
    is_void: bool

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < clock.today()


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact, in minor units of the company's currency; the parts of the person or team asked for."""

    count: int
    won: int
    won_value: int
    open: int
    open_value: int


def _credited(wanted: Wanted) -> ColumnElement[bool] | None:
    if wanted.rep_id is not None:
        return SaleCredit.person_id == wanted.rep_id
    if wanted.team_id is not None:
        return SaleCredit.team_id.in_(below(wanted.team_id))
    return None


def _part(wanted: Wanted) -> ColumnElement[Any]:
    credited = _credited(wanted)
    if credited is None:
        return Sale.value.expression
    return (
        select(func.sum(SaleCredit.value))
        .where(SaleCredit.sale_id == Sale.id, credited)
        .correlate(Sale)
        .scalar_subquery()
    )


def conditions(viewer: Viewer, wanted: Wanted, rules: Mapping[str, Rule]) -> list[ColumnElement[bool]]:
    found = [is_visible(viewer, rules)]
    credited = _credited(wanted)
    if wanted.rep_id is not None:
        own: Any = select(Sale.id).where(Sale.rep_id == wanted.rep_id)
        found.append(Sale.id.in_(union(own, select(SaleCredit.sale_id).where(credited))))  # type: ignore[arg-type]  # given with rep_id
    elif credited is not None:
        found.append(Sale.id.in_(select(SaleCredit.sale_id).where(credited)))
    if wanted.stage == "voided":
        found.append(Sale.voided_at.is_not(None))
    else:
        found.append(Sale.voided_at.is_(None))
        if wanted.stage == "cancelled":
            found.append(Sale.cancelled_on.is_not(None))
        elif wanted.stage in set(Stage):
            found.append(and_(Sale.stage == Stage(wanted.stage), Sale.cancelled_on.is_(None)))
    if wanted.product_id is not None:
        found.append(Sale.product_id == wanted.product_id)
    if wanted.source_id is not None:
        found.append(Sale.lead_source_id == wanted.source_id)
    if wanted.since is not None:
        found.append(DAY.between(wanted.since, date.max))
    if wanted.until is not None:
        found.append(DAY.between(date.min, wanted.until))
    if wanted.step == "late":
        found.append(due_on(rules) < clock.today())
    elif wanted.step:
        found.append(waiting_step(rules) == wanted.step)
    if wanted.q:
        found.append(_matches(wanted.q))
    return found


def _matches(words: str) -> ColumnElement[bool]:
    like = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    customers = select(Customer.id).where(func.lower(Customer.name).like(like))
    products = select(Product.id).where(
        or_(func.lower(Product.name).like(like), func.lower(Product.code).like(like))
    )
    found = [Sale.customer_id.in_(customers), Sale.product_id.in_(products), Sale.external_id == words]
    number = words.lstrip("#")
    if number.isdigit() and len(number) < 18:
        found.append(Sale.id == int(number))
    return or_(*found)


def page_of_sales(
    viewer: Viewer, wanted: Wanted, rules: Mapping[str, Rule], number: int = 1
) -> Page[SaleRow]:
    """Newest first."""
    stmt: Any = (
        select(
            Sale.id,
            DAY,
            Sale.stage,
            Product.name,
            Customer.name,
            Sale.rep_id,
            Person.name,
            Sale.amount,
            Sale.currency,
            Sale.value,
            _part(wanted),
            waiting_step(rules),
            due_on(rules),
            Sale.cancelled_on.is_not(None),
            Sale.voided_at.is_not(None),
        )
        .join(Product, Product.id == Sale.product_id)
        .join(Person, Person.id == Sale.rep_id)
        .outerjoin(Customer, Customer.id == Sale.customer_id)
        .where(*conditions(viewer, wanted, rules))
        .order_by(DAY.desc(), Sale.id.desc())
    )
    page = page_of_rows(stmt, number)
    return Page([SaleRow(*row) for row in page.items], page.number, page.has_next)


def sums_of(viewer: Viewer, wanted: Wanted, rules: Mapping[str, Rule]) -> Sums:
    part = _part(wanted).label("part")
    sales = select(Sale.stage, Sale.cancelled_on, part).where(*conditions(viewer, wanted, rules)).subquery()
    is_won = and_(sales.c.stage == Stage.WON, sales.c.cancelled_on.is_(None))
    is_open = sales.c.stage == Stage.OPEN
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(is_won),
            func.coalesce(func.sum(sales.c.part).filter(is_won), 0),
            func.count().filter(is_open),
            func.coalesce(func.sum(sales.c.part).filter(is_open), 0),
        ).select_from(sales)
    ).one()
    return Sums(*(int(figure) for figure in row))
