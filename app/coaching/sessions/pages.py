"""What the pages of sessions show: one's own, one with its agenda, a person's, those whom one coaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.coaching import access, scope
from app.coaching.models import AgendaItem, Commitment, CommitmentStatus, Rhythm, Session, SessionStatus
from app.coaching.sessions import queries, rhythms
from app.coaching.sessions.figures import Figure, now, thaw
from app.coaching.sessions.promises import Promise, promised
from app.coaching.sessions.rhythms import Proposal
from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person


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
        """The day on which they stayed as they were; None: they still move."""
        if self.session.held_at is None:
            return None
        return date.fromisoformat(self.figures[0].on) if self.figures else clock.day_of(self.session.held_at)


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


def page_of(viewer: Viewer, session_id: int) -> SessionPage:
    session = queries.session_for(viewer, session_id)
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
    before = promised(and_(mine, Commitment.person_id.in_(scope.readable_people(viewer))))
    authors = {item.author_id for item in items if item.author_id is not None}
    names = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(authors)))
    leads = scope.leads(viewer, session.person)
    return SessionPage(
        session=session,
        person=session.person,
        coach=queries.coach_of(session),
        items=items,
        authors={row.id: row.name for row in names},
        open_before=before,
        made_here=promised(Commitment.session_id == session.id),
        figures=thaw(session.figures) if is_held else now(session.person_id),
        takes_part=leads or viewer.person_id == session.person_id,
        leads=leads,
        is_to_come=clock.day_of(session.starts_at) > clock.today(),
    )


def mine(viewer: Viewer) -> Mine:
    """What a person finds of their own coaching."""
    access.reading_as(viewer)
    person = db.session.scalars(
        select(Person).where(Person.id == viewer.person_id).options(joinedload(Person.manager))
    ).one()
    is_open = Commitment.status == CommitmentStatus.OPEN
    about_them = Commitment.person_id.in_(scope.readable_people(viewer))  # what a coach has promised, too
    own = promised(and_(is_open, about_them, Commitment.owner_id == viewer.person_id))
    others = promised(
        and_(is_open, Commitment.person_id == viewer.person_id, Commitment.owner_id != viewer.person_id)
    )
    planned, past = queries.sessions_of(viewer.person_id)
    return Mine(
        next=planned[0] if planned else None,
        coach=person.manager,
        proposal=None if planned else rhythms.proposals([person.id]).get(person.id),
        own=own,
        others=others,
        held=past,
    )


def person_page(viewer: Viewer, person_id: int) -> PersonPage:
    person = scope.person_for(viewer, person_id)
    planned, past = queries.sessions_of(person_id)
    still_open = promised(and_(Commitment.person_id == person_id, Commitment.status == CommitmentStatus.OPEN))
    settled = promised(
        and_(Commitment.person_id == person_id, Commitment.status != CommitmentStatus.OPEN),
        limit=queries.SHOWN,
    )
    ids = [person_id]
    return PersonPage(
        person=person,
        coach=db.session.get(Person, person.manager_id) if person.manager_id else None,
        leads=scope.leads(viewer, person),
        planned=planned,
        past=past,
        open=still_open,
        settled=settled,
        rhythm=rhythms.rhythm_of(person_id),
        proposal=None if planned else rhythms.proposals(ids).get(person_id),
        promised=rhythms.promised(ids).get(person_id, 0),
        held=queries.held_lately(ids).get(person_id, 0),
    )


def team(viewer: Viewer) -> list[Coached]:
    """Those whom the viewer coaches: who has waited longest comes first."""
    access.reading_as(viewer)
    people = db.session.scalars(
        select(Person)
        .where(Person.id.in_(scope.coached_by(viewer)))
        .order_by(func.lower(Person.name), Person.id)
    ).all()
    ids = [person.id for person in people]
    last, coming, next_ones = queries.last_held(ids), rhythms.proposals(ids), queries.next_planned(ids)
    promised, held = rhythms.promised(ids), queries.held_lately(ids)
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
