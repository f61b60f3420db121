"""How often a person is promised a one-to-one, and when the next is due. Nothing is planned by itself: the
next session is proposed where its planner looks."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app.coaching import scope
from app.coaching.models import Rhythm
from app.core import audit, clock
from app.core.changes import changes
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person


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
