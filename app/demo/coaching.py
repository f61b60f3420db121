"""The demo company's coaching: two managers with a rhythm, sessions held and to come, notes, commitments."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from flask_babel import force_locale
from sqlalchemy import select

from app.coaching import access
from app.coaching.models import Session, SessionStatus
from app.coaching.notes import operations as notes
from app.coaching.notes.operations import Draft
from app.coaching.sessions import commitments, rhythms
from app.coaching.sessions import operations as sessions
from app.coaching.sessions.templates import templates
from app.core import clock
from app.core.viewer import Viewer
from app.demo.company import Cast
from app.demo.moments import at
from app.extensions import db
from app.people.models import Person

COACHES = 2  # of the managers
EVERY = (14, 14, 21)  # days, by team


@dataclass(frozen=True, slots=True)
class Said:
    note: str
    draft: str
    promised: str
    coach_promised: str
    item: str
    place: str


ES = Said(
    note=(
        "Valeria cuenta que los pedidos de tiendas se enfrían entre la visita y la oferta.\n"
        "Miramos juntas tres ventas perdidas: en dos la oferta salió después de una semana.\n"
        "Acordamos probar la oferta en el mismo día y volver a mirarlo en dos semanas."
    ),
    draft="Para la próxima: preguntar cómo fue la visita conjunta y qué le frenó con los descuentos.",
    promised="Enviar la oferta el mismo día de la visita, durante dos semanas",
    coach_promised="Hablar con Precios sobre el margen de las tiendas grandes",
    item="Clientes que piden plazo de pago",
    place="Sala Cares",
)
EN = Said(
    note=(
        "Valeria says that orders for tents go cold between the visit and the offer.\n"
        "We looked at three lost sales together: in two of them the offer left after a week.\n"
        "We agreed to try sending it on the same day, and to look again in two weeks."
    ),
    draft="Prepare for next time: ask how the joint visit went, and what held her back about discounts.",
    promised="Send the offer on the day of the visit, for two weeks",
    coach_promised="Talk to Pricing about the margin of the large tents",
    item="Customers who ask for later payment",
    place="Room Cares",
)


def write(cast: Cast, locale: str) -> None:
    """Runs inside the demo's transaction, after the goals: a session held keeps the figures of its day."""
    said = ES if locale.startswith("es") else EN
    template_id = templates()[0].id
    with force_locale(locale):  # an agenda speaks as its planner does
        for number, coach in enumerate(cast.managers[:COACHES]):
            people = [rep for rep in cast.reps if rep.manager_id == coach.id and rep.is_active]
            _team(coach, people, EVERY[number], template_id, said)
    _told(cast.managers[0], cast.reps[0], said)


def _team(coach: Person, people: list[Person], every_days: int, template_id: int, said: Said) -> None:
    """One has waited long, one was never coached; the others are about in time."""
    today, by = clock.today(), viewer_of(coach)
    for place, person in enumerate(people):
        rhythm = rhythms.set_rhythm(
            person.id, every_days=every_days, starts_on=today, template_id=template_id, by=by
        )
        if rhythm is not None:
            rhythm.starts_on = today - timedelta(days=70 - place)
        if place == len(people) - 1:
            continue
        waited = 38 if place == len(people) - 2 else 3 + place * 2
        for ago in (waited, waited + every_days, waited + 2 * every_days):
            held(coach, person, today - timedelta(days=ago), said.place)
        if place < 2:
            sessions.plan_session(
                person.id,
                by=by,
                starts_at=at(today + timedelta(days=place + 1)),
                minutes=30,
                place=said.place,
                template_id=template_id,
            )


def held(coach: Person, person: Person, day: date, place: str, plan_id: int | None = None) -> Session:
    """Long ago, on a day of work: its figures are not known any more."""
    access.reading_as(coach)
    day -= timedelta(days=max(day.weekday() - 4, 0))
    session = Session(
        person_id=person.id,
        coach_id=coach.id,
        starts_at=at(day),
        held_at=at(day),
        plan_id=plan_id,
        place=place,
        status=SessionStatus.HELD,
        created_by_id=coach.id,
    )
    db.session.add(session)
    db.session.flush()
    return session


def _told(coach: Person, rep: Person, said: Said) -> None:
    """The rep whom visitors look at: a session of today with figures, a note to sign, a draft, promises."""
    by = viewer_of(coach)
    session = sessions.log_session(rep.id, by=by, at=clock.now(), minutes=40, place=said.place)
    before = held(coach, rep, clock.today() - timedelta(days=16), said.place)
    late = commitments.commit_to(before.id, said.coach_promised, owner_id=coach.id, due_on=None, by=by)
    if late is not None:
        late.created_at = before.starts_at
        late.due_on = clock.today() - timedelta(days=2)
    commitments.commit_to(
        session.id, said.promised, owner_id=rep.id, due_on=clock.today() + timedelta(days=14), by=by
    )
    note = notes.save_draft(Draft(uuid4(), rep.id, said.note, 0, session.id), by=by)
    notes.share_note(note.id, by=by)
    notes.sign_note(note.id, revision=note.revision, by=by)
    notes.save_draft(Draft(uuid4(), rep.id, said.draft, 0), by=by)
    access.reading_as(coach)
    planned = db.session.scalars(
        select(Session)
        .where(Session.person_id == rep.id, Session.status == SessionStatus.PLANNED)
        .order_by(Session.starts_at)
    ).first()
    if planned is not None:
        sessions.add_item(planned.id, said.item, by=viewer_of(rep))


def viewer_of(person: Person) -> Viewer:
    """As if they had signed in."""
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
