"""Commitments as pages show them, within what a viewer may read."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from app.coaching import access, scope
from app.coaching.models import Commitment, CommitmentStatus
from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with who promised it, and since when it is open."""

    commitment: Commitment
    owner: str
    made_on: date
    is_overdue: bool


def overdue_of(viewer: Viewer) -> list[Promise]:
    """What was to be done by now among those whom the viewer coaches, the oldest first."""
    access.reading_as(viewer)
    return promised(
        and_(
            Commitment.person_id.in_(scope.coached_by(viewer)),
            Commitment.status == CommitmentStatus.OPEN,
            Commitment.due_on < clock.today(),
        )
    )


def promised(which: ColumnElement[bool], limit: int | None = None) -> list[Promise]:
    rows = db.session.execute(
        select(Commitment, Person.name)
        .join(Person, Person.id == Commitment.owner_id)
        .where(which)
        .order_by(Commitment.due_on.nulls_last(), Commitment.created_at, Commitment.id)
        .limit(limit)
    )
    today = clock.today()
    return [
        Promise(
            one,
            name,
            clock.day_of(one.created_at),
            one.status is CommitmentStatus.OPEN and one.due_on is not None and one.due_on < today,
        )
        for one, name in rows
    ]
