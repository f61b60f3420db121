"""Lists of notes, which never hold their text, and what stands around one on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from app.coaching import access, scope
from app.coaching.models import Note, NoteAddition, NoteStatus
from app.core.audit import AuditEntry
from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person

SHOWN = 50


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in a list: who about whom and when, not what."""

    id: int
    person_id: int
    person: str
    author_id: int
    author: str
    status: NoteStatus
    at: datetime  # shared, or last written
    session_id: int | None
    signed_by_author: bool
    signed_by_person: bool

    @property
    def is_draft(self) -> bool:
        return self.status is NoteStatus.DRAFT

    @property
    def is_signed(self) -> bool:
        return self.signed_by_author and self.signed_by_person

    def waits_for(self, person_id: int) -> bool:
        """Whether this person has not signed yet."""
        if self.is_draft:
            return False
        return (person_id == self.person_id and not self.signed_by_person) or (
            person_id == self.author_id and not self.signed_by_author
        )


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody who has read a note, and when."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Addition:
    author: str
    body: str
    at: datetime


def about(viewer: Viewer, person_id: int, *, session_id: int | None = None) -> list[NoteLine]:
    """Notes about a person that the viewer may read, one's own drafts among them; of one session only."""
    stmt = Note.person_id == person_id
    return _lines(viewer, stmt if session_id is None else and_(stmt, Note.session_id == session_id))


def shared_with(viewer: Viewer) -> list[NoteLine]:
    """Notes about the viewer."""
    return _lines(viewer, and_(Note.person_id == viewer.person_id, Note.status == NoteStatus.SHARED))


def drafts_of(viewer: Viewer) -> list[NoteLine]:
    return _lines(viewer, and_(Note.author_id == viewer.person_id, Note.status == NoteStatus.DRAFT))


def additions(note: Note) -> Sequence[Addition]:
    rows = db.session.execute(
        select(Person.name, NoteAddition.body, NoteAddition.at)
        .join(Person, Person.id == NoteAddition.author_id)
        .where(NoteAddition.note_id == note.id)
        .order_by(NoteAddition.id)
    )
    return [Addition(*row) for row in rows]


def readers(note: Note) -> list[Read]:
    """Who has read it besides its two people, the latest first: for these two."""
    rows = db.session.execute(
        select(Person.name, Person.role, AuditEntry.at)
        .join(Person, Person.id == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_type == Note.__tablename__,
            AuditEntry.subject_id == note.id,
            AuditEntry.action == "note.read",
        )
        .order_by(AuditEntry.id.desc())
        .limit(SHOWN)
    )
    return [Read(name, str(role), at) for name, role, at in rows]


def names(note: Note) -> dict[int, str]:
    """Of its two people."""
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.id.in_([note.person_id, note.author_id]))
    )
    return dict(rows.all())


def person_of(note: Note) -> Person:
    return db.session.get_one(Person, note.person_id)


def _lines(viewer: Viewer, which: ColumnElement[bool]) -> list[NoteLine]:
    access.reading_as(viewer)
    person, author = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            Note.id,
            Note.person_id,
            person.name,
            Note.author_id,
            author.name,
            Note.status,
            func.coalesce(Note.shared_at, Note.updated_at),
            Note.session_id,
            Note.signed_by_author_at.is_not(None),
            Note.signed_by_person_at.is_not(None),
        )
        .join(person, person.id == Note.person_id)
        .join(author, author.id == Note.author_id)
        .where(readable(viewer), which)
        .order_by(Note.id.desc())
        .limit(SHOWN)
    )
    return [NoteLine(*tuple(row)) for row in rows]


def readable(by: Viewer) -> ColumnElement[bool]:
    """Notes that are a viewer's to read: their own, and shared ones of those whose coaching they may read."""
    shared = and_(Note.status == NoteStatus.SHARED, Note.person_id.in_(scope.readable_people(by)))
    own = Note.author_id == by.person_id
    return false() if by.role is Role.ADMIN else or_(own, shared)


def draft_of(by: Viewer, key: UUID) -> Note | None:
    """What its author has begun under a key."""
    access.reading_as(by)
    return db.session.scalars(
        select(Note).where(Note.author_id == by.person_id, Note.key == str(key))
    ).one_or_none()


def note_of_two(note_id: int, *, by: Viewer) -> Note:
    """A note for a change by one of its two people. Raises NotFound for everybody else."""
    access.reading_as(by)
    note = db.session.scalars(select(Note).where(Note.id == note_id, readable(by), of_two(by))).one_or_none()
    if note is None:
        raise NotFound
    return note


def has_signed(note: Note, person_id: int) -> bool:
    at = note.signed_by_author_at if person_id == note.author_id else note.signed_by_person_at
    return at is not None


def is_signed(note: Note) -> bool:
    return note.signed_by_author_at is not None and note.signed_by_person_at is not None


def of_two(by: Viewer) -> ColumnElement[bool]:
    return or_(Note.author_id == by.person_id, Note.person_id == by.person_id)
