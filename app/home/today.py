"""What was won today, for everybody to see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.core import clock
from app.extensions import db
from app.people.models import Person
from app.sales.models import Product, Sale, SaleCredit, Stage

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Win:
    """`name`: None for whoever opted out of being named. `value`: minor units of the company's currency."""

    sale_id: int
    name: str | None
    product: str
    value: int


@dataclass(frozen=True, slots=True)
class Today:
    wins: Sequence[Win]
    count: int
    value: int


def today(among: ColumnElement[bool] | None = None, *, named: bool = False) -> Today:
    """The latest wins and what all of them come to, in one select.

    `among`: a condition on SaleCredit.person_id. `named`: the viewer sees these people anyway.
    """
    stmt = (
        select(
            Sale.id,
            Person.name,
            Person.is_hidden,
            Product.name,
            Sale.value,
            func.count().over(),
            func.sum(Sale.value).over(),
        )
        .join(Person, Person.id == Sale.rep_id)
        .join(Product, Product.id == Sale.product_id)
        .where(
            Sale.stage == Stage.WON,
            Sale.closed_on == clock.today(),
            Sale.voided_at.is_(None),
            Sale.cancelled_on.is_(None),
        )
        .order_by(Sale.created_at.desc(), Sale.id.desc())
        .limit(SHOWN)
    )
    if among is not None:
        stmt = stmt.where(select(SaleCredit.sale_id).where(SaleCredit.sale_id == Sale.id, among).exists())
    rows = db.session.execute(stmt).all()
    wins = [
        Win(sale_id, name if named or not is_hidden else None, product, int(value or 0))
        for sale_id, name, is_hidden, product, value, _, _ in rows
    ]
    return Today(wins, rows[0][5] if rows else 0, int(rows[0][6] or 0) if rows else 0)
