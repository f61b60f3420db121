"""How one sale that exists is changed: in one place, whatever is done to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import audit
from app.core.errors import Conflict, NotFound
from app.extensions import db
from app.sales import counted_days, first_sales, history, rates
from app.sales.models import Sale
from app.sales.recording import check_open, keys_of, recording
from app.sales.said import PROCESS

# A change of these alone does not alter what was won in the month of the win.
AFTERWARDS = frozenset({*PROCESS, "satisfaction", "note", "techniques"})


class Outdated(Conflict):
    """Somebody changed the sale since the form was shown."""


@contextmanager
def changing(
    sale: Sale,
    action: str,
    *,
    by_id: int | None,
    reason: str | None = None,
    version: int | None = None,
    customers: Iterable[int] = (),
) -> Iterator[Sale]:
    """Change one sale: locked, compared, kept in its history, counted anew, audited.

    `customers`: those that the sale may go to, beside its own. What changes nothing leaves no trace.
    """
    rates.hold(sale.currency)
    locked = db.session.scalars(
        select(Sale)
        .where(Sale.id == sale.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if locked is None:
        raise NotFound
    if version is not None and sale.version != version:
        raise Outdated(_("Somebody else changed this sale while you had it open."))
    before = history.said(sale)
    keys = keys_of({*customers, *([sale.customer_id] if sale.customer_id else [])})
    first_sales.lock(keys)
    with recording([sale.id, *_others(keys, [sale.id])]):
        yield sale
        db.session.flush()
        first_sales.mark(keys)
    said = history.said(sale)
    was, now = history.difference(before, said)
    if not was:
        return
    _check_days(before, said, was, now)
    history.keep(sale, was, now, by_id=by_id, reason=reason)
    audit.record(action, sale, actor_id=by_id, changed=sorted(was), reason=reason)


def _check_days(before: history.Said, after: history.Said, was: history.Said, now: history.Said) -> None:
    """A step taken later alters its own day only; anything else alters the day of the decision too.

    Beside these, the days of the metrics that what changes counts for: of a rating, a rate of follow-ups.
    """
    texts = [said.get(name) for said in (was, now) for name in (*PROCESS, "cancelled_on")]
    if not was.keys() <= AFTERWARDS:
        texts += [before["closed_on"], after["closed_on"]]
    days = [date.fromisoformat(text) for text in texts if text]
    changed = set(was)
    if "credits" in was and _parts(was) == _parts(now):
        changed.remove("credits")  # they follow what the sale is worth
    check_open(days, counted_days.of_change(before, after, changed))


def _parts(said: history.Said) -> list[tuple[int, int, int | None]]:
    return [(part["person_id"], part["share"], part["team_id"]) for part in said["credits"]]


def _others(customers: Any, changed: Iterable[int]) -> list[int]:
    return list(db.session.scalars(first_sales.others_first(customers, keys_of(changed))))
