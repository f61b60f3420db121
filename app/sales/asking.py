"""What was to be done to sales and activities, as plain JSON: each function takes what its operation takes.

`performing` does it later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.sales.closed_days import Asked, ClosedDay
from app.sales.models import Activity, ActivityKind, ExchangeRate, Sale, Stage
from app.sales.said import Said

DATES = tuple(field.name for field in fields(Said) if field.name.endswith("_on"))


def plain(said: Said) -> dict[str, Any]:
    found = asdict(said)
    return found | {"stage": said.stage.value} | {name: _text(found[name]) for name in DATES}


def read(change: Mapping[str, Any]) -> Said:
    values = dict(change)
    return Said(**values | {"stage": Stage(values["stage"])} | {name: day(values[name]) for name in DATES})


def recorded(
    said: Said,
    *,
    rep_id: int,
    shares: Mapping[int, int] | None = None,
    source: str = "portal",
    external_id: str | None = None,
    **_: Any,
) -> Asked:
    change = {
        "said": plain(said),
        "rep_id": rep_id,
        "shares": _shares(shares),
        "source": source,
        "external_id": external_id,
    }
    return Asked("sale.recorded", change, person_id=rep_id)


def corrected(sale: Sale, said: Said, *, reason: str, rep_id: int | None = None, **given: Any) -> Asked:
    return _of(sale, "sale.corrected", given, said=plain(said), reason=reason, rep_id=rep_id)


def decided(
    sale: Sale,
    stage: Stage,
    *,
    on: date | None = None,
    amount: int | None = None,
    lost_reason: str | None = None,
    **given: Any,
) -> Asked:
    return _of(
        sale,
        "sale.decided",
        given,
        stage=stage.value,
        on=_text(on or clock.today()),
        amount=amount,
        lost_reason=lost_reason,
    )


def advanced(
    sale: Sale, *, by_id: int | None, version: int | None = None, reason: str | None = None, **steps: Any
) -> Asked:
    told = {name: _text(value) if isinstance(value, date) else value for name, value in steps.items()}
    return _of(sale, "sale.advanced", {"version": version}, steps=told, reason=reason)


def voided(sale: Sale, *, reason: str, **given: Any) -> Asked:
    return _of(sale, "sale.voided", given, reason=reason)


def restored(sale: Sale, *, reason: str, **given: Any) -> Asked:
    return _of(sale, "sale.restored", given, reason=reason)


def credited(sale: Sale, shares: Mapping[int, int], *, reason: str | None = None, **given: Any) -> Asked:
    return _of(sale, "sale.credited", given, shares=_shares(shares), reason=reason)


def activity_recorded(
    kind: ActivityKind,
    *,
    person_id: int,
    on: date | None = None,
    customer: str = "",
    sale: Sale | None = None,
    note: str | None = None,
    **_: Any,
) -> Asked:
    change = {
        "kind": kind.value,
        "on": _text(on or clock.today()),
        "customer": customer,
        "sale_id": sale.id if sale else None,
        "note": note,
    }
    return Asked("activity.recorded", change, person_id=person_id)


def activity_voided(activity: Activity, **_: Any) -> Asked:
    return Asked("activity.voided", {}, subject_id=activity.id, person_id=activity.person_id)


def _of(sale: Sale, action: str, given: Mapping[str, Any], **change: Any) -> Asked:
    version = given.get("version") or sale.version
    return Asked(action, change, subject_id=sale.id, version=version, person_id=sale.rep_id)


def undo_of(import_id: int, days: Iterable[date], period_ids: Sequence[int] = ()) -> ClosedDay:
    """An import that reaches into closed periods is taken back whole, or as its author decides: not half."""
    error = ClosedDay(
        gettext("This import counts in closed periods: nothing of it was taken back."),
        days,
        period_ids[0] if period_ids else None,
    )
    error.asked = Asked("import.undone", {"periods": list(period_ids)}, subject_id=import_id)
    return error


def rate_set(currency: str, starts_on: date, rate: Decimal, **_: Any) -> Asked:
    change = {"currency": currency, "starts_on": starts_on.isoformat(), "rate": str(rate)}
    return Asked("rate.set", change | {"was": rate_said(currency, starts_on)})


def rate_removed(currency: str, starts_on: date, **_: Any) -> Asked:
    change = {"currency": currency, "starts_on": starts_on.isoformat()}
    return Asked("rate.removed", change | {"was": rate_said(currency, starts_on)})


def rate_said(currency: str, starts_on: date) -> str | None:
    """The rate that begins on a day, as text; an adjustment changes the one that its author saw."""
    stmt = select(ExchangeRate.rate).where(
        ExchangeRate.currency == currency, ExchangeRate.starts_on == starts_on
    )
    found = db.session.scalar(stmt)
    return None if found is None else format(found.normalize(), "f")


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _shares(shares: Mapping[int, int] | None) -> dict[str, int] | None:
    return None if shares is None else {str(key): share for key, share in shares.items()}


def read_shares(shares: Mapping[str, int] | None) -> dict[int, int] | None:
    return None if shares is None else {int(key): share for key, share in shares.items()}
