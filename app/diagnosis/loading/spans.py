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
_DECIDED = 2  # and the first decision may fall in its first half: what was over before is not recorded


def spans_of(period: Period) -> tuple[Span, tuple[Span, ...], Span | None]:
    """This period, up to five before it that have records (the oldest first), and last year's if it is
    not among them."""
    begun, decided = first_known_day(), first_decision()

    def is_recorded(span: Span) -> bool:
        """Whole enough to compare with. An export of sales decided since March has the leads of January, but
        only those that were still open in March."""
        return (
            begun is not None
            and (begun - span.first).days * _LATE <= span.days
            and (decided is None or (decided - span.first).days * _DECIDED <= span.days)
        )

    before = []
    for number in range(1, MOST + 1):
        span = Span(*earlier(period.kind.value, period.starts_on, number))
        if not is_recorded(span):
            break
        before.append(span)
    now = Span(period.starts_on, period.ends_on)
    last_year = Span(*year_before(period.kind.value, period.starts_on))
    known = is_recorded(last_year) and last_year not in before
    return now, tuple(reversed(before)), last_year if known else None


def first_known_day() -> date | None:
    """On which a sale was opened or decided first."""
    return _day("SELECT least(min(opened_on), min(closed_on)) FROM sales WHERE voided_at IS NULL", {})


def first_decision() -> date | None:
    """On which a sale was won or lost first."""
    return _day("SELECT min(closed_on) FROM sales WHERE voided_at IS NULL", {})


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
