"""What somebody was kept from by closed days, kept for them to ask for it with a reason."""

from datetime import timedelta

from sqlalchemy import delete, or_, select

from app.core import clock
from app.core.errors import NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.goals import news
from app.goals.models import Adjustment, AdjustmentStatus, Period, PeriodStatus
from app.sales.closed_days import ClosedDay

DRAFTS_LAST = timedelta(days=30)
"""How long what somebody was kept from waits for them to ask for it."""


@atomic
def keep_draft(error: ClosedDay, *, by: int) -> Adjustment:
    """What somebody was kept from, as they said it; the same again is the same draft."""
    asked = error.asked
    if asked is None:
        raise NotFound
    same = select(Adjustment).where(
        Adjustment.author_id == by,
        Adjustment.status == AdjustmentStatus.DRAFT,
        Adjustment.action == asked.action,
        Adjustment.subject_id.is_not_distinct_from(asked.subject_id),
        Adjustment.subject_version.is_not_distinct_from(asked.version),
        Adjustment.change == asked.change,
    )
    found = db.session.scalars(same.order_by(Adjustment.id).limit(1)).one_or_none()
    if found is not None:
        return found
    draft = Adjustment(
        period_id=error.period_id or _period_of(error),
        action=asked.action,
        subject_id=asked.subject_id,
        subject_version=asked.version,
        person_id=asked.person_id,
        change=asked.change,
        days=error.days,
        author_id=by,
    )
    db.session.add(draft)
    db.session.flush()
    news.targets_stand()
    return draft


def _period_of(error: ClosedDay) -> int:
    """The shortest closed period that the change touches."""
    touched = or_(*((Period.starts_on <= day) & (Period.ends_on >= day) for day in error.days))
    return db.session.scalars(
        select(Period.id)
        .where(Period.status == PeriodStatus.CLOSED, touched)
        .order_by(Period.ends_on - Period.starts_on, Period.starts_on, Period.id)
        .limit(1)
    ).one()


@atomic
def forget_drafts() -> int:
    """Drafts that nobody asked for in time go; returns how many."""
    gone = db.session.execute(
        delete(Adjustment)
        .where(Adjustment.status == AdjustmentStatus.DRAFT, Adjustment.created_at < clock.now() - DRAFTS_LAST)
        .execution_options(synchronize_session=False)
    )
    if number := int(getattr(gone, "rowcount", 0)):
        news.targets_stand()
    return number


@atomic
def drop_draft(adjustment_id: int, *, by: int) -> None:
    """Throw one's own draft away; a second time changes nothing."""
    adjustment = db.session.get(Adjustment, adjustment_id, with_for_update=True)
    if adjustment is None:
        return
    if adjustment.author_id != by or adjustment.status is not AdjustmentStatus.DRAFT:
        raise NotFound
    db.session.delete(adjustment)
