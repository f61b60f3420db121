"""What a sale in another currency is worth in the company's, by the rate of its day.

Who writes such a sale holds the currency's rates still until the commit (`hold`), and who changes them waits
for all who do: else a sale that is on its way would miss the change. The lock comes before those of sales.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select, text

from app.core import clock, money
from app.core.errors import Invalid
from app.core.formats import day as format_day
from app.extensions import db
from app.people.company import the_company
from app.sales.models import ExchangeRate, Sale

_HELD = text("SELECT pg_advisory_xact_lock_shared(hashtext('exchange rates'), hashtext(:currency))")
_HELD_ALL = text(
    """SELECT pg_advisory_xact_lock_shared(hashtext('exchange rates'), hashtext(currency))
       FROM (SELECT DISTINCT currency FROM exchange_rates ORDER BY currency) AS known"""
)
_CHANGED = text("SELECT pg_advisory_xact_lock(hashtext('exchange rates'), hashtext(:currency))")


def hold(currency: str | None) -> None:
    """Keep a currency's rates as they are until the transaction ends. The company's own has none."""
    if currency and currency != the_company().currency:
        db.session.execute(_HELD, {"currency": currency})


def hold_all() -> None:
    """Keep all rates as they are: for a bulk of sales."""
    db.session.execute(_HELD_ALL)


def change(currency: str) -> None:
    """Keep everybody else from a currency's rates; those who hold them have committed afterwards."""
    db.session.execute(_CHANGED, {"currency": currency})


def dated_on(sale: Sale) -> date:
    """The day whose rate and team a sale takes: decided, else opened, else today."""
    return sale.closed_on or sale.opened_on or clock.today()


def rate_on(currency: str, day: date) -> Decimal:
    """Units of the company's currency for one of `currency`, held. Raises Invalid when none is known yet."""
    if currency == the_company().currency:
        return Decimal(1)
    hold(currency)
    rate = db.session.scalar(
        select(ExchangeRate.rate)
        .where(ExchangeRate.currency == currency, ExchangeRate.starts_on <= day)
        .order_by(ExchangeRate.starts_on.desc())
        .limit(1)
    )
    if rate is None:
        raise Invalid(
            _(
                "There is no rate from %(currency)s to %(company)s for %(day)s. An administrator can add it.",
                currency=currency,
                company=the_company().currency,
                day=format_day(day),
            ),
            "currency",
        )
    return rate


MOST = 9 * 10**14  # times a share of 10000 it still fits a bigint


@dataclass(frozen=True, slots=True)
class Worth:
    rate: Decimal
    value: int | None


def worth(amount: int | None, currency: str, day: date) -> Worth:
    rate = rate_on(currency, day)
    if amount is None:
        return Worth(rate, None)
    value = money.convert(amount, currency, rate, the_company().currency)
    if max(amount, value) > MOST:
        raise Invalid(_("That is more than fits."), "amount")
    return Worth(rate, value)
