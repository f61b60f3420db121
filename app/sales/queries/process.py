"""What waits after the win, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.pagination import Page, page_of_rows
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person, Team
from app.sales.models import Customer, Product, Sale, Stage
from app.sales.queries.scope import is_visible
from app.sales.queries.waiting import due_on, waiting_step
from app.sales.steps import STEPS, Rule


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits at a step."""

    step: str
    team_id: int | None
    team: str | None
    lead: str | None
    waiting: int
    late: int
    value: int


@dataclass(frozen=True, slots=True)
class WaitingRow:
    id: int
    version: int
    step: str
    due: date
    days_late: int
    closed_on: date
    promised_on: date | None
    delivered_on: date | None
    product: str
    customer: str | None
    rep_id: int
    rep: str
    value: int | None


def queues(viewer: Viewer, rules: Mapping[str, Rule]) -> list[Queue]:
    """Each step of this company, what the viewer sees waiting there, and who answers."""
    if not rules:
        return []
    waiting, due = waiting_step(rules), due_on(rules)
    rows = db.session.execute(
        select(
            waiting.label("step"),
            func.count(),
            func.count().filter(due < clock.today()),
            func.coalesce(func.sum(Sale.value), 0),
        )
        .where(is_visible(viewer, rules), Sale.stage == Stage.WON, waiting.is_not(None))
        .group_by("step")
    )
    counted = {step: (count, late, int(value or 0)) for step, count, late, value in rows}
    lead = aliased(Person)
    teams = {
        team_id: (name, who)
        for team_id, name, who in db.session.execute(
            select(Team.id, Team.name, lead.name)
            .outerjoin(lead, lead.id == Team.lead_id)
            .where(Team.id.in_([rule.team_id for rule in rules.values() if rule.team_id]))
        )
    }
    found = []
    for step in STEPS:
        if (rule := rules.get(step)) is not None:
            count, late, value = counted.get(step, (0, 0, 0))
            name, who = teams.get(rule.team_id, (None, None)) if rule.team_id else (None, None)
            found.append(Queue(step, rule.team_id, name, who, count, late, value))
    return found


def page_of_waiting(
    viewer: Viewer,
    rules: Mapping[str, Rule],
    *,
    step: str = "",
    rep_id: int | None = None,
    is_late: bool = False,
    number: int = 1,
) -> Page[WaitingRow]:
    """What waits after the win, the longest overdue first."""
    waiting, due = waiting_step(rules), due_on(rules)
    today = clock.today()
    stmt = (
        select(
            Sale.id,
            Sale.version,
            waiting.label("step"),
            due.label("due"),
            func.greatest(literal(0), literal(today) - due).label("days_late"),
            Sale.closed_on,
            Sale.promised_on,
            Sale.delivered_on,
            Product.name.label("product"),
            Customer.name.label("customer"),
            Sale.rep_id,
            Person.name.label("rep"),
            Sale.value,
        )
        .join(Product, Product.id == Sale.product_id)
        .join(Person, Person.id == Sale.rep_id)
        .outerjoin(Customer, Customer.id == Sale.customer_id)
        .where(is_visible(viewer, rules), Sale.stage == Stage.WON, waiting.is_not(None))
        .order_by(due, Sale.id)
    )
    if step in STEPS:
        stmt = stmt.where(waiting == step)
    if rep_id is not None:
        stmt = stmt.where(Sale.rep_id == rep_id)
    if is_late:
        stmt = stmt.where(due < today)
    page = page_of_rows(stmt, number)
    return Page([WaitingRow(*row) for row in page.items], page.number, page.has_next)
