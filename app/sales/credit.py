"""Whose result a sale is: shares of the whole, values without remainder, the team of the day."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from app.core import clock, money
from app.core.errors import Invalid
from app.extensions import db
from app.people.models import Person
from app.people.queries import team_on_expression
from app.sales.models import Sale, SaleCredit
from app.sales.rates import dated_on
from app.sales.recording import Keys

WHOLE = 10_000


def check(shares: Mapping[int, int]) -> None:
    """Shares are hundredths of a per cent; raises Invalid unless they make a whole."""
    if not shares:
        raise Invalid(_("Somebody must get the credit."), "credits")
    if any(share <= 0 for share in shares.values()):
        raise Invalid(_("Each share must be more than nothing."), "credits")
    if sum(shares.values()) != WHOLE:
        raise Invalid(_("The shares must add up to 100 %."), "credits")


def share_out(value: int | None, shares: Mapping[int, int]) -> dict[int, int | None]:
    """Each person's part of the value: largest remainder, the larger share first, then the lower key."""
    order = sorted(shares, key=lambda person: (-shares[person], person))
    if value is None:
        return dict.fromkeys(order)
    return dict(zip(order, money.allocate(value, [shares[person] for person in order]), strict=True))


def team_then(person_id: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[int | None]:
    """As `people.queries.team_on`, in SQL."""
    today = select(Person.team_id).where(Person.id == person_id).scalar_subquery()
    return func.coalesce(team_on_expression(person_id, day), today)


def parts_of(sale: Sale, shares: Mapping[int, int]) -> dict[int, int | None]:
    """Whose part of the sale is worth what; raises Invalid where they do not make a whole."""
    check(shares)
    parts = share_out(sale.value, shares)
    if len(parts) > 1 or sale.rep_id not in parts:
        known = set(db.session.scalars(select(Person.id).where(Person.id.in_(parts))))
        if known != set(parts):
            raise Invalid(_("Choose people of this company."), "credits")
    return parts


def write(sale: Sale, shares: Mapping[int, int]) -> None:
    """Replace a sale's credits; the sale is flushed, its day and value are known."""
    parts, day = parts_of(sale, shares), dated_on(sale)
    db.session.execute(
        delete(SaleCredit).where(SaleCredit.sale_id == sale.id).execution_options(synchronize_session=False)
    )
    db.session.execute(
        insert(SaleCredit).values(
            [
                {
                    "sale_id": sale.id,
                    "person_id": person_id,
                    "share": shares[person_id],
                    "value": value,
                    "team_id": team_then(literal(person_id), literal(day)),
                }
                for person_id, value in parts.items()
            ]
        )
    )
    db.session.expire(sale, ["credits"])


def shares_of(sale_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(SaleCredit.person_id, SaleCredit.share).where(SaleCredit.sale_id == sale_id)
    )
    return dict(rows.all())


def reallocate(sale_ids: Keys) -> None:
    """Set-based `share_out` and teams, where value or day has changed: the same parts to the unit."""
    size = func.abs(Sale.value)
    whole = size * SaleCredit.share // WHOLE
    part = (
        select(
            SaleCredit.sale_id,
            SaleCredit.person_id,
            SaleCredit.share,
            func.sign(Sale.value).label("sign"),
            whole.label("whole"),
            (size * SaleCredit.share % WHOLE).label("remainder"),
            (size - func.sum(whole).over(partition_by=SaleCredit.sale_id)).label("left"),
            func.row_number()
            .over(
                partition_by=SaleCredit.sale_id,
                order_by=(
                    (size * SaleCredit.share % WHOLE).desc(),
                    SaleCredit.share.desc(),
                    SaleCredit.person_id,
                ),
            )
            .label("place"),
            func.coalesce(Sale.closed_on, Sale.opened_on, literal(clock.today())).label("day"),
        )
        .join(Sale, Sale.id == SaleCredit.sale_id)
        .where(Sale.id.in_(sale_ids))
        .subquery()
    )
    value = part.c.sign * (part.c.whole + case((part.c.place <= part.c.left, 1), else_=0))
    db.session.execute(
        update(SaleCredit)
        .where(and_(SaleCredit.sale_id == part.c.sale_id, SaleCredit.person_id == part.c.person_id))
        .values(value=cast(value, BigInteger), team_id=team_then(part.c.person_id, part.c.day))
        .execution_options(synchronize_session=False)
    )
