"""Deals won a moment ago, for a screen to celebrate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, any_, exists, func, or_, select

from app.core import clock
from app.extensions import db
from app.people.models import Person, Team
from app.sales.models import Product, Sale, SaleCredit, SaleVersion, Stage

NEWS = timedelta(minutes=5)
MOST = 3


@dataclass(frozen=True, slots=True)
class Win:
    """`name`: None for whoever opted out of being named. `value`: minor units of the company's currency.

    `until`: when it is no news any more.
    """

    sale_id: int
    name: str | None
    product: str
    value: int
    until: datetime


def new_wins(team_ids: Collection[int] = ()) -> Sequence[Win]:
    """The latest, oldest of them first; of these teams and those below, or of everybody.

    What was won long ago and is recorded now (an import of the past) is no news.
    """
    now = clock.now()
    since = now - NEWS
    won_later_at = (
        select(func.max(SaleVersion.at))
        .where(SaleVersion.sale_id == Sale.id, SaleVersion.after["stage"].astext == Stage.WON.value)
        .correlate(Sale)
        .scalar_subquery()
    )
    won_at = func.greatest(Sale.created_at, won_later_at)
    stmt: Select[int, str, bool, str, int | None, datetime] = (
        select(Sale.id, Person.name, Person.is_hidden, Product.name, Sale.value, won_at)
        .join(Person, Person.id == Sale.rep_id)
        .join(Product, Product.id == Sale.product_id)
        .where(
            Sale.stage == Stage.WON,
            Sale.closed_on >= clock.day_of(now - timedelta(days=1)),
            Sale.updated_at >= since,
            Sale.voided_at.is_(None),
            Sale.cancelled_on.is_(None),
            won_at > since,
        )
        .order_by(won_at.desc(), Sale.id.desc())
        .limit(MOST)
    )
    if team_ids:
        below = select(Team.id).where(or_(*(any_(Team.path) == team_id for team_id in team_ids)))
        stmt = stmt.where(exists().where(SaleCredit.sale_id == Sale.id, SaleCredit.team_id.in_(below)))
    rows = db.session.execute(stmt).all()
    return [
        Win(sale_id, None if is_hidden else name, product, value or 0, at + NEWS)
        for sale_id, name, is_hidden, product, value, at in reversed(rows)
    ]
