"""Sessions that a viewer may read: one, the next, the last of many."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.coaching import access, scope
from app.coaching.models import Session, SessionStatus
from app.coaching.sessions import rhythm, rhythms
from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person

SHOWN = 12


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Sessions that are a viewer's to read. Who led one reads it also when they manage the person no more."""
    own = and_(Session.coach_id == viewer.person_id, Session.status == SessionStatus.HELD)
    among = Session.person_id.in_(scope.readable_people(viewer))
    return among if viewer.role is Role.ADMIN else or_(among, own)


def session_for(viewer: Viewer, session_id: int) -> Session:
    """Raises NotFound for what is not the viewer's to read."""
    access.reading_as(viewer)
    found = db.session.scalars(
        select(Session)
        .where(Session.id == session_id, readable(viewer))
        .options(joinedload(Session.person).joinedload(Person.manager), joinedload(Session.coach))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def coach_of(session: Session) -> Person:
    """Who led it, or who will: the manager of today, whoever planned it. Person and coach are loaded."""
    if session.status is SessionStatus.PLANNED and session.person.manager is not None:
        return session.person.manager
    return session.coach


def last_sessions(viewer: Viewer, person_ids: Collection[int]) -> dict[int, date]:
    """When each was last coached, of those whose sessions the viewer may read."""
    access.reading_as(viewer)
    return last_held(person_ids)


def next_session(viewer: Viewer, on: date | None = None) -> Session | None:
    """The next session in which the viewer takes part, as either of the two; `on` a day only."""
    stmt = upcoming(viewer, on).options(
        joinedload(Session.person).joinedload(Person.manager), joinedload(Session.coach)
    )
    return db.session.scalars(stmt.order_by(Session.starts_at, Session.id).limit(1)).one_or_none()


def upcoming(viewer: Viewer, on: date | None = None) -> Select[Session]:
    """Planned sessions in which the viewer takes part, from today on, or of one day."""
    access.reading_as(viewer)
    stmt = select(Session).where(
        Session.status == SessionStatus.PLANNED,
        Session.person_id.in_(scope.taking_part(viewer)),
        Session.starts_at >= _midnight(on or clock.today()),
    )
    return stmt if on is None else stmt.where(Session.starts_at < _midnight(on + timedelta(days=1)))


def proposal_of(person_id: int) -> rhythms.Proposal | None:
    """What the rhythm asks for next, where nothing is planned."""
    return None if next_planned([person_id]) else rhythms.proposals([person_id]).get(person_id)


def sessions_of(person_id: int) -> tuple[list[Session], list[Session]]:
    """Planned ones, the next first, and the latest others."""
    stmt = (
        select(Session)
        .where(Session.person_id == person_id)
        .options(joinedload(Session.person).joinedload(Person.manager), joinedload(Session.coach))
    )
    planned = stmt.where(Session.status == SessionStatus.PLANNED).order_by(Session.starts_at, Session.id)
    past = (
        stmt.where(Session.status != SessionStatus.PLANNED)
        .order_by(Session.starts_at.desc(), Session.id.desc())
        .limit(SHOWN)
    )
    return list(db.session.scalars(planned)), list(db.session.scalars(past))


def last_held(person_ids: Collection[int]) -> dict[int, date]:
    stmt = (
        select(Session.person_id, func.max(Session.held_at))
        .where(Session.person_id.in_(person_ids), Session.status == SessionStatus.HELD)
        .group_by(Session.person_id)
    )
    return {person_id: clock.day_of(at) for person_id, at in db.session.execute(stmt) if at is not None}


def next_planned(person_ids: Collection[int]) -> dict[int, Session]:
    rows = db.session.scalars(
        select(Session)
        .where(Session.person_id.in_(person_ids), Session.status == SessionStatus.PLANNED)
        .ext(distinct_on(Session.person_id))
        .order_by(Session.person_id, Session.starts_at, Session.id)
    )
    return {each.person_id: each for each in rows}


def held_lately(person_ids: Collection[int]) -> dict[int, int]:
    since = _midnight(clock.today() - timedelta(days=rhythm.LOOK_BACK - 1))
    rows = db.session.execute(
        select(Session.person_id, func.count())
        .where(
            Session.person_id.in_(person_ids),
            Session.status == SessionStatus.HELD,
            Session.held_at >= since,
        )
        .group_by(Session.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())
