"""What one of the two promised: on every session until it is done, or dropped with a reason."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.coaching import access, scope
from app.coaching.models import Commitment, CommitmentStatus, SessionStatus
from app.coaching.sessions import operations
from app.core import audit, clock, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db


@atomic
def commit_to(
    session_id: int, text: str, *, owner_id: int, due_on: date | None, by: Viewer, key: UUID | None = None
) -> Commitment | None:
    """Write down what the person or their coach has promised. None where the same post came before."""
    session = operations.session_locked(session_id, by)
    if session.status is SessionStatus.CANCELLED:
        raise Conflict(_("This session was cancelled."))
    if not text.strip():
        raise Invalid(_("Write what was promised."), "text")
    if owner_id not in {session.person_id, operations.coach_of(session)}:
        raise Invalid(_("Choose one of the two."), "owner")
    if due_on is not None and due_on < clock.today():
        raise Invalid(_("Choose a day to come."), "due_on")
    if key is not None and idempotency.earlier(key, by.person_id) is not None:
        return None
    made = Commitment(
        session_id=session.id,
        person_id=session.person_id,
        owner_id=owner_id,
        text=text.strip(),
        due_on=due_on,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("commitment.made", made, actor_id=by.person_id, session_id=session.id)
    changes.announce("coaching", people=[session.person_id, session.coach_id])
    return made


@atomic
def keep(commitment_id: int, *, by: Viewer) -> Commitment:
    """It is done. Saying it again changes nothing."""
    commitment = _locked(commitment_id, by)
    if commitment.status is CommitmentStatus.DONE:
        return commitment
    return _settle(commitment, CommitmentStatus.DONE, None, by)


@atomic
def drop(commitment_id: int, why: str, *, by: Viewer) -> Commitment:
    """It will not be done, and here is why."""
    commitment = _locked(commitment_id, by)
    if commitment.status is CommitmentStatus.DROPPED:
        return commitment
    if not why.strip():
        raise Invalid(_("Say why it is dropped."), "why")
    return _settle(commitment, CommitmentStatus.DROPPED, why.strip(), by)


@atomic
def reopen(commitment_id: int, *, by: Viewer) -> Commitment:
    """Undo: it is open again."""
    commitment = _locked(commitment_id, by)
    if commitment.status is CommitmentStatus.OPEN:
        return commitment
    return _settle(commitment, CommitmentStatus.OPEN, None, by)


def to_settle(by: Viewer, commitment_id: int) -> Commitment:
    """A commitment in which the viewer has a say. Raises NotFound for all others."""
    return _one(by, commitment_id, select(Commitment))


def _locked(commitment_id: int, by: Viewer) -> Commitment:
    stmt = select(Commitment).with_for_update().execution_options(populate_existing=True)
    return _one(by, commitment_id, stmt)


def _one(by: Viewer, commitment_id: int, stmt: Select[Commitment]) -> Commitment:
    access.reading_as(by)
    found = db.session.scalars(
        stmt.where(Commitment.id == commitment_id, Commitment.person_id.in_(scope.taking_part(by)))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _settle(commitment: Commitment, status: CommitmentStatus, why: str | None, by: Viewer) -> Commitment:
    is_open = status is CommitmentStatus.OPEN
    commitment.status, commitment.dropped_why = status, why
    commitment.settled_at = None if is_open else clock.now()
    commitment.settled_by_id = None if is_open else by.person_id
    db.session.flush()
    audit.record(f"commitment.{'reopened' if is_open else status.value}", commitment, actor_id=by.person_id)
    changes.announce("coaching", people=sorted({commitment.person_id, commitment.owner_id, by.person_id}))
    return commitment
