"""The audit: who changed what, written in the change's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Insert,
    bindparam,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model
from app.extensions import db


class AuditEntry(Model):
    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_type", "subject_id"),
        Index("ix_audit_entries_at", "at"),
    )

    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # none: the system
    action: Mapped[str]  # "sale.corrected"
    subject_type: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


_entries = AuditEntry.__table__
_WRITE = insert(_entries)


def record(action: str, subject: Model | None, *, actor_id: int | None, **details: Any) -> None:
    """Write an audit row. Details are plain JSON: never a password, a token or a note's text."""
    db.session.flush()  # a new row has its key only then
    row = {
        "action": action,
        "subject_type": type(subject).__tablename__ if subject is not None else action.partition(".")[0],
        "subject_id": subject.id if subject is not None else None,
        "actor_id": actor_id,
        "details": details,
    }
    db.session.execute(_WRITE, row)


def last_actor_id(action: str, subject: Model) -> int | None:
    """Who did this to the subject last; None if nobody has, or the system."""
    return db.session.scalar(
        select(AuditEntry.actor_id)
        .where(
            AuditEntry.subject_type == type(subject).__tablename__,
            AuditEntry.subject_id == subject.id,
            AuditEntry.action == action,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def recording(action: str, kind: type[Model], subject_id: ColumnElement[int]) -> Insert:
    """`record` as a part of the statement that makes the subject; its parameters: `actor_id`, `details`."""
    return insert(_entries).from_select(
        ["action", "subject_type", "subject_id", "actor_id", "details"],
        select(
            literal(action),
            literal(kind.__tablename__),
            subject_id,
            bindparam("actor_id", type_=_entries.c.actor_id.type),
            bindparam("details", type_=_entries.c.details.type),
        ),
    )
