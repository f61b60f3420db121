"""What a metric can be narrowed to, and what such a choice is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.metrics.definition import Rule
from app.sales.models import LeadSource, Product

MOST = 300  # products offered as checkboxes


@dataclass(frozen=True, slots=True)
class Offered:
    products: Sequence[tuple[str, str]]
    series: Sequence[tuple[str, str]]
    lead_sources: Sequence[tuple[str, str]]


def offered() -> Offered:
    products = db.session.execute(
        select(Product.id, Product.name).where(Product.is_active).order_by(Product.name).limit(MOST)
    )
    series = db.session.scalars(
        select(Product.series).where(Product.series.is_not(None)).distinct().order_by(Product.series)
    )
    sources = db.session.execute(select(LeadSource.id, LeadSource.name).order_by(LeadSource.name))
    return Offered(
        [(str(key), name) for key, name in products],
        [(name, name) for name in series if name],
        [(str(key), name) for key, name in sources],
    )


def filters_of(rule: Rule) -> list[str]:
    """Names of the products, series and lead sources that a rule is narrowed to."""
    names = [*rule.series]
    if rule.products:
        names += db.session.scalars(
            select(Product.name).where(Product.id.in_(rule.products)).order_by(Product.name)
        ).all()
    if rule.lead_sources:
        names += db.session.scalars(
            select(LeadSource.name).where(LeadSource.id.in_(rule.lead_sources)).order_by(LeadSource.name)
        ).all()
    return names
