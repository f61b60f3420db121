from datetime import date

from flask_babel import gettext as _

from app.core.audit import record
from app.core.changes import changes
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import DayOff, Person

LONGEST = 366


@atomic
def add_days_off(
    person: Person, starts_on: date, ends_on: date, reason: str | None, *, by_id: int | None
) -> DayOff:
    """Days on which a person does not work, both included. Raises Invalid for a year or more."""
    if ends_on < starts_on:
        raise Invalid(_("The last day cannot come before the first."), "ends_on")
    if (ends_on - starts_on).days >= LONGEST:
        raise Invalid(_("That is more than a year. Enter it year by year."), "ends_on")
    off = DayOff(person_id=person.id, starts_on=starts_on, ends_on=ends_on, reason=reason)
    db.session.add(off)
    record("days_off.added", off, actor_id=by_id, person_id=person.id)
    changes.announce("people", people=[person.id], boards=False)
    return off


@atomic
def remove_days_off(off: DayOff, *, by_id: int | None) -> None:
    record(
        "days_off.removed",
        off,
        actor_id=by_id,
        person_id=off.person_id,
        starts_on=off.starts_on.isoformat(),
        ends_on=off.ends_on.isoformat(),
    )
    db.session.delete(off)
    changes.announce("people", people=[off.person_id], boards=False)
