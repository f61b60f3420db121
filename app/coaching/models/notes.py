"""Coaching notes."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model


class NoteStatus(enum.StrEnum):
    DRAFT = "draft"  # the author's alone
    SHARED = "shared"


class Note(Model):
    """A coaching note. Once shared and signed by both its body never changes (a trigger refuses)."""

    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes_person_id_id", "person_id", text("id DESC")),
        UniqueConstraint("author_id", "key"),
    )

    key: Mapped[str]  # made by the form, so that what is sent twice is one note
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("coaching_sessions.id"), index=True)
    body: Mapped[str] = mapped_column(server_default="")
    status: Mapped[NoteStatus] = mapped_column(server_default=NoteStatus.DRAFT.value)
    revision: Mapped[int] = mapped_column(server_default="0")  # of what was saved while writing
    shared_at: Mapped[datetime | None]
    signed_by_author_at: Mapped[datetime | None]
    signed_by_person_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class NoteAddition(Model):
    """What was added to a note after both had signed."""

    __tablename__ = "note_additions"

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
