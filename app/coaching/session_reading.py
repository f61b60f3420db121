"""Sessions, commitments and rhythms as pages show them, within what a viewer may read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.coaching import access, rhythm, scope
from app.coaching.figures import Figure, now, thaw
from app.coaching.models import (
    AgendaItem,
    Commitment,
    CommitmentStatus,
    Rhythm,
    Session,
    SessionStatus,
)
from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.extensions import db
from app.goals.holidays import company_calendar
from app.people.models import Person

USUAL_TIME = time(10, 0)
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next session that a rhythm asks for. `due_on` may be over; `day` and `at` are what to propose."""

    due_on: date
    day: date
    at: time
    every_days: int
    template_id: int | None

    @property
    def days_late(self) -> int:
        return max((clock.today() - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with who promised it, and since when it is open."""

    commitment: Commitment
    owner: str
    made_on: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SessionPage:
    session: Session
    person: Person
    coach: Person
    items: Sequence[AgendaItem]
    authors: dict[int, str]
    open_before: Sequence[Promise]
    made_here: Sequence[Promise]
    figures: Sequence[Figure]
    takes_part: bool  # adds to agenda and commitments
    leads: bool
    is_to_come: bool

    @property
    def figures_on(self) -> date | None:
        """The day on which they stayed as they were."""
        return date.fromisoformat(self.figures[0].on) if self.figures else None


@dataclass(frozen=True, slots=True)
class Coached:
    """A line of the manager's page. `days_since` None: never; `promised` and `held` over a quarter."""

    person: Person
    last_held_on: date | None
    next: Session | None
    proposal: Proposal | None
    promised: int
    held: int
    open: int
    overdue: int

    @property
    def days_since(self) -> int | None:
        return None if self.last_held_on is None else (clock.today() - self.last_held_on).days


@dataclass(frozen=True, slots=True)
class Mine:
    next: Session | None
    coach: Person | None
    proposal: Proposal | None
    own: Sequence[Promise]
    others: Sequence[Promise]
    held: Sequence[Session]


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: Person
    coach: Person | None
    leads: bool
    planned: Sequence[Session]
    past: Sequence[Session]
    open: Sequence[Promise]
    settled: Sequence[Promise]
    rhythm: Rhythm | None
    proposal: Proposal | None
    promised: int
    held: int


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


def page_of(viewer: Viewer, session_id: int) -> SessionPage:
    session = session_for(viewer, session_id)
    items = db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.session_id == session.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    is_held = session.status is SessionStatus.HELD
    if session.held_at is not None:  # those that stood open on that day
        until = and_(
            Commitment.created_at < session.held_at,
            or_(Commitment.settled_at.is_(None), Commitment.settled_at >= session.held_at),
        )
    else:
        until = Commitment.status == CommitmentStatus.OPEN
    # Who led it and manages the person no more sees what was promised in it, and nothing after.
    mine = and_(Commitment.person_id == session.person_id, Commitment.session_id != session.id, until)
    before = _promises(and_(mine, Commitment.person_id.in_(scope.readable_people(viewer))))
    authors = {item.author_id for item in items if item.author_id is not None}
    names = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(authors)))
    leads = scope.leads(viewer, session.person)
    return SessionPage(
        session=session,
        person=session.person,
        coach=coach_of(session),
        items=items,
        authors=_pairs(names),
        open_before=before,
        made_here=_promises(Commitment.session_id == session.id),
        figures=thaw(session.figures) if is_held else now(session.person_id),
        takes_part=leads or viewer.person_id == session.person_id,
        leads=leads,
        is_to_come=clock.day_of(session.starts_at) > clock.today(),
    )


def coach_of(session: Session) -> Person:
    """Who led it, or who will: the manager of today, whoever planned it. Person and coach are loaded."""
    if session.status is SessionStatus.PLANNED and session.person.manager is not None:
        return session.person.manager
    return session.coach


def mine(viewer: Viewer) -> Mine:
    """What a person finds of their own coaching."""
    access.reading_as(viewer)
    person = db.session.scalars(
        select(Person).where(Person.id == viewer.person_id).options(joinedload(Person.manager))
    ).one()
    is_open = Commitment.status == CommitmentStatus.OPEN
    about_them = Commitment.person_id.in_(scope.readable_people(viewer))  # what a coach has promised, too
    own = _promises(and_(is_open, about_them, Commitment.owner_id == viewer.person_id))
    others = _promises(
        and_(is_open, Commitment.person_id == viewer.person_id, Commitment.owner_id != viewer.person_id)
    )
    planned, past = _sessions_of(viewer.person_id)
    return Mine(
        next=planned[0] if planned else None,
        coach=person.manager,
        proposal=None if planned else proposals([person.id]).get(person.id),
        own=own,
        others=others,
        held=past,
    )


def person_page(viewer: Viewer, person_id: int) -> PersonPage:
    person = scope.person_for(viewer, person_id)
    planned, past = _sessions_of(person_id)
    promises = _promises(and_(Commitment.person_id == person_id, Commitment.status == CommitmentStatus.OPEN))
    settled = _promises(
        and_(Commitment.person_id == person_id, Commitment.status != CommitmentStatus.OPEN), limit=SHOWN
    )
    ids = [person_id]
    return PersonPage(
        person=person,
        coach=db.session.get(Person, person.manager_id) if person.manager_id else None,
        leads=scope.leads(viewer, person),
        planned=planned,
        past=past,
        open=promises,
        settled=settled,
        rhythm=rhythm_of(person_id),
        proposal=None if planned else proposals(ids).get(person_id),
        promised=_promised(ids).get(person_id, 0),
        held=_held(ids).get(person_id, 0),
    )


def rhythm_of(person_id: int) -> Rhythm | None:
    return db.session.scalars(
        select(Rhythm).where(Rhythm.person_id == person_id, Rhythm.ended_on.is_(None))
    ).one_or_none()


def team(viewer: Viewer) -> list[Coached]:
    """Those whom the viewer coaches: who has waited longest comes first."""
    access.reading_as(viewer)
    people = db.session.scalars(
        select(Person)
        .where(Person.id.in_(scope.coached_by(viewer)))
        .order_by(func.lower(Person.name), Person.id)
    ).all()
    ids = [person.id for person in people]
    last, coming, next_ones = _last_held(ids), proposals(ids), _next(ids)
    promised, held = _promised(ids), _held(ids)
    today = clock.today()
    overdue = case((Commitment.due_on < today, 1), else_=0)
    waiting = {
        person_id: (count, late)
        for person_id, count, late in db.session.execute(
            select(Commitment.person_id, func.count(), func.sum(overdue))
            .where(Commitment.person_id.in_(ids), Commitment.status == CommitmentStatus.OPEN)
            .group_by(Commitment.person_id)
        )
    }
    found = [
        Coached(
            person=person,
            last_held_on=last.get(person.id),
            next=next_ones.get(person.id),
            proposal=None if person.id in next_ones else coming.get(person.id),
            promised=promised.get(person.id, 0),
            held=held.get(person.id, 0),
            open=waiting.get(person.id, (0, 0))[0],
            overdue=waiting.get(person.id, (0, 0))[1],
        )
        for person in people
    ]
    return sorted(found, key=lambda each: each.last_held_on or date.min)


def overdue_of(viewer: Viewer) -> list[Promise]:
    """What was to be done by now among those whom the viewer coaches, the oldest first."""
    access.reading_as(viewer)
    return _promises(
        and_(
            Commitment.person_id.in_(scope.coached_by(viewer)),
            Commitment.status == CommitmentStatus.OPEN,
            Commitment.due_on < clock.today(),
        )
    )


def last_sessions(viewer: Viewer, person_ids: Collection[int]) -> dict[int, date]:
    """When each was last coached, of those whose sessions the viewer may read."""
    access.reading_as(viewer)
    return _last_held(person_ids)


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


def proposals(person_ids: Collection[int]) -> dict[int, Proposal]:
    """The next session that each rhythm asks for: on a working day, at the time of the last one."""
    rhythms = db.session.scalars(
        select(Rhythm).where(Rhythm.person_id.in_(person_ids), Rhythm.ended_on.is_(None))
    ).all()
    if not rhythms:
        return {}
    today = clock.today()
    calendar = company_calendar(today, today + timedelta(days=120))
    last = _last_started([each.person_id for each in rhythms])
    found = {}
    for each in rhythms:
        began = last.get(each.person_id)
        due = rhythm.due_on(each.every_days, each.starts_on, clock.day_of(began) if began else None)
        found[each.person_id] = Proposal(
            due_on=due,
            day=rhythm.next_working_day(max(due, today), calendar.is_working),
            at=began.astimezone(clock.zone()).time() if began else USUAL_TIME,
            every_days=each.every_days,
            template_id=each.template_id,
        )
    return found


def proposal_of(person_id: int) -> Proposal | None:
    """What the rhythm asks for next, where nothing is planned."""
    return None if _next([person_id]) else proposals([person_id]).get(person_id)


def _sessions_of(person_id: int) -> tuple[list[Session], list[Session]]:
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


def _promises(which: ColumnElement[bool], limit: int | None = None) -> list[Promise]:
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


def _last_held(person_ids: Collection[int]) -> dict[int, date]:
    stmt = (
        select(Session.person_id, func.max(Session.held_at))
        .where(Session.person_id.in_(person_ids), Session.status == SessionStatus.HELD)
        .group_by(Session.person_id)
    )
    return {person_id: clock.day_of(at) for person_id, at in db.session.execute(stmt) if at is not None}


def _last_started(person_ids: Collection[int]) -> dict[int, datetime]:
    stmt = (
        select(Session.person_id, func.max(Session.starts_at))
        .where(Session.person_id.in_(person_ids), Session.status == SessionStatus.HELD)
        .group_by(Session.person_id)
    )
    return _pairs(db.session.execute(stmt))


def _next(person_ids: Collection[int]) -> dict[int, Session]:
    rows = db.session.scalars(
        select(Session)
        .where(Session.person_id.in_(person_ids), Session.status == SessionStatus.PLANNED)
        .ext(distinct_on(Session.person_id))
        .order_by(Session.person_id, Session.starts_at, Session.id)
    )
    return {each.person_id: each for each in rows}


def _held(person_ids: Collection[int]) -> dict[int, int]:
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
    return _pairs(rows)


def _promised(person_ids: Collection[int]) -> dict[int, int]:
    today = clock.today()
    since = today - timedelta(days=rhythm.LOOK_BACK - 1)
    found: dict[int, int] = defaultdict(int)
    for each in db.session.scalars(
        select(Rhythm).where(
            Rhythm.person_id.in_(person_ids), or_(Rhythm.ended_on.is_(None), Rhythm.ended_on >= since)
        )
    ):
        last = min(each.ended_on or today, today)
        found[each.person_id] += rhythm.promised(each.every_days, each.starts_on, since, last)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def _pairs(rows: Iterable[Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in rows}
