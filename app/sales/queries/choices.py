"""What forms offer: the most used first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.core import clock
from app.core.permissions import GRANTS, Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person
from app.people.queries import visible_people
from app.sales.models import Customer, LeadSource, Product, Sale

LATELY = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class ProductChoice:
    id: int
    name: str
    list_price: int | None
    currency: str


def product_choices(rep_id: int | None, including: int | None = None) -> list[ProductChoice]:
    """Products that are sold, those this rep sold most in half a year first; `including` even if retired."""
    used = (
        select(Sale.product_id, func.count().label("times"))
        .where(Sale.rep_id == rep_id, Sale.opened_on >= clock.today() - LATELY, Sale.voided_at.is_(None))
        .group_by(Sale.product_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Product.id, Product.name, Product.list_price, Product.currency)
        .outerjoin(used, used.c.product_id == Product.id)
        .where(Product.is_active | (Product.id == including))
        .order_by(used.c.times.desc().nulls_last(), func.lower(Product.name), Product.id)
    )
    return [ProductChoice(*row) for row in rows]


def customer_hints(words: str, rep_id: int, limit: int = 12) -> list[str]:
    """Names of customers that begin with, then that contain the words; without words, the rep's last ones."""
    text = " ".join(words.lower().split())
    if not text:
        last = (
            select(Sale.customer_id, func.max(Sale.id).label("last"))
            .where(Sale.rep_id == rep_id, Sale.customer_id.is_not(None))
            .group_by(Sale.customer_id)
            .order_by(func.max(Sale.id).desc())
            .limit(limit)
            .subquery()
        )
        stmt = (
            select(Customer.name).join(last, last.c.customer_id == Customer.id).order_by(last.c.last.desc())
        )
        return list(db.session.scalars(stmt))
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    name = func.lower(Customer.name)
    return list(
        db.session.scalars(
            select(Customer.name)
            .where(name.like(f"%{escaped}%"))
            .order_by(name.like(f"{escaped}%").desc(), name, Customer.id)
            .limit(limit)
        )
    )


def lead_source_names() -> list[tuple[int, str]]:
    rows = db.session.execute(select(LeadSource.id, LeadSource.name).order_by(func.lower(LeadSource.name)))
    return [(key, name) for key, name in rows]


def technique_names(limit: int = 30) -> list[str]:
    """Those named most in the last half year."""
    name = func.unnest(Sale.techniques).label("name")
    used = select(name).where(Sale.opened_on >= clock.today() - LATELY).subquery()
    rows = db.session.scalars(
        select(used.c.name).group_by(used.c.name).order_by(func.count().desc(), used.c.name).limit(limit)
    )
    return list(rows)


def people_choices(viewer: Viewer, *, everybody: bool = False) -> Sequence[tuple[int, str]]:
    """People who record sales, by name: those in the viewer's sight, or all (to split credit with)."""
    roles = [role for role, granted in GRANTS.items() if Permission.SALES_RECORD in granted]
    stmt = select(Person.id, Person.name).where(Person.role.in_(roles), Person.is_active)
    if not everybody:
        stmt = stmt.where(Person.id.in_(visible_people(viewer)))
    rows = db.session.execute(stmt.order_by(func.lower(Person.name), Person.id))
    return [(key, name) for key, name in rows]
