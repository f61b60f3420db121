"""Products and rates, as administrators keep them."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from app.core.errors import NotFound
from app.core.pagination import Page, page_of
from app.extensions import db
from app.sales.models import ExchangeRate, Product, Sale


def page_of_products(words: str = "", number: int = 1) -> Page[Product]:
    """Those that are sold first, by series and name."""
    stmt = select(Product).order_by(
        Product.is_active.desc(),
        func.lower(Product.series).nulls_last(),
        func.lower(Product.name),
        Product.id,
    )
    if words:
        like = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        stmt = stmt.where(or_(func.lower(Product.name).like(like), func.lower(Product.code).like(like)))
    return page_of(stmt, number)


def product_for(product_id: int) -> Product:
    found = db.session.get(Product, product_id)
    if found is None:
        raise NotFound
    return found


def rates() -> Sequence[ExchangeRate]:
    return db.session.scalars(
        select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.starts_on.desc())
    ).all()


def rate_for(rate_id: int) -> ExchangeRate:
    found = db.session.get(ExchangeRate, rate_id)
    if found is None:
        raise NotFound
    return found


def sales_by_currency() -> dict[str, int]:
    """How many sales are kept in each currency."""
    rows = db.session.execute(
        select(Sale.currency, func.count()).where(Sale.voided_at.is_(None)).group_by(Sale.currency)
    )
    return dict(rows.all())
