"""Which periods are compared: this one, those of its kind right before, the same season last year."""

from datetime import date
from typing import Any

from sqlalchemy import text

from app.diagnosis.records import Span
from app.extensions import db
from app.goals.fiscal import earlier, year_before
from app.goals.models import Period

MOST = 5  # periods before
_LATE = 4  # records may begin with the first quarter of a period over


def spans_of(period: Period) -> tuple[Span, tuple[Span, ...], Span | None]:
    """This period, up to five before it that have records (the oldest first), and last year's if it is
    not among them."""
    begun = first_known_day()
    before = []
    for number in range(1, MOST + 1):
        span = Span(*earlier(period.kind.value, period.starts_on, number))
        if begun is None or (begun - span.first).days * _LATE > span.days:
            break
        before.append(span)
    now = Span(period.starts_on, period.ends_on)
    last_year = Span(*year_before(period.kind.value, period.starts_on))
    has_last_year = begun is not None and (begun - last_year.first).days * _LATE <= last_year.days
    return now, tuple(reversed(before)), last_year if has_last_year and last_year not in before else None


def first_known_day() -> date | None:
    """On which a sale was opened or decided first."""
    return _day("SELECT least(min(opened_on), min(closed_on)) FROM sales WHERE voided_at IS NULL", {})


def last_known_day(no_later_than: date) -> date | None:
    """On which a sale was opened or decided last."""
    return _day(
        "SELECT greatest("
        "(SELECT max(opened_on) FROM sales WHERE voided_at IS NULL AND opened_on <= :day),"
        "(SELECT max(closed_on) FROM sales WHERE voided_at IS NULL AND closed_on <= :day))",
        {"day": no_later_than},
    )


def _day(statement: str, given: dict[str, Any]) -> date | None:
    found: date | None = db.session.scalar(text(statement), given)
    return found
