"""One-to-ones: rhythm, agenda, commitments."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Model
from app.people.models import Person


class Rhythm(Model):
    """How often a person is promised a one-to-one."""

    __tablename__ = "coaching_rhythms"
    __table_args__ = (
        Index(
            "uq_coaching_rhythms_open", "person_id", unique=True, postgresql_where=text("ended_on IS NULL")
        ),
        CheckConstraint("every_days BETWEEN 1 AND 92", name="every_days_range"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    every_days: Mapped[int] = mapped_column(SmallInteger)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("session_templates.id"))
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class SessionTemplate(Model):
    """What a one-to-one goes through; shipped ones have a key, and managers add and edit."""

    __tablename__ = "session_templates"

    key: Mapped[str | None] = mapped_column(unique=True)
    names: Mapped[dict[str, Any]]  # language -> text
    items: Mapped[list[Any]]  # of {language -> text}
    minutes: Mapped[int] = mapped_column(SmallInteger, server_default="30")
    archived_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class SessionStatus(enum.StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Session(Model):
    """A one-to-one between a person and their coach."""

    __tablename__ = "coaching_sessions"
    __table_args__ = (
        Index("ix_coaching_sessions_person_id_starts_at", "person_id", "starts_at"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_range"),
        CheckConstraint("(status = 'held') = (held_at IS NOT NULL)", name="held_at_a_time"),
        CheckConstraint("(status = 'cancelled') = (cancelled_why IS NOT NULL)", name="cancelled_with_reason"),
        CheckConstraint("(moved_from IS NULL) = (moved_why IS NULL)", name="moved_with_reason"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    coach_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"), index=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("session_templates.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(SmallInteger, server_default="30")
    place: Mapped[str] = mapped_column(server_default="")
    status: Mapped[SessionStatus] = mapped_column(server_default=SessionStatus.PLANNED.value)
    held_at: Mapped[datetime | None]
    moved_from: Mapped[datetime | None]  # when it was to be before it was last moved
    moved_why: Mapped[str | None]
    cancelled_why: Mapped[str | None]
    uid: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))  # in calendars
    sequence: Mapped[int] = mapped_column(server_default="0")  # of its changes, for calendars
    figures: Mapped[list[Any]] = mapped_column(server_default="[]")  # the person's, as they were on the day
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    coach: Mapped[Person] = relationship(foreign_keys=coach_id, lazy="raise_on_sql")


class AgendaItem(Model):
    __tablename__ = "agenda_items"

    session_id: Mapped[int] = mapped_column(ForeignKey("coaching_sessions.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # none: from the template
    position: Mapped[int]
    is_done: Mapped[bool] = mapped_column(server_default=text("false"))
    text: Mapped[str]


class CommitmentStatus(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # with a reason


class Commitment(Model):
    """What one of the two promised; it is on every agenda until done or dropped."""

    __tablename__ = "commitments"
    __table_args__ = (
        CheckConstraint("(status = 'dropped') = (dropped_why IS NOT NULL)", name="dropped_with_reason"),
    )

    session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_sessions.id"), index=True
    )  # where it was made
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who is coached
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who promised
    text: Mapped[str]
    due_on: Mapped[date | None]
    status: Mapped[CommitmentStatus] = mapped_column(server_default=CommitmentStatus.OPEN.value)
    dropped_why: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
