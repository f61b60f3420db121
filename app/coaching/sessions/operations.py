"""One-to-ones: planned, moved, held, logged afterwards, cancelled; what is on their agenda.

The person's manager of today leads them, whoever planned them. Both may move and cancel them, and add to
the agenda.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.coaching import access, scope
from app.coaching.models import AgendaItem, Plan, Session, SessionStatus, SessionTemplate
from app.coaching.sessions import figures
from app.core import audit, clock, events, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.locales import language
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person

LOG_BACK = timedelta(days=14)
"""A session is logged while it is fresh."""
PLAN_AHEAD = timedelta(days=400)


@atomic
def plan_session(
    person_id: int,
    *,
    by: Viewer,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    template_id: int | None = None,
    plan_id: int | None = None,
    key: UUID | None = None,
) -> Session:
    """Arrange a one-to-one with somebody whom one coaches. Raises Invalid for a time that is over."""
    person = scope.person_led(by, person_id)
    if key is not None and (earlier := idempotency.earlier(key, by.person_id)) is not None:
        return _again(earlier)
    _check_time(starts_at)
    if plan_id is not None and not _is_plan_of(person.id, plan_id):
        raise NotFound
    session = Session(
        person_id=person.id,
        coach_id=by.person_id,
        plan_id=plan_id,
        template_id=template_id,
        starts_at=starts_at,
        minutes=minutes,
        place=place.strip(),
        created_by_id=by.person_id,
    )
    db.session.add(session)
    db.session.flush()
    _put_on_agenda(session, template_id)
    audit.record("session.planned", session, actor_id=by.person_id, person_id=person.id)
    _tell("session_planned", session, by)
    if key is not None:
        idempotency.settle(key, session.id)
    return session


@atomic
def move_session(session_id: int, *, by: Viewer, starts_at: datetime, minutes: int, why: str) -> Session:
    """Another time, with a reason. Raises Conflict once it was held or cancelled."""
    session = _planned(session_id, by)
    if not why.strip():
        raise Invalid(_("Say why, so that the other knows."), "why")
    _check_time(starts_at)
    if (session.starts_at, session.minutes) == (starts_at, minutes):
        return session
    session.moved_from, session.moved_why = session.starts_at, why.strip()
    session.starts_at, session.minutes = starts_at, minutes
    session.sequence += 1
    db.session.flush()
    audit.record("session.moved", session, actor_id=by.person_id, was=session.moved_from.isoformat())
    _tell("session_moved", session, by)
    return session


@atomic
def cancel_session(session_id: int, *, by: Viewer, why: str) -> Session:
    session = _planned(session_id, by)
    if not why.strip():
        raise Invalid(_("Say why, so that the other knows."), "why")
    session.status, session.cancelled_why = SessionStatus.CANCELLED, why.strip()
    session.sequence += 1
    db.session.flush()
    audit.record("session.cancelled", session, actor_id=by.person_id)
    _tell("session_cancelled", session, by)
    return session


@atomic
def hold_session(session_id: int, *, by: Viewer) -> Session:
    """It took place: the person's figures of its day stay on it. A second time changes nothing."""
    session = session_locked(session_id, by)
    if session.status is SessionStatus.HELD:
        return session
    if session.status is SessionStatus.CANCELLED:
        raise Conflict(_("This session was cancelled."))
    scope.person_led(by, session.person_id)
    if clock.day_of(session.starts_at) > clock.today():
        raise Conflict(_("This session is still to come. Move it to today if you have had it already."))
    _mark_held(session, by, min(session.starts_at, clock.now()))
    audit.record("session.held", session, actor_id=by.person_id, person_id=session.person_id)
    return session


@atomic
def log_session(
    person_id: int, *, by: Viewer, at: datetime, minutes: int, place: str = "", key: UUID | None = None
) -> Session:
    """Write down a one-to-one that has taken place, planned or not.

    Where one was planned for that day it is this one. Raises Invalid for a time to come or long over.
    """
    person = scope.person_led(by, person_id)
    if key is not None and (earlier := idempotency.earlier(key, by.person_id)) is not None:
        return _again(earlier)
    now = clock.now()
    if at > now + timedelta(minutes=5):
        raise Invalid(_("This is still to come: plan it instead."), "day")
    if at < now - LOG_BACK:
        raise Invalid(_("A session is logged within %(num)s days.", num=LOG_BACK.days), "day")
    session = _planned_on(person.id, clock.day_of(at))
    if session is None:
        session = Session(person_id=person.id, coach_id=by.person_id, created_by_id=by.person_id)
        session.status = SessionStatus.PLANNED
        session.sequence = 0
        db.session.add(session)
    session.starts_at, session.minutes = at, minutes
    session.place = place.strip() or session.place or ""
    _mark_held(session, by, at)
    audit.record("session.held", session, actor_id=by.person_id, person_id=person.id, logged=True)
    if key is not None:
        idempotency.settle(key, session.id)
    return session


@atomic
def add_item(session_id: int, text: str, *, by: Viewer, key: UUID | None = None) -> Session:
    """Put something on the agenda; both may, until the session is held."""
    session = _planned(session_id, by)
    if not text.strip():
        raise Invalid(_("Write what you want to talk about."), "text")
    if key is not None and idempotency.earlier(key, by.person_id) is not None:
        return session
    _append(session, [text.strip()], by.person_id)
    audit.record("session.agenda_changed", session, actor_id=by.person_id)
    _announce(session)
    return session


@atomic
def tick_item(item_id: int, *, is_done: bool, by: Viewer) -> Session:
    """It was talked about, or not yet."""
    item, session = _item(item_id, by)
    if session.status is SessionStatus.CANCELLED:
        raise Conflict(_("This session was cancelled."))
    if item.is_done != is_done:
        item.is_done = is_done
        audit.record("session.agenda_changed", session, actor_id=by.person_id)
        _announce(session)
    return session


@atomic
def remove_item(item_id: int, *, by: Viewer) -> Session:
    """Take off what one has put on the agenda; what came from a template its coach may."""
    item, session = _item(item_id, by)
    if session.status is not SessionStatus.PLANNED:
        raise Conflict(_("The agenda stays as it was."))
    is_own = item.author_id == by.person_id
    if not is_own and not (item.author_id is None and by.person_id != session.person_id):
        raise NotFound
    db.session.delete(item)
    db.session.flush()
    audit.record("session.agenda_changed", session, actor_id=by.person_id)
    _announce(session)
    return session


def session_locked(session_id: int, by: Viewer) -> Session:
    """A session of the viewer's own or of somebody whom they coach, for a change of it."""
    access.reading_as(by)
    session = db.session.scalars(
        select(Session)
        .where(Session.id == session_id, Session.person_id.in_(scope.taking_part(by)))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if session is None:
        raise NotFound
    return session


def coach_of(session: Session) -> int:
    """Who leads it: who led one that was held, else the person's manager of today."""
    if session.status is SessionStatus.HELD:
        return session.coach_id
    manager_id = db.session.scalar(select(Person.manager_id).where(Person.id == session.person_id))
    return manager_id or session.coach_id


def _planned(session_id: int, by: Viewer) -> Session:
    session = session_locked(session_id, by)
    if session.status is SessionStatus.HELD:
        raise Conflict(_("This session was held already."))
    if session.status is SessionStatus.CANCELLED:
        raise Conflict(_("This session was cancelled."))
    return session


def _planned_on(person_id: int, day: date) -> Session | None:
    """The one that was planned for a day: logging it must not make a second."""
    found = db.session.scalars(
        select(Session)
        .where(Session.person_id == person_id, Session.status == SessionStatus.PLANNED)
        .order_by(Session.starts_at, Session.id)
        .with_for_update()
    )
    return next((each for each in found if clock.day_of(each.starts_at) == day), None)


def _item(item_id: int, by: Viewer) -> tuple[AgendaItem, Session]:
    access.reading_as(by)
    item = db.session.get(AgendaItem, item_id)
    if item is None:
        raise NotFound
    return item, session_locked(item.session_id, by)


def _mark_held(session: Session, by: Viewer, at: datetime) -> None:
    session.status, session.held_at = SessionStatus.HELD, at
    session.coach_id = by.person_id  # who led it, also where another manager had planned it
    session.figures = figures.freeze(session.person_id, clock.day_of(at))
    db.session.flush()
    _tell("session_held", session, by)


def _is_plan_of(person_id: int, plan_id: int) -> bool:
    return bool(db.session.scalar(select(Plan.id).where(Plan.id == plan_id, Plan.person_id == person_id)))


def _check_time(starts_at: datetime) -> None:
    now = clock.now()
    if starts_at < now - timedelta(minutes=5):
        raise Invalid(_("This time is over. Choose one to come, or log the session."), "day")
    if starts_at > now + PLAN_AHEAD:
        raise Invalid(_("Choose a day within a year."), "day")


def _put_on_agenda(session: Session, template_id: int | None) -> None:
    if template_id is None:
        return
    template = db.session.get(SessionTemplate, template_id)
    if template is None or template.archived_at is not None:
        raise Invalid(_("Choose one of the list."), "template")
    _append(session, [one.get(language()) or next(iter(one.values()), "") for one in template.items], None)


def _append(session: Session, texts: Sequence[str], author_id: int | None) -> None:
    last = db.session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.session_id == session.id))
    for position, text in enumerate(filter(None, texts), (last or 0) + 1):
        db.session.add(AgendaItem(session_id=session.id, author_id=author_id, position=position, text=text))
    db.session.flush()


def _again(earlier: idempotency.Submission) -> Session:
    """What the first post has made."""
    return db.session.get_one(Session, earlier.subject_id)


def _tell(name: str, session: Session, by: Viewer) -> None:
    events.record(
        name,
        session_id=session.id,
        person_id=session.person_id,
        coach_id=coach_of(session),
        by_id=by.person_id,
        starts_at=session.starts_at.isoformat(),
    )
    _announce(session)


def _announce(session: Session) -> None:
    changes.announce("coaching", people=sorted({session.person_id, session.coach_id, coach_of(session)}))
