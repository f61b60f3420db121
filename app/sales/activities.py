"""Calls, meetings and demos."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import literal, select

from app.core import audit, clock, idempotency
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.sales import asking
from app.sales.closed_days import adjustable
from app.sales.credit import team_then
from app.sales.customers import key_of, tidy
from app.sales.models import Activity, ActivityKind, Customer, Sale
from app.sales.recording import check_open, recording_activities
from app.sales.repeated import made_before


@atomic
@adjustable(asking.activity_recorded)
def record_activity(
    kind: ActivityKind,
    *,
    person_id: int,
    by_id: int | None,
    on: date | None = None,
    customer: str = "",
    sale: Sale | None = None,
    note: str | None = None,
    key: UUID | None = None,
) -> Activity:
    """The same key a second time returns the activity of the first (see `repeated`)."""
    earlier = made_before(Activity, "activity.voided", key, by_id)
    if earlier is not None:
        return earlier
    on = on or clock.today()
    if on > clock.today():
        raise Invalid(_("That day is still to come."), "happened_on")
    check_open([on])
    customer_id = sale.customer_id if sale else None
    if tidy(customer):
        customer_id = key_of(Customer, customer)
    with recording_activities() as touched:
        activity = Activity(
            kind=kind,
            person_id=person_id,
            team_id=db.session.scalar(select(team_then(literal(person_id), literal(on)))),
            customer_id=customer_id,
            sale_id=sale.id if sale else None,
            happened_on=on,
            note=note or None,
        )
        db.session.add(activity)
        db.session.flush()
        touched.add(activity.id)
    audit.record("activity.recorded", activity, actor_id=by_id, kind=kind.value)
    if key is not None and by_id is not None:
        idempotency.settle(key, activity.id)
    return activity


@atomic
@adjustable(asking.activity_voided)
def void_activity(activity: Activity, *, by_id: int | None) -> Activity:
    db.session.refresh(activity, with_for_update=True)
    if activity.voided_at is None:
        check_open([activity.happened_on])
        with recording_activities([activity.id]):
            activity.voided_at = clock.now()
        audit.record("activity.voided", activity, actor_id=by_id)
    return activity
