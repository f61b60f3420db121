import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model


class ImportStatus(enum.StrEnum):
    UPLOADED = "uploaded"  # waits for a mapping and a dry run
    CHECKING = "checking"  # dry run under way
    CHECKED = "checked"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # nothing was changed; can be resumed
    UNDONE = "undone"


class Import(Model):
    """One file on its way into the portal. The file itself lies in the data folder."""

    __tablename__ = "imports"

    kind: Mapped[str]  # people, products, sales, training, goals
    source: Mapped[str]  # the name of the system that the file comes from, folded: see `queries.source_named`
    filename: Mapped[str]
    path: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    status: Mapped[ImportStatus] = mapped_column(server_default=ImportStatus.UPLOADED.value, index=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # counts, unknown columns, matches, samples of what changes
    summary: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    rows_total: Mapped[int] = mapped_column(server_default="0")
    rows_done: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    run_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who had it tried or run last
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class ImportMapping(Model):
    """How a source's layout becomes ours; remembered by kind and source."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("kind", "source"),)

    kind: Mapped[str]
    source: Mapped[str]
    # {"columns": {ours: [theirs, ...]}, "values": {ours: {theirs: ours}}, "dates": ..., "decimal": ...}
    mapping: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class ImportReject(Model):
    """A row that was not taken, and why."""

    __tablename__ = "import_rejects"
    __table_args__ = (Index("ix_import_rejects_import_id_line", "import_id", "line"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    line: Mapped[int]
    column: Mapped[str | None]
    reason: Mapped[str]  # a key with parameters, so that each reader gets it in their language
    parameters: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    row: Mapped[list[Any]] = mapped_column(server_default="[]")


class ImportedChange(Model):
    """What an import changed in a row that was there before, so that it can be undone."""

    __tablename__ = "imported_changes"
    __table_args__ = (Index("ix_imported_changes_import_id", "import_id"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    subject_type: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
