"""Events: how a room above learns of what happened below, at least once.

`record` writes the event in the transaction of the change and queues its delivery there too.
Handlers run in the worker, one transaction each, and must be idempotent: the same event can
come twice. They get the event's id to recognise it by.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.core import jobs
from app.core.models import Model
from app.extensions import db

Handler = Callable[["Event"], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


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


def on(name: str) -> Callable[[Handler], Handler]:
    """Subscribe a handler. Called where a room is set up, so that nobody below knows of it."""

    def subscribe(handler: Handler) -> Handler:
        if handler not in _handlers[name]:
            _handlers[name].append(handler)
        return handler

    return subscribe


@jobs.job("core.deliver_event")
def deliver(event_id: int) -> None:
    event = db.session.get(Event, event_id)
    if event is None:
        return
    for handler in _handlers[event.name]:
        handler(event)
