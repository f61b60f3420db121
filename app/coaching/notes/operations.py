"""Coaching notes: written as drafts, shared, signed by both, and from then on only added to.

No text of a note leaves its table: not into the audit, not into an event, not into a job.
"""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.coaching import access, scope
from app.coaching.models import Note, NoteAddition, NoteStatus, Session
from app.coaching.notes import queries
from app.core import audit, clock, events, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db

LONGEST = 20_000  # characters


class Diverged(Conflict):
    """Something else was saved since: `note` says what. Nothing was overwritten."""

    def __init__(self, note: Note) -> None:
        super().__init__(_("This note was changed elsewhere. Nothing is lost: choose what to keep."))
        self.note = note


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page has of a note: its key, and the revision on which the text was written (0: none yet)."""

    key: UUID
    person_id: int
    body: str
    base: int
    session_id: int | None = None


@atomic
def save_draft(draft: Draft, *, by: Viewer) -> Note:
    """Keep what is being written. The same text again changes nothing, so that it may be sent any number of
    times; another one counts only on top of the revision that its writer saw.

    Raises Diverged, NotFound for somebody whom the writer does not coach, Invalid for a text too long.
    """
    access.reading_as(by)
    _check_length(draft.body)
    note = _own(draft.key, by)
    if note is None:
        note = _begin(draft, by)
    if note.status is NoteStatus.SHARED:
        if _same(note.body, draft.body):
            return note
        raise Diverged(note)
    if draft.session_id is not None and note.session_id is None:
        note.session_id = _session_of(draft.session_id, note.person_id)
    if _same(note.body, draft.body):
        return note
    if draft.base != note.revision:
        raise Diverged(note)
    note.body, note.revision = draft.body, note.revision + 1
    db.session.flush()
    changes.announce("coaching", people=[by.person_id])
    return note


@atomic
def share_note(note_id: int, *, by: Viewer) -> Note:
    """Let the person read it, their manager of the time, and HR. It does not become a draft again."""
    note = _locked(note_id, by)
    if note.author_id != by.person_id:
        raise NotFound
    if note.status is NoteStatus.SHARED:
        return note
    if not note.body.strip():
        raise Invalid(_("Write something before you share it."), "body")
    scope.person_led(by, note.person_id)
    note.status, note.shared_at = NoteStatus.SHARED, clock.now()
    db.session.flush()
    audit.record("note.shared", note, actor_id=by.person_id, person_id=note.person_id)
    events.record("note_shared", note_id=note.id, person_id=note.person_id, author_id=note.author_id)
    _announce(note)
    return note


@atomic
def change_note(note_id: int, body: str, *, base: int, by: Viewer) -> Note:
    """Correct a shared note that not both have signed; who has, signs anew. Raises Diverged."""
    note = _locked(note_id, by)
    if note.author_id != by.person_id or note.status is not NoteStatus.SHARED:
        raise NotFound
    if queries.is_signed(note):
        raise Conflict(_("Both have signed this note. It stays as it is; you can add to it."))
    _check_length(body)
    if _same(note.body, body):
        return note
    if not body.strip():
        raise Invalid(_("Write something before you share it."), "body")
    if base != note.revision:
        raise Diverged(note)
    taken_back = note.signed_by_author_at is not None or note.signed_by_person_at is not None
    note.body, note.revision = body, note.revision + 1
    note.signed_by_author_at = note.signed_by_person_at = None
    db.session.flush()
    audit.record("note.changed", note, actor_id=by.person_id, signed_anew=taken_back)
    _announce(note)
    return note


@atomic
def sign_note(note_id: int, *, revision: int, by: Viewer) -> Note:
    """Say that it is right as it stands. Signing again changes nothing.

    Raises Conflict when it is no longer the revision that the signer has read.
    """
    note = _locked(note_id, by)
    if note.status is not NoteStatus.SHARED or by.person_id not in {note.author_id, note.person_id}:
        raise NotFound
    is_author = by.person_id == note.author_id
    if (note.signed_by_author_at if is_author else note.signed_by_person_at) is not None:
        return note
    if revision != note.revision:
        raise Conflict(_("This note was changed in the meantime. Read it again before you sign it."))
    if is_author:
        note.signed_by_author_at = clock.now()
    else:
        note.signed_by_person_at = clock.now()
    db.session.flush()
    audit.record("note.signed", note, actor_id=by.person_id)
    other = note.person_id if is_author else note.author_id
    events.record(
        "note_signed", note_id=note.id, by_id=by.person_id, people=[other], both=queries.is_signed(note)
    )
    _announce(note)
    return note


@atomic
def add_to_note(note_id: int, body: str, *, by: Viewer, key: UUID | None = None) -> Note:
    """Add something to a note that both have signed; either of the two may."""
    note = _locked(note_id, by)
    if note.status is not NoteStatus.SHARED or by.person_id not in {note.author_id, note.person_id}:
        raise NotFound
    if not queries.is_signed(note):
        raise Conflict(_("A note is added to once both have signed it."))
    if not body.strip():
        raise Invalid(_("Write what you want to add."), "body")
    _check_length(body)
    if key is not None and idempotency.earlier(key, by.person_id) is not None:
        return note
    db.session.add(NoteAddition(note_id=note.id, author_id=by.person_id, body=body.strip()))
    db.session.flush()
    audit.record("note.added_to", note, actor_id=by.person_id)
    other = note.person_id if by.person_id == note.author_id else note.author_id
    events.record("note_added_to", note_id=note.id, by_id=by.person_id, people=[other])
    _announce(note)
    return note


@atomic
def read_note(note_id: int, *, by: Viewer) -> Note:
    """A note for its page. Whoever reads it and is none of its two people is in the audit, which these see.

    Raises NotFound for whoever may not read it.
    """
    access.reading_as(by)
    note = db.session.scalars(select(Note).where(Note.id == note_id, queries.readable(by))).one_or_none()
    if note is None:
        raise NotFound
    if by.person_id not in {note.author_id, note.person_id}:
        audit.record("note.read", note, actor_id=by.person_id)
    return note


def _own(key: UUID, by: Viewer) -> Note | None:
    return db.session.scalars(
        select(Note)
        .where(Note.author_id == by.person_id, Note.key == str(key))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _begin(draft: Draft, by: Viewer) -> Note:
    """The first of several posts of one page makes the note, the others find it."""
    scope.person_led(by, draft.person_id)
    session_id = _session_of(draft.session_id, draft.person_id) if draft.session_id is not None else None
    made = db.session.scalar(
        insert(Note)
        .values(
            key=str(draft.key),
            author_id=by.person_id,
            person_id=draft.person_id,
            session_id=session_id,
            body=draft.body,
            revision=1,
        )
        .on_conflict_do_nothing()
        .returning(Note.id)
    )
    note = _own(draft.key, by)
    if note is None:
        raise NotFound
    if made is not None:
        audit.record("note.begun", note, actor_id=by.person_id)
        changes.announce("coaching", people=[by.person_id])
    return note


def _locked(note_id: int, by: Viewer) -> Note:
    """For one of its two people: nobody else changes anything of a note."""
    access.reading_as(by)
    note = db.session.scalars(
        select(Note)
        .where(
            Note.id == note_id,
            queries.readable(by),
            queries.of_two(by),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if note is None:
        raise NotFound
    return note


def _session_of(session_id: int, person_id: int) -> int:
    found = db.session.scalar(
        select(Session.id).where(Session.id == session_id, Session.person_id == person_id)
    )
    if found is None:
        raise NotFound
    return found


def _same(one: str, other: str) -> bool:
    """Browsers send line ends as CRLF where a script sends LF."""
    return one.replace("\r\n", "\n").rstrip() == other.replace("\r\n", "\n").rstrip()


def _check_length(body: str) -> None:
    if len(body) > LONGEST:
        raise Invalid(_("At most %(num)s characters. Divide it into two notes.", num=LONGEST), "body")


def _announce(note: Note) -> None:
    changes.announce("coaching", people=[note.person_id, note.author_id])
