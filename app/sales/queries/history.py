"""What happened to a sale, newest first, with names in the place of keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people.models import Person
from app.sales.models import Customer, LeadSource, Product, Sale, SaleVersion

_NAMED: dict[str, Any] = {
    "rep_id": Person,
    "product_id": Product,
    "customer_id": Customer,
    "lead_source_id": LeadSource,
}
# Follow from others, or are shown by the event itself.
_DERIVED = frozenset({"value", "rate"})


@dataclass(frozen=True, slots=True)
class Part:
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    kind: str  # recorded, won, lost, voided, restored, cancelled, advanced, credited, revalued, corrected
    at: datetime
    by: str | None
    reason: str | None
    parts: list[Part]
    currency: str


def history_of(sale: Sale) -> list[Change]:
    rows = db.session.execute(
        select(SaleVersion, Person.name)
        .outerjoin(Person, Person.id == SaleVersion.by_id)
        .where(SaleVersion.sale_id == sale.id)
        .order_by(SaleVersion.version.desc())
    ).all()
    names = _names(version for version, _ in rows)
    found = []
    currency = sale.currency
    for version, by in rows:
        parts = [
            Part(column, _named(column, before, names), _named(column, version.after.get(column), names))
            for column, before in version.before.items()
        ]
        kind = _kind(version)
        if kind != "revalued":
            parts = [part for part in parts if part.column not in _DERIVED]
        if kind != "credited":
            parts = [part for part in parts if part.column != "credits"]
        found.append(Change(kind, version.at, by, version.reason, parts, currency))
        currency = version.before.get("currency", currency)
    author = db.session.scalar(select(Person.name).where(Person.id == sale.created_by_id))
    return [*found, Change("recorded", sale.created_at, author, None, [], currency)]


def _kind(version: SaleVersion) -> str:
    changed, after = version.before.keys(), version.after
    if "voided_at" in changed:
        return "voided" if after["voided_at"] else "restored"
    if "stage" in changed:
        return str(after["stage"]) if after["stage"] != "open" else "corrected"
    if "cancelled_on" in changed and after["cancelled_on"]:
        return "cancelled"
    if changed <= {"promised_on", "delivered_on", "followed_up_on", "satisfaction"}:
        return "advanced"
    if changed == {"credits"}:
        return "credited"
    return "revalued" if changed <= {"rate", "value", "credits"} else "corrected"


def _names(versions: Iterable[SaleVersion]) -> dict[tuple[str, int], str]:
    asked: dict[str, set[int]] = {}
    for version in versions:
        for said in (version.before, version.after):
            for column in _NAMED.keys() & said.keys():
                if said[column] is not None:
                    asked.setdefault(column, set()).add(said[column])
            for part in said.get("credits") or ():
                asked.setdefault("rep_id", set()).add(part["person_id"])
    return {
        (column, key): name
        for column, keys in asked.items()
        for key, name in db.session.execute(
            select(_NAMED[column].id, _NAMED[column].name).where(_NAMED[column].id.in_(keys))
        )
    }


def _named(column: str, value: Any, names: dict[tuple[str, int], str]) -> Any:
    if column in _NAMED:
        return names.get((column, value), "") if value is not None else None
    if column == "credits":
        return [{**part, "name": names.get(("rep_id", part["person_id"]), "")} for part in value or ()]
    return date.fromisoformat(value) if column.endswith("_on") and value else value
