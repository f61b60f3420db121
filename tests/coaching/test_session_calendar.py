"""A session's calendar file: one event, its zone, its changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from app.coaching.sessions import operations as sessions
from app.core import clock
from tests import factories
from tests.client import Page
from tests.coaching.talks import make_session, make_shared, viewer_of


def the_file(page: Page) -> icalendar.Calendar:
    assert page.status == 200
    return icalendar.Calendar.from_ical(page.response.get_data())


def event_of(calendar: icalendar.Calendar) -> icalendar.Event:
    (event,) = calendar.walk("VEVENT")
    return event


@pytest.fixture
def in_madrid(cast) -> ZoneInfo:
    factories.make_company(timezone="Europe/Madrid")
    return ZoneInfo("Europe/Madrid")


def test_a_session_is_one_event_with_the_zone_of_the_company(cast, as_ana, in_madrid) -> None:
    day = clock.today() + timedelta(days=10)
    session = make_session(
        cast.marta, cast.ana, datetime.combine(day, time(9, 30), in_madrid), place="Aula, 2"
    )
    page = as_ana.get(f"/coaching/sessions/{session.id}/calendar.ics")
    assert page.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert page.headers["Content-Disposition"] == f"attachment; filename=session-{day.isoformat()}.ics"
    calendar = the_file(page)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Madrid"]
    event = event_of(calendar)
    assert event["DTSTART"].params["TZID"] == "Europe/Madrid"
    assert event["DTSTART"].dt.astimezone(UTC) == session.starts_at.astimezone(UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)
    assert event["DTSTART"].dt.time() == time(9, 30)
    assert (str(event["SUMMARY"]), event["SEQUENCE"]) == ("One-to-one: Ana Alonso and Marta Manrique", 0)
    assert str(event["LOCATION"]) == "Aula, 2"
    assert str(event["ORGANIZER"]).startswith("MAILTO:marta.")
    assert str(event["URL"]).endswith(f"/coaching/sessions/{session.id}")


def test_the_rules_of_the_zone_are_right_on_both_sides_of_the_clock_change(cast, as_ana, in_madrid) -> None:
    """The file's own rules, not the reader's, put the event at the right instant."""
    for month in (1, 7):
        year = clock.today().year + (1 if clock.today().month >= month else 0)
        at = datetime(year, month, 15, 10, 0, tzinfo=in_madrid)
        session = make_session(cast.marta, cast.ana, at)
        calendar = the_file(as_ana.get(f"/coaching/sessions/{session.id}/calendar.ics"))
        (zone,) = calendar.walk("VTIMEZONE")
        local = event_of(calendar)["DTSTART"].dt.replace(tzinfo=None)
        assert (local - zone.to_tz().utcoffset(local)).replace(tzinfo=UTC) == at.astimezone(UTC)


def test_a_move_keeps_the_event_and_counts_a_cancellation_takes_it_out(cast, as_marta) -> None:
    session = make_session(cast.marta, cast.ana)
    url = f"/coaching/sessions/{session.id}/calendar.ics"
    first = event_of(the_file(as_marta.get(url)))
    by = viewer_of(cast.ana)
    later = session.starts_at + timedelta(days=1)
    sessions.move_session(session.id, by=by, starts_at=later, minutes=45, why="A visit")
    moved = event_of(the_file(as_marta.get(url)))
    assert (moved["UID"], moved["SEQUENCE"], moved["STATUS"]) == (first["UID"], 1, "CONFIRMED")
    assert moved["DTSTART"].dt == later
    sessions.cancel_session(session.id, by=by, why="Ill")
    page = as_marta.get(url)
    calendar = the_file(page)
    assert calendar["METHOD"] == "CANCEL"
    assert "method=CANCEL" in page.headers["Content-Type"]
    gone = event_of(calendar)
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (first["UID"], 2, "CANCELLED")


def test_lines_are_folded_and_end_as_the_format_wants(cast, as_ana) -> None:
    session = make_session(cast.marta, cast.ana, place="Ñ" * 90 + "; \\ , end")
    raw = as_ana.get(f"/coaching/sessions/{session.id}/calendar.ics").response.get_data()
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert str(event_of(icalendar.Calendar.from_ical(raw))["LOCATION"]) == "Ñ" * 90 + "; \\ , end"


def test_neither_agenda_nor_notes_go_into_a_calendar(cast, as_ana) -> None:
    session = make_session(cast.marta, cast.ana)
    sessions.add_item(session.id, "Secret agenda", by=viewer_of(cast.ana))
    make_shared(cast.marta, cast.ana, "Secret note", session)
    text = as_ana.get(f"/coaching/sessions/{session.id}/calendar.ics").response.get_data(as_text=True)
    assert "Secret" not in text
