"""Deals won a moment ago, for a screen to celebrate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, any_, exists, or_, select

from app.core import clock
from app.extensions import db
from app.people.models import Person, Team
from app.sales.models import Product, Sale, SaleCredit, SaleVersion, Stage

NEWS = timedelta(minutes=5)
MOST = 3


@dataclass(frozen=True, slots=True)
class Win:
    """`name`: None for whoever opted out of being named. `value`: minor units of the company's currency."""

    sale_id: int
    name: str | None
    product: str
    value: int


def new_wins(team_ids: Collection[int] = ()) -> Sequence[Win]:
    """The latest, oldest of them first; of these teams and those below, or of everybody.

    What was won long ago and is recorded now (an import of the past) is no news.
    """
    now = clock.now()
    since = now - NEWS
    was_won = exists().where(
        SaleVersion.sale_id == Sale.id,
        SaleVersion.at >= since,
        SaleVersion.after["stage"].astext == Stage.WON.value,
    )
    stmt: Select[int, str, bool, str, int | None] = (
        select(Sale.id, Person.name, Person.is_hidden, Product.name, Sale.value)
        .join(Person, Person.id == Sale.rep_id)
        .join(Product, Product.id == Sale.product_id)
        .where(
            Sale.stage == Stage.WON,
            Sale.closed_on >= clock.day_of(now - timedelta(days=1)),
            Sale.updated_at >= since,
            Sale.voided_at.is_(None),
            Sale.cancelled_on.is_(None),
            or_(Sale.created_at >= since, was_won),
        )
        .order_by(Sale.updated_at.desc(), Sale.id.desc())
        .limit(MOST)
    )
    if team_ids:
        below = select(Team.id).where(or_(*(any_(Team.path) == team_id for team_id in team_ids)))
        stmt = stmt.where(exists().where(SaleCredit.sale_id == Sale.id, SaleCredit.team_id.in_(below)))
    rows = db.session.execute(stmt).all()
    return [
        Win(sale_id, None if is_hidden else name, product, value or 0)
        for sale_id, name, is_hidden, product, value in reversed(rows)
    ]
