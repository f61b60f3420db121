"""What the rooms above were told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.core.events import Event
from app.extensions import db


def events_named(name: str) -> Sequence[Event]:
    return db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id)).all()


def told(name: str) -> list[dict[str, Any]]:
    return [event.payload for event in events_named(name)]
