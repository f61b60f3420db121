"""Events: how a room above learns of what happened below, at least once.

`record` writes the event in the transaction of the change and queues its delivery there too.
Handlers run in the worker, one transaction each, and must be idempotent: the same event can
come twice. They get the event's id to recognise it by.

What happens to thousands at once is recorded by `record_many`, and delivered in chunks. Who can
take a chunk in one go subscribes with `on_many`.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import jobs
from app.core.models import Model
from app.core.transactions import atomic
from app.extensions import db

Handler = Callable[["Event"], None]
ManyHandler = Callable[[Sequence["Event"]], None]
CHUNK = 500  # events a delivery
_handlers: dict[str, list[Handler]] = defaultdict(list)
_many_handlers: dict[str, list[ManyHandler]] = defaultdict(list)
log = logging.getLogger(__name__)


class Event(Model):
    __tablename__ = "events"

    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


def record(name: str, **payload: Any) -> Event:
    """Write an event and queue its delivery; both belong to the running transaction."""
    event = Event(name=name, payload=payload)
    db.session.add(event)
    db.session.flush()
    jobs.defer("core.deliver_event", event_id=event.id)
    return event


_RECORD_MANY = text(
    """
    INSERT INTO events (name, payload)
    SELECT :name, payload
    FROM jsonb_array_elements(CAST(:payloads AS jsonb)) WITH ORDINALITY AS told (payload, place)
    ORDER BY place RETURNING id
    """
)


def record_many(name: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Write events of one name in one statement, and queue one delivery a chunk of them."""
    if not payloads:
        return
    told = json.dumps([dict(payload) for payload in payloads])
    ids = db.session.scalars(_RECORD_MANY, {"name": name, "payloads": told}).all()
    for start in range(0, len(ids), CHUNK):
        jobs.defer("core.deliver_events", event_ids=list(ids[start : start + CHUNK]))


def on(name: str) -> Callable[[Handler], Handler]:
    """Subscribe a handler. Called where a room is set up, so that nobody below knows of it."""

    def subscribe(handler: Handler) -> Handler:
        if handler not in _handlers[name]:
            _handlers[name].append(handler)
        return handler

    return subscribe


def on_many(name: str) -> Callable[[ManyHandler], ManyHandler]:
    """Subscribe a handler that takes all events of a delivery at once: one of them, or a chunk."""

    def subscribe(handler: ManyHandler) -> ManyHandler:
        if handler not in _many_handlers[name]:
            _many_handlers[name].append(handler)
        return handler

    return subscribe


@jobs.job("core.deliver_event")
def deliver(event_id: int) -> None:
    event = db.session.get(Event, event_id)
    if event is not None:
        _deliver_each(event)
        _deliver_together([event])


@jobs.job("core.deliver_events")
def deliver_many(event_ids: Sequence[int]) -> None:
    """One event that a handler fails on is delivered again by itself, and holds up none of the others."""
    names = db.session.execute(select(Event.name, Event.id).where(Event.id.in_(event_ids)).order_by(Event.id))
    for name, rows in groupby(names.all(), lambda row: row.name):
        ids = [row.id for row in rows]
        if _handlers[name]:
            _again([event_id for event_id in ids if not _is_delivered(event_id)])
        if _many_handlers[name]:
            _deliver_together(
                db.session.scalars(select(Event).where(Event.id.in_(ids)).order_by(Event.id)).all()
            )


def _is_delivered(event_id: int) -> bool:
    try:
        _deliver_each(db.session.get_one(Event, event_id))
    except Exception:
        db.session.rollback()
        log.exception("event %s is delivered again", event_id)
        return False
    return True


@atomic
def _again(event_ids: Sequence[int]) -> None:
    for event_id in event_ids:
        jobs.defer("core.deliver_event", event_id=event_id)


def _deliver_each(event: Event) -> None:
    for handler in _handlers[event.name]:
        handler(event)


def _deliver_together(found: Sequence[Event]) -> None:
    for handler in _many_handlers[found[0].name]:
        handler(found)
