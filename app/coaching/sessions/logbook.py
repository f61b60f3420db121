"""A session written down at once: when it was, what was noted, what was promised and what was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.coaching import access
from app.coaching.models import Session
from app.coaching.notes import operations as notes
from app.coaching.notes.operations import Draft
from app.coaching.sessions import commitments, operations
from app.core import idempotency
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Promised:
    text: str
    owner_id: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Logged:
    """What one screen says. `note` None: nothing was written; `kept` are commitments done by now."""

    at: datetime
    minutes: int
    place: str
    note: Draft | None
    share: bool
    promised: Sequence[Promised]
    kept: Sequence[int]


@atomic
def write_down(person_id: int, said: Logged, *, by: Viewer, key: UUID) -> Session:
    """All of it or nothing. Raises what its parts raise; sent again it changes nothing."""
    if (earlier := idempotency.earlier(key, by.person_id)) is not None:
        access.reading_as(by)
        return db.session.get_one(Session, earlier.subject_id)
    session = operations.log_session(person_id, by=by, at=said.at, minutes=said.minutes, place=said.place)
    if said.note is not None:
        draft = Draft(said.note.key, person_id, said.note.body, said.note.base, session.id)
        note = notes.save_draft(draft, by=by)
        if said.share:
            notes.share_note(note.id, by=by)
    for one in said.promised:
        commitments.commit_to(session.id, one.text, owner_id=one.owner_id, due_on=one.due_on, by=by)
    for commitment_id in said.kept:
        commitments.keep(commitment_id, by=by)
    idempotency.settle(key, session.id)
    return session
