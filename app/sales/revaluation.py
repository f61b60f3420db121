"""Exchange rates, and the sales that are worth something else when one changes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Numeric,
    Row,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core import audit, clock, money
from app.core.errors import Invalid, NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.people.company import the_company
from app.sales import asking, counted_days, credit, first_sales, rates
from app.sales.closed_days import adjustable
from app.sales.history import plain
from app.sales.models import ExchangeRate, Sale, SaleVersion
from app.sales.recording import Keys, check_open, keys_of, recording


@adjustable(asking.rate_set)
@atomic
def set_rate(currency: str, starts_on: date, rate: Decimal, *, by_id: int | None) -> int:
    """Say what one unit of a currency is worth from a day on, and revalue the sales of those days.

    Returns how many sales are worth something else now. Raises Invalid with the field, ClosedDay when one of
    them counts in a closed period.
    """
    _check(currency, rate)
    rates.change(currency)
    db.session.execute(
        upsert(ExchangeRate)
        .values(currency=currency, starts_on=starts_on, rate=rate)
        .on_conflict_do_update(index_elements=["currency", "starts_on"], set_={"rate": rate})
    )
    changed = _revalue(currency, starts_on, by_id)
    audit.record(
        "rate.set",
        None,
        actor_id=by_id,
        currency=currency,
        starts_on=starts_on.isoformat(),
        rate=str(rate),
        revalued=changed,
    )
    return changed


@adjustable(asking.rate_removed)
@atomic
def remove_rate(currency: str, starts_on: date, *, by_id: int | None) -> int:
    """Forget a rate: the one before it goes on. Refused while sales have no other rate."""
    rates.change(currency)
    stmt = select(ExchangeRate).where(ExchangeRate.currency == currency, ExchangeRate.starts_on == starts_on)
    rate = db.session.scalars(stmt).one_or_none()
    if rate is None:
        raise NotFound
    is_needed = db.session.scalar(
        select(
            ~select(ExchangeRate.id)
            .where(ExchangeRate.currency == rate.currency, ExchangeRate.starts_on < rate.starts_on)
            .exists()
            & select(Sale.id).where(Sale.currency == rate.currency, _from(rate.starts_on)).exists()
        )
    )
    if is_needed:
        raise Invalid(_("Sales in %(currency)s need this rate.", currency=rate.currency))
    db.session.delete(rate)
    db.session.flush()
    changed = _revalue(rate.currency, rate.starts_on, by_id)
    audit.record(
        "rate.removed",
        None,
        actor_id=by_id,
        currency=rate.currency,
        starts_on=rate.starts_on.isoformat(),
        rate=str(rate.rate),
        revalued=changed,
    )
    return changed


def _counted_days(ids: Sequence[int]) -> counted_days.Counted:
    """Where sales count by what they are worth, by whatever day."""
    rows = "sales AS s JOIN unnest(%(ids)s::bigint[]) AS k (id) ON k.id = s.id"
    return counted_days.of_rows(rows, {"value": "true", "rate": "true"}, was=None, now="s", ids=list(ids))


def _said(keys: Keys) -> Sequence[Row[int, int, Decimal, int | None]]:
    return db.session.execute(
        select(Sale.id, Sale.version, Sale.rate, Sale.value).where(Sale.id.in_(keys)).order_by(Sale.id)
    ).all()


def _check(currency: str, rate: Decimal) -> None:
    if currency == the_company().currency:
        raise Invalid(_("That is the company's own currency."), "currency")
    try:
        money.precision(currency)
    except money.AmountError:
        raise Invalid(_("Write a currency's three letters, like EUR."), "currency") from None
    if not 0 < rate < 10**9:
        raise Invalid(_("A rate is more than nothing."), "rate")


def _from(starts_on: date) -> ColumnElement[bool]:
    return _dated() >= starts_on


def _dated() -> ColumnElement[date]:
    return func.coalesce(Sale.closed_on, Sale.opened_on, literal(clock.today()))


def _rate() -> ColumnElement[Decimal]:
    return (
        select(ExchangeRate.rate)
        .where(ExchangeRate.currency == Sale.currency, ExchangeRate.starts_on <= _dated())
        .order_by(ExchangeRate.starts_on.desc())
        .limit(1)
        .correlate(Sale)
        .scalar_subquery()
    )


def _converted(currency: str) -> ColumnElement[int]:
    """`money.convert` in SQL: rounded once, half to even."""
    own = the_company().currency
    shift = Decimal(10) ** (money.precision(own) - money.precision(currency))
    exact = cast(Sale.amount, Numeric) * Sale.rate * literal(shift, Numeric)
    floor = func.floor(exact)
    rest = exact - floor
    up = case((rest > Decimal("0.5"), 1), (rest < Decimal("0.5"), 0), else_=cast(floor % 2, Integer))
    return cast(floor + up, BigInteger)


def _revalue(currency: str, since: date, by_id: int | None) -> int:
    """Bring the sales from a day on to their rates. All rows that change are locked first, in order."""
    affected = select(Sale.id).where(
        Sale.currency == currency, _from(since), Sale.rate.is_distinct_from(_rate())
    )
    ids = list(db.session.scalars(affected.order_by(Sale.id).with_for_update(key_share=True, of=Sale)))
    if not ids:
        return 0
    keys = keys_of(ids)
    days = db.session.scalars(select(Sale.closed_on).where(Sale.id.in_(keys)).distinct())
    check_open(days.all(), _counted_days(ids))
    first_sales.lock(select(Sale.customer_id).where(Sale.id.in_(keys), Sale.customer_id.is_not(None)))
    before = {row.id: row for row in _said(keys)}
    with recording(keys):
        db.session.execute(
            update(Sale)
            .where(Sale.id.in_(keys))
            .values(rate=_rate())
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            update(Sale)
            .where(Sale.id.in_(keys))
            .values(
                value=case((Sale.amount.is_(None), null()), else_=_converted(currency)),
                version=Sale.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
        credit.reallocate(keys)
    db.session.execute(
        insert(SaleVersion),
        [
            {
                "sale_id": now.id,
                "version": now.version - 1,
                "before": {"rate": plain(before[now.id].rate), "value": before[now.id].value},
                "after": {"rate": plain(now.rate), "value": now.value},
                "reason": None,
                "by_id": by_id,
            }
            for now in _said(keys)
        ],
    )
    return len(ids)
