"""Periods are made ahead, and back to where the records begin; nobody has to think of it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.goals.fiscal import KINDS, Span, parse_key, span_of, spans_between
from app.goals.models import Goal, Period, PeriodStatus
from app.people import company
from app.sales.models import Activity, Sale

LONGEST = 60
"""Years back that an import's oldest date is believed."""


def fiscal_start() -> int:
    settings = company.settings()
    return settings.fiscal_start_month if settings else 1


@atomic
def ensure_periods() -> int:
    """Make the missing periods from the first record to the end of the next year; returns how many.

    Quarters and years of an earlier fiscal calendar go as long as no goal stands in them.
    """
    today = clock.today()
    start = fiscal_start()
    first = max(min(first_record_on() or today, date(today.year - 1, 1, 1)), date(today.year - LONGEST, 1, 1))
    last = date(today.year + 1, 12, 31)
    wanted = [span for kind in KINDS for span in spans_between(kind, first, last, start)]
    removed = _remove_misfits(start)
    made = _insert(wanted)
    if made or removed:
        changes.announce("periods")
    return made


@atomic
def period_by_key(key: str) -> Period | None:
    """The period of a key, made now if it is not there yet; None for what is no key."""
    found = db.session.scalars(select(Period).where(Period.key == key)).one_or_none()
    if found is not None:
        return found
    span = parse_key(key, fiscal_start())
    today = clock.today()
    if span is None or not today.year - LONGEST <= span.starts_on.year <= today.year + 2:
        return None
    if _insert([span]):
        changes.announce("periods")
    return db.session.scalars(select(Period).where(Period.key == key)).one_or_none()


def first_record_on() -> date | None:
    """The earliest day on which anything was sold or done."""
    row = db.session.execute(
        select(
            select(func.min(Sale.closed_on)).scalar_subquery(),
            select(func.min(Activity.happened_on)).scalar_subquery(),
        )
    ).one()
    return min((day for day in row if day is not None), default=None)


def _insert(spans: Iterable[Span]) -> int:
    rows = [
        {"kind": span.kind, "key": span.key, "starts_on": span.starts_on, "ends_on": span.ends_on}
        for span in spans
    ]
    # Whoever makes the same period at the same time wins; the other takes theirs.
    made = db.session.execute(insert(Period).on_conflict_do_nothing().returning(Period.id), rows)
    return len(made.all())


def _remove_misfits(start: int) -> int:
    rows = db.session.execute(
        select(Period.id, Period.kind, Period.starts_on).where(Period.status == PeriodStatus.OPEN)
    )
    odd = [key for key, kind, day in rows if span_of(kind.value, day, start).starts_on != day]
    if not odd:
        return 0
    gone = db.session.execute(
        delete(Period)
        .where(Period.id.in_(odd), ~exists().where(Goal.period_id == Period.id))
        .returning(Period.id)
    )
    return len(gone.all())
