"""What is done to a sale. Every change of one that exists goes through `changing.changing`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import clock
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Person
from app.sales import asking, counted_days, credit, entry, first_sales, history, rates
from app.sales.changing import Outdated, changing
from app.sales.closed_days import adjustable
from app.sales.customers import hold, key_of, tidy
from app.sales.models import Customer, Sale, SaleVersion, Stage
from app.sales.queries import ProductChoice
from app.sales.recording import check_open, recording
from app.sales.repeated import made_before
from app.sales.said import PROCESS, Said
from app.sales.stating import put, said_of

UNDO = timedelta(minutes=1)


class TooLate(Conflict):
    """Only the last change can be undone, within a minute, by whoever made it."""

    def __init__(self) -> None:
        super().__init__(_("It is too late to undo this. You can correct it and say why."))


@atomic
@adjustable(asking.recorded)
def record_sale(
    said: Said,
    *,
    rep_id: int,
    by_id: int | None,
    shares: Mapping[int, int] | None = None,
    key: UUID | None = None,
    source: str = "portal",
    external_id: str | None = None,
    product: ProductChoice | None = None,
) -> Sale:
    """Record a sale whose credit is the rep's, or split by `shares` (person -> hundredths of a per cent).
    `product`: the one that was said, where it was looked up just now.

    The same key a second time returns the sale of the first (see `repeated`). Raises Invalid with the field,
    and Conflict when the sale would fall into a closed period.
    """
    begun = entry.begin(said, key, by_id)
    if begun is None:
        earlier = made_before(Sale, "sale.voided", key, by_id)
        if earlier is not None:
            return earlier
        rates.hold(said.currency)
    sale = Sale(source=source, external_id=external_id, rep_id=rep_id, created_by_id=by_id, version=1)
    if said.opened_on is None:
        said.opened_on = said.closed_on or clock.today()
    if said.stage != Stage.OPEN and said.closed_on is None:
        said.closed_on = clock.today()
    customer_id, held = begun or (hold(said.customer) if tidy(said.customer) else (None, None))
    put(sale, said, customer_id, product)
    is_first, displaced = first_sales.claim(sale, held)
    with recording(displaced) as touched:
        entry.write(sale, shares or {rep_id: credit.WHOLE}, is_first=is_first, key=key)
        touched.add(sale.id)
    counted = counted_days.of_change({}, {name: getattr(sale, name) for name in counted_days.DAYS})
    # Last, in a statement of its own: whoever closes waits for all who hold the period, and where many record
    # at once and hold it longer there is always somebody.
    check_open([sale.closed_on, *_steps(sale)], counted)
    return sale


@atomic
@adjustable(asking.corrected)
def correct_sale(
    sale: Sale,
    said: Said,
    *,
    by_id: int | None,
    reason: str,
    version: int | None = None,
    rep_id: int | None = None,
) -> Sale:
    """State a sale anew. A new rep takes over the old one's part of the credit.

    Raises Outdated when it is no longer at `version`, Invalid with the field, Conflict in a closed period.
    """
    reason = _reason(reason)
    rates.hold(said.currency)
    customer_id = key_of(Customer, said.customer) if tidy(said.customer) else None
    others = [customer_id] if customer_id else []
    with changing(sale, "sale.corrected", by_id=by_id, reason=reason, version=version, customers=others):
        shares = credit.shares_of(sale.id)
        if rep_id is not None and rep_id != sale.rep_id:
            if db.session.get(Person, rep_id) is None:
                raise Invalid(_("Choose people of this company."), "rep_id")
            shares[rep_id] = shares.get(rep_id, 0) + shares.pop(sale.rep_id, 0) or credit.WHOLE
            sale.rep_id = rep_id
        put(sale, said, customer_id)
        db.session.flush()
        credit.write(sale, shares)
    return sale


@atomic
@adjustable(asking.decided)
def decide_sale(
    sale: Sale,
    stage: Stage,
    *,
    by_id: int | None,
    on: date | None = None,
    amount: int | None = None,
    lost_reason: str | None = None,
    version: int | None = None,
) -> Sale:
    """An open sale is won or lost. Raises Outdated when it was decided in the meantime."""
    with changing(sale, f"sale.{stage.value}", by_id=by_id, version=version):
        if sale.stage != Stage.OPEN:
            raise Outdated(_("This sale is decided already."))
        said = said_of(sale)
        said.stage, said.closed_on, said.lost_reason = stage, on or clock.today(), lost_reason
        said.amount = amount if amount is not None else sale.amount
        put(sale, said, sale.customer_id)
        db.session.flush()
        credit.write(sale, credit.shares_of(sale.id))
    return sale


@atomic
@adjustable(asking.advanced)
def advance_sale(
    sale: Sale,
    *,
    by_id: int | None,
    version: int | None = None,
    reason: str | None = None,
    **steps: Any,
) -> Sale:
    """Say what came after the win: `PROCESS` dates, cancelled_on, satisfaction."""
    unknown = steps.keys() - {*PROCESS, "cancelled_on", "satisfaction"}
    if unknown:
        raise TypeError(f"not a step: {sorted(unknown)}")
    with changing(sale, "sale.advanced", by_id=by_id, version=version, reason=reason):
        said = said_of(sale)
        if said.stage != Stage.WON:
            raise Outdated(_("Only a won sale goes on."))
        for name, value in steps.items():
            setattr(said, name, value)
        put(sale, said, sale.customer_id)
    return sale


@atomic
@adjustable(asking.voided)
def void_sale(sale: Sale, *, by_id: int | None, reason: str, version: int | None = None) -> Sale:
    """A sale that was recorded by mistake counts nowhere any more and stays in the history."""
    reason = _reason(reason)
    with changing(sale, "sale.voided", by_id=by_id, reason=reason, version=version):
        sale.voided_at = sale.voided_at or clock.now()
    return sale


@atomic
@adjustable(asking.restored)
def restore_sale(sale: Sale, *, by_id: int | None, reason: str, version: int | None = None) -> Sale:
    reason = _reason(reason)
    with changing(sale, "sale.restored", by_id=by_id, reason=reason, version=version):
        sale.voided_at = None
    return sale


@atomic
@adjustable(asking.credited)
def set_credits(
    sale: Sale,
    shares: Mapping[int, int],
    *,
    by_id: int | None,
    reason: str | None = None,
    version: int | None = None,
) -> Sale:
    """Split the credit: person -> hundredths of a per cent, adding up to 10000."""
    credit.check(shares)
    with changing(sale, "sale.credited", by_id=by_id, reason=reason, version=version):
        credit.write(sale, shares)
    return sale


@atomic
def undo(sale: Sale, *, by_id: int) -> Sale:
    """Take back what this person did to the sale within the last minute. Raises TooLate otherwise."""
    last = db.session.scalars(
        select(SaleVersion)
        .where(SaleVersion.sale_id == sale.id)
        .order_by(SaleVersion.version.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        if sale.created_by_id != by_id or clock.now() - sale.created_at > UNDO:
            raise TooLate
        return void_sale(sale, by_id=by_id, reason=_("Undone"), version=1)
    if last.by_id != by_id or clock.now() - last.at > UNDO:
        raise TooLate
    kept = last.before.get("customer_id")
    rates.hold(last.before.get("currency"))
    with changing(
        sale,
        "sale.undone",
        by_id=by_id,
        reason=_("Undone"),
        version=last.version + 1,
        customers=[kept] if kept else [],
    ):
        history.put_back(sale, last.before)
        told = rates.worth(sale.amount, sale.currency, rates.dated_on(sale))  # rates may have changed since
        sale.rate, sale.value = told.rate, told.value
        db.session.flush()
        shares = {part["person_id"]: part["share"] for part in last.before.get("credits", ())}
        credit.write(sale, shares or credit.shares_of(sale.id))
    return sale


def _steps(sale: Sale) -> list[date | None]:
    return [getattr(sale, name) for name in (*PROCESS, "cancelled_on")]


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Say why: it stays in the history."), "reason")
    return reason.strip()
