"""A session as a calendar file (RFC 5545): the same event however often it is downloaded.

The UID stays, SEQUENCE counts its moves, the time is local with the zone's rules beside it. Neither agenda
nor notes go into somebody's calendar: it may be shared.
"""

from datetime import timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from app.coaching.models import Session, SessionStatus
from app.core import clock
from app.people.models import Person

_STATUS = {
    SessionStatus.PLANNED: "CONFIRMED",
    SessionStatus.HELD: "CONFIRMED",
    SessionStatus.CANCELLED: "CANCELLED",
}


def method(session: Session) -> str:
    """A published event is put beside one's own; a cancelled one takes the earlier one out (RFC 5546)."""
    return "CANCEL" if session.status is SessionStatus.CANCELLED else "PUBLISH"


def calendar_file(session: Session, person: Person, coach: Person, url: str) -> bytes:
    event = Event()
    event.add("uid", f"{session.uid}@cumbre")
    event.add("sequence", session.sequence)
    event.add("dtstamp", clock.now())
    starts_at = session.starts_at.astimezone(clock.zone())
    event.add("dtstart", starts_at)
    # Local time plus minutes would be an hour off in the night in which the clocks change.
    event.add("dtend", (session.starts_at + timedelta(minutes=session.minutes)).astimezone(clock.zone()))
    event.add("summary", _("One-to-one: %(person)s and %(coach)s", person=person.name, coach=coach.name))
    event.add("status", _STATUS[session.status])
    event.add("url", url)
    event.add("class", "PRIVATE")
    if session.place:
        event.add("location", session.place)
    organizer = vCalAddress(f"MAILTO:{coach.email}" if coach.email else "invalid:nomail")
    organizer.params["cn"] = vText(coach.name)
    event["organizer"] = organizer
    calendar = Calendar()
    calendar.add("prodid", "-//Cumbre//Coaching//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method(session))
    calendar.add_component(event)
    day = starts_at.date()
    calendar.add_missing_timezones(first_date=day - timedelta(days=400), last_date=day + timedelta(days=400))
    return bytes(calendar.to_ical())
