"""What was asked for while days were closed is done, by its author, at the version that they saw."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.errors import Conflict, NotFound
from app.extensions import db
from app.sales import activities, asking, operations, rates, revaluation
from app.sales.closed_days import Asked
from app.sales.models import Activity, ActivityKind, Sale, Stage

Change = Mapping[str, Any]


def perform(asked: Asked, *, by_id: int) -> None:
    """Raises Outdated where the sale has another version by now, and whatever its operation raises."""
    PERFORM[asked.action](asked, asked.change, by_id)


def sale_of(asked: Asked) -> Sale:
    found = db.session.get(Sale, asked.subject_id)
    if found is None:
        raise NotFound
    return found


def _record(asked: Asked, change: Change, by_id: int) -> None:
    operations.record_sale(
        asking.read(change["said"]),
        rep_id=change["rep_id"],
        by_id=by_id,
        shares=asking.read_shares(change["shares"]),
        source=change["source"],
        external_id=change["external_id"],
    )


def _correct(asked: Asked, change: Change, by_id: int) -> None:
    operations.correct_sale(
        sale_of(asked),
        asking.read(change["said"]),
        by_id=by_id,
        reason=change["reason"],
        version=asked.version,
        rep_id=change["rep_id"],
    )


def _decide(asked: Asked, change: Change, by_id: int) -> None:
    operations.decide_sale(
        sale_of(asked),
        Stage(change["stage"]),
        by_id=by_id,
        on=asking.day(change["on"]),
        amount=change["amount"],
        lost_reason=change["lost_reason"],
        version=asked.version,
    )


def _advance(asked: Asked, change: Change, by_id: int) -> None:
    steps = {
        name: asking.day(value) if name.endswith("_on") else value for name, value in change["steps"].items()
    }
    operations.advance_sale(
        sale_of(asked), by_id=by_id, version=asked.version, reason=change["reason"], **steps
    )


def _void(asked: Asked, change: Change, by_id: int) -> None:
    operations.void_sale(sale_of(asked), by_id=by_id, reason=change["reason"], version=asked.version)


def _restore(asked: Asked, change: Change, by_id: int) -> None:
    operations.restore_sale(sale_of(asked), by_id=by_id, reason=change["reason"], version=asked.version)


def _credit(asked: Asked, change: Change, by_id: int) -> None:
    operations.set_credits(
        sale_of(asked),
        asking.read_shares(change["shares"]) or {},
        by_id=by_id,
        reason=change["reason"],
        version=asked.version,
    )


def _record_activity(asked: Asked, change: Change, by_id: int) -> None:
    sale = db.session.get(Sale, change["sale_id"]) if change["sale_id"] else None
    activities.record_activity(
        ActivityKind(change["kind"]),
        person_id=asked.person_id or by_id,
        by_id=by_id,
        on=asking.day(change["on"]),
        customer=change["customer"],
        sale=sale,
        note=change["note"],
    )


def _set_rate(asked: Asked, change: Change, by_id: int) -> None:
    starts_on = _unchanged_rate(change)
    revaluation.set_rate(change["currency"], starts_on, Decimal(change["rate"]), by_id=by_id)


def _remove_rate(asked: Asked, change: Change, by_id: int) -> None:
    revaluation.remove_rate(change["currency"], _unchanged_rate(change), by_id=by_id)


def _unchanged_rate(change: Change) -> date:
    starts_on = date.fromisoformat(change["starts_on"])
    rates.change(change["currency"])
    if asking.rate_said(change["currency"], starts_on) != change["was"]:
        raise Conflict(_("Somebody else has changed this rate in the meantime."))
    return starts_on


def _void_activity(asked: Asked, change: Change, by_id: int) -> None:
    activity = db.session.get(Activity, asked.subject_id)
    if activity is None:
        raise NotFound
    activities.void_activity(activity, by_id=by_id)


PERFORM: dict[str, Callable[[Asked, Change, int], None]] = {
    "sale.recorded": _record,
    "sale.corrected": _correct,
    "sale.decided": _decide,
    "sale.advanced": _advance,
    "sale.voided": _void,
    "sale.restored": _restore,
    "sale.credited": _credit,
    "activity.recorded": _record_activity,
    "activity.voided": _void_activity,
    "rate.set": _set_rate,
    "rate.removed": _remove_rate,
}
