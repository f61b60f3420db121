from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model


class Notification(Model):
    """One piece of news for one person. An event makes at most one for each."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_notifications_person_id_id", "person_id", text("id DESC")),
        Index("ix_notifications_unread", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str]  # which sentence it becomes, in the reader's language
    parameters: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    url: Mapped[str | None]
    needs_answer: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
