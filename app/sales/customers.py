"""Customers and lead sources are found by name, or made: once, however many ask for them at once."""

from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.sales.models import Customer, LeadSource

Named = TypeVar("Named", Customer, LeadSource)


def tidy(name: str) -> str:
    """Without spaces at the ends or doubled inside."""
    return " ".join(name.split())


def find_or_make(kind: type[Named], name: str) -> Named:
    """The row of that name in any capitals; the first one to say it decides how it is written."""
    name = tidy(name)
    same = select(kind).where(func.lower(kind.name) == func.lower(name))
    found = db.session.scalars(same).one_or_none()
    if found is None:
        made = insert(kind).values(name=name).on_conflict_do_nothing().returning(kind)
        found = db.session.scalars(made).one_or_none() or db.session.scalars(same).one()
    return found
