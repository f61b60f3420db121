"""The aims of a plan, as the manager changes them."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.coaching.models import Aim, Plan
from app.coaching.plans import aim_words, measures, operations, standing
from app.coaching.plans.measures import Measured
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db

MOST = 5
BACK = 13 * 7
"""Days over which an aim that is set by hand finds where it starts."""


@atomic
def change_aim(plan_id: int, aim_id: int, *, by: Viewer, version: int, aims_at: Decimal, by_on: date) -> Aim:
    plan = operations.lock_led(plan_id, by, version)
    aim = _aim_in(plan, aim_id)
    _check(plan, measures.of(aim), aim.starts_at, aims_at, by_on)
    if (aim.aims_at, aim.by_on) == (aims_at, by_on):
        return aim
    aim.aims_at, aim.by_on = aims_at, by_on
    aim.reason = {**aim.reason, "by_hand": True}
    _changed(plan, "aim_changed", aim, by)
    return aim


@atomic
def add_aim(plan_id: int, what: Measured, *, by: Viewer, version: int, aims_at: Decimal, by_on: date) -> Aim:
    """It starts at what the person came to in the last quarter of a year."""
    plan = operations.lock_led(plan_id, by, version)
    others = standing.whole(plan).aims
    if len(others) >= MOST:
        raise Conflict(_("A plan with more aims has none. Drop one first."))
    if what.key in {measures.of(other).key for other in others}:
        raise Invalid(_("The plan has this aim already."), "what")
    starts_at = now(what, plan.person_id)
    _check(plan, what, starts_at, aims_at, by_on)
    aim = Aim(
        plan_id=plan.id,
        position=1 + max((other.position for other in others), default=0),
        measure=what.measure,
        metric_id=what.metric.id if what.metric else None,
        product_id=what.product_id,
        starts_at=starts_at,
        aims_at=aims_at,
        from_on=clock.today(),
        by_on=by_on,
        reason={"by_hand": True},
    )
    aim.metric = what.metric
    db.session.add(aim)
    _changed(plan, "aim_added", aim, by)
    return aim


@atomic
def drop_aim(plan_id: int, aim_id: int, *, by: Viewer, version: int) -> Plan:
    plan = operations.lock_led(plan_id, by, version)
    aim = _aim_in(plan, aim_id)
    _changed(plan, "aim_dropped", aim, by)
    db.session.delete(aim)
    return plan


def now(what: Measured, person_id: int) -> Decimal:
    """What somebody has come to lately; nought where there is nothing."""
    today = clock.today()
    start = date.fromordinal(today.toordinal() - BACK + 1)
    said = measures.as_said(what, measures.value_for(what, start, today, person_id), start, today)
    return (said or Decimal(0)).quantize(Decimal("0.0001"))


def _aim_in(plan: Plan, aim_id: int) -> Aim:
    aim = db.session.scalars(
        select(Aim).where(Aim.id == aim_id, Aim.plan_id == plan.id).options(joinedload(Aim.metric))
    ).one_or_none()
    if aim is None:
        raise NotFound
    return aim


def _check(plan: Plan, what: Measured, starts_at: Decimal, aims_at: Decimal, by_on: date) -> None:
    if aims_at <= 0:
        raise Invalid(_("An aim is more than zero."), "aims_at")
    is_ahead = aims_at > starts_at if what.is_higher_better else aims_at < starts_at
    if not is_ahead:
        said = measures.words(starts_at, what)
        raise Invalid(_("It starts at %(figure)s: aim beyond that.", figure=said), "aims_at")
    if not clock.today() < by_on <= plan.ends_on:
        raise Invalid(_("Choose a day to come, within the plan."), "by_on")


def _changed(plan: Plan, name: str, aim: Aim, by: Viewer) -> None:
    product = standing.product_names({aim.product_id}).get(aim.product_id or 0) if aim.product_id else None
    details: dict[str, Any] = {"titles": aim_words.titles_of(aim, product)}
    operations.note_change(plan, name, by=by, **details)
