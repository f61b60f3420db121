"""Amounts that came before anybody said in which currency they are."""

from sqlalchemy import update

from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.sales.models import Product, Sale


@atomic
def in_another_currency(before: str, now: str) -> None:
    """What was taken to be in `before` is in `now`, which has as many decimals: no figure changes."""
    for table in (Product, Sale):
        db.session.execute(update(table).where(table.currency == before).values(currency=now))
    changes.announce("sales")
