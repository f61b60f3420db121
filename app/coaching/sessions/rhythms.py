"""How often a person is promised a one-to-one, and when the next is due. Nothing is planned by itself: the
next session is proposed where its planner looks."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from app.coaching import scope
from app.coaching.models import Rhythm, Session, SessionStatus
from app.coaching.sessions import rhythm
from app.core import audit, clock
from app.core.changes import changes
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.goals.holidays import company_calendar
from app.people.models import Person

USUAL_TIME = time(10, 0)


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


@atomic
def set_rhythm(
    person_id: int, *, every_days: int | None, starts_on: date | None, template_id: int | None, by: Viewer
) -> Rhythm | None:
    """Promise a one-to-one every so many days from a day on; None: no rhythm any more."""
    person = scope.person_led(by, person_id)
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    today = clock.today()
    before = db.session.scalars(
        select(Rhythm).where(Rhythm.person_id == person_id, Rhythm.ended_on.is_(None)).with_for_update()
    ).one_or_none()
    first = starts_on or today
    if every_days is not None and first < today and (before is None or first != before.starts_on):
        raise Invalid(_("Choose today or a day to come."), "starts_on")
    if before is not None:
        if before.every_days == every_days and before.starts_on == first:
            before.template_id = template_id
            return before
        if before.starts_on >= today:
            db.session.delete(before)
        else:
            before.ended_on = today - timedelta(days=1)
        db.session.flush()
    made = None
    if every_days is not None:
        made = Rhythm(
            person_id=person_id,
            every_days=every_days,
            template_id=template_id,
            starts_on=first,
            set_by_id=by.person_id,
        )
        db.session.add(made)
        db.session.flush()
    if made is not None or before is not None:
        audit.record("session.rhythm_set", person, actor_id=by.person_id, every_days=every_days)
        changes.announce("coaching", people=[person_id, by.person_id])
    return made


def rhythm_of(person_id: int) -> Rhythm | None:
    return db.session.scalars(
        select(Rhythm).where(Rhythm.person_id == person_id, Rhythm.ended_on.is_(None))
    ).one_or_none()


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


def _last_started(person_ids: Collection[int]) -> dict[int, datetime]:
    stmt = (
        select(Session.person_id, func.max(Session.starts_at))
        .where(Session.person_id.in_(person_ids), Session.status == SessionStatus.HELD)
        .group_by(Session.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(stmt)}


def promised(person_ids: Collection[int]) -> dict[int, int]:
    """How many sessions each was promised over the time that is looked back on."""
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
