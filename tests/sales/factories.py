"""Sales for tests, recorded as people record them: through the operations."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from app.core import clock
from app.extensions import db
from app.people.company import the_company
from app.people.models import Person
from app.sales.activities import record_activity
from app.sales.customers import key_of
from app.sales.models import (
    Activity,
    ActivityKind,
    Customer,
    ExchangeRate,
    ProcessStep,
    Product,
    Sale,
    Stage,
    StepRule,
)
from app.sales.operations import Said, record_sale

_number = itertools.count(1)


def make_product(name: str | None = None, list_price: int | None = 100_00, **values: Any) -> Product:
    number = next(_number)
    values.setdefault("code", f"P-{number}")
    values.setdefault("currency", the_company().currency)
    product = Product(name=name or f"Product {number}", list_price=list_price, **values)
    db.session.add(product)
    db.session.commit()
    return product


def make_customer(name: str | None = None) -> Customer:
    customer = db.session.get_one(Customer, key_of(Customer, name or f"Customer {next(_number)}"))
    db.session.commit()
    return customer


def make_sale(
    rep: Person,
    amount: int | None = 100_00,
    closed_on: date | None = None,
    stage: Stage | str = Stage.WON,
    *,
    product: Product | None = None,
    customer: Customer | str | None = None,
    by: Person | None = None,
    shares: dict[int, int] | None = None,
    **said: Any,
) -> Sale:
    """Amounts in minor units. Won today at 100.00 unless told; every sale has a customer of its own."""
    if isinstance(customer, Customer):
        customer = customer.name
    product = product or make_product()
    return record_sale(
        Said(
            product_id=product.id,
            stage=Stage(stage),
            amount=amount,
            closed_on=closed_on,
            customer=f"Customer {next(_number)}" if customer is None else customer,
            **said,
        ),
        rep_id=rep.id,
        by_id=(by or rep).id,
        shares=shares,
    )


def make_activity(
    person: Person, kind: ActivityKind | str = ActivityKind.MEETING, on: date | None = None
) -> Activity:
    return record_activity(ActivityKind(kind), person_id=person.id, by_id=person.id, on=on)


def make_rate(currency: str, rate: str, starts_on: date = date(2020, 1, 1)) -> ExchangeRate:
    row = ExchangeRate(currency=currency, starts_on=starts_on, rate=Decimal(rate))
    db.session.add(row)
    db.session.commit()
    return row


def make_step_rule(step: ProcessStep | str, team: Any = None, days: int = 7) -> StepRule:
    row = StepRule(step=ProcessStep(step), team_id=team.id if team else None, days=days)
    db.session.add(row)
    db.session.commit()
    return row


def today() -> date:
    return clock.today()
