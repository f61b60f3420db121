"""What a sale said before each change."""

import enum
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.sales.models import Sale, SaleCredit, SaleVersion, Stage

COLUMNS = (
    "rep_id",
    "product_id",
    "customer_id",
    "lead_source_id",
    "stage",
    "opened_on",
    "closed_on",
    "quantity",
    "list_price",
    "amount",
    "currency",
    "rate",
    "value",
    "lost_reason",
    "promised_on",
    "delivered_on",
    "followed_up_on",
    "cancelled_on",
    "satisfaction",
    "techniques",
    "note",
    "voided_at",
)

Said = dict[str, Any]


def plain(value: object) -> Any:
    """A column's value as JSON keeps it: dates in ISO form, the rate as text."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return list(value) if isinstance(value, (list, tuple)) else value


def said(sale: Sale) -> Said:
    """Everything that a version compares; credits as [{"person_id", "share", "value", "team_id"}]."""
    shares = db.session.execute(
        select(SaleCredit.person_id, SaleCredit.share, SaleCredit.value, SaleCredit.team_id)
        .where(SaleCredit.sale_id == sale.id)
        .order_by(SaleCredit.share.desc(), SaleCredit.person_id)
    )
    columns = {name: plain(getattr(sale, name)) for name in COLUMNS}
    return columns | {"credits": [dict(row._mapping) for row in shares]}


def difference(before: Said, after: Said) -> tuple[Said, Said]:
    changed = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def keep(
    sale: Sale, before: Mapping[str, Any], after: Mapping[str, Any], *, by_id: int | None, reason: str | None
) -> None:
    """Write the version that ends now, and count the sale's version up."""
    db.session.add(
        SaleVersion(
            sale_id=sale.id,
            version=sale.version,
            before=dict(before),
            after=dict(after),
            reason=reason,
            by_id=by_id,
        )
    )
    sale.version += 1


def put_back(sale: Sale, before: Mapping[str, Any]) -> None:
    """Let the sale's columns say again what a version kept of them."""
    for name, value in before.items():
        if name in COLUMNS:
            setattr(sale, name, _read(name, value))


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "stage":
        return Stage(value)
    if name == "rate":
        return Decimal(str(value))
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith("_at") else value
