"""Lists in pages of a stated size; a page costs what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from app.extensions import db

T = TypeVar("T")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_of(stmt: Select[Any], number: int, size: int = SIZE) -> Page[Any]:
    """One page of a select of single entities or values; it must have a total order."""
    number = max(1, number)
    rows = db.session.scalars(stmt.limit(size + 1).offset((number - 1) * size)).all()
    return Page(rows[:size], number, len(rows) > size)


def page_of_rows(stmt: Select[Any], number: int, size: int = SIZE) -> Page[Any]:
    """The same for a select of several columns."""
    number = max(1, number)
    rows = db.session.execute(stmt.limit(size + 1).offset((number - 1) * size)).all()
    return Page(rows[:size], number, len(rows) > size)
