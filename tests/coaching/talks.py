"""Sessions, commitments and notes for tests, made as their people make them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.coaching import access
from app.coaching.models import Commitment, Note, Rhythm, Session, SessionStatus
from app.coaching.notes import operations as notes
from app.coaching.notes.operations import Draft
from app.coaching.sessions import commitments, rhythms
from app.coaching.sessions import operations as sessions
from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person


def viewer_of(person: Person) -> Viewer:
    return Viewer(
        session_id=0,
        token="",
        person_id=person.id,
        name=person.name,
        role=person.role,
        team_id=person.team_id,
        locale=None,
        theme="auto",
    )


def soon(days: int = 1, at: time = time(10, 0)) -> datetime:
    return datetime.combine(clock.today() + timedelta(days=days), at, clock.zone())


def make_session(coach: Person, person: Person, starts_at: datetime | None = None, **more: Any) -> Session:
    return sessions.plan_session(
        person.id, by=viewer_of(coach), starts_at=starts_at or soon(), minutes=more.pop("minutes", 30), **more
    )


def make_held(coach: Person, person: Person, days_ago: int = 0) -> Session:
    """One that took place, some days ago at most two weeks or any number before."""
    session = sessions.log_session(person.id, by=viewer_of(coach), at=clock.now(), minutes=30)
    if days_ago:
        access.reading_as(coach)
        session.starts_at = session.held_at = clock.now() - timedelta(days=days_ago)
        db.session.commit()
    return session


def make_commitment(session: Session, owner: Person, by: Person, due_on: date | None = None) -> Commitment:
    """Due on any day: what is overdue was promised before."""
    made = commitments.commit_to(
        session.id, "Call three old customers", owner_id=owner.id, due_on=None, by=viewer_of(by)
    )
    assert made is not None
    access.reading_as(by)
    made.due_on = due_on
    db.session.commit()
    return made


def make_draft(
    author: Person, person: Person, body: str = "Draft words", session: Session | None = None
) -> Note:
    draft = Draft(uuid4(), person.id, body, 0, session.id if session else None)
    return notes.save_draft(draft, by=viewer_of(author))


def make_shared(
    author: Person, person: Person, body: str = "Shared words", session: Session | None = None
) -> Note:
    return notes.share_note(make_draft(author, person, body, session).id, by=viewer_of(author))


def make_signed(author: Person, person: Person, body: str = "Signed words") -> Note:
    note = make_shared(author, person, body)
    for one in (author, person):
        notes.sign_note(note.id, revision=note.revision, by=viewer_of(one))
    return note


def make_rhythm(coach: Person, person: Person, every_days: int = 14, starts_on: date | None = None) -> Rhythm:
    made = rhythms.set_rhythm(
        person.id, every_days=every_days, starts_on=clock.today(), template_id=None, by=viewer_of(coach)
    )
    assert made is not None
    if starts_on is not None:
        made.starts_on = starts_on
        db.session.commit()
    return made


def the_session(session_id: int) -> Session:
    access.as_worker()
    return db.session.get_one(Session, session_id, populate_existing=True)


def held(session_id: int) -> bool:
    return the_session(session_id).status is SessionStatus.HELD


def sessions_of(person: Person) -> list[Session]:
    access.as_worker()
    return list(
        db.session.scalars(select(Session).where(Session.person_id == person.id).order_by(Session.id))
    )
