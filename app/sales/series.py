"""A product comes to another series: it counts there from the day after the last closed one on.

What closed periods came to stands, their boards included, so on the days up to then it counts where it did.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.extensions import db
from app.sales.models import FormerSeries, Product, Sale
from app.sales.recording import closed_among, series_changed

AHEAD = 400  # days: a period may be closed before it is over


def series_on(day: SQLColumnExpression[date]) -> ColumnElement[str]:
    """What a product of another select belonged to on a day."""
    return func.series_of(Product.id, Product.series, day, type_=Text())


def products_moved(was: Mapping[int, str | None]) -> None:
    """Say where some products belonged before, in the operation that moves them."""
    if not was:
        return
    db.session.flush()
    if (until := _last_closed_day()) is not None:
        for product_id, series in was.items():
            _keep(product_id, series or "", until)
    series_changed()


def _keep(product_id: int, series: str, until: date) -> None:
    known = exists().where(FormerSeries.product_id == product_id, FormerSeries.until_on >= until)
    if not db.session.scalar(select(known)):
        row = {"product_id": product_id, "until_on": until, "series": series}
        db.session.execute(insert(FormerSeries).values(row).on_conflict_do_nothing())


def _last_closed_day() -> date | None:
    """The periods of all days with sales stay as they are until the operation ends."""
    first = db.session.execute(select(func.min(Sale.opened_on), func.min(Sale.closed_on))).one()
    if not (days := [day for day in first if day is not None]):
        return None
    begins, number = min(days), (clock.today() - min(days)).days + AHEAD
    return max(closed_among(begins + timedelta(days=each) for each in range(number)), default=None)
