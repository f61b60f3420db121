"""Who is due, whose session it is, and where pages lead to it."""

from datetime import timedelta

from app.coaching.sessions import rhythms
from app.core import clock
from app.extensions import db
from app.people import operations as people
from tests.coaching.talks import (
    make_commitment,
    make_held,
    make_rhythm,
    make_session,
    make_shared,
    sessions_of,
    viewer_of,
)
from tests.jobs import run_jobs


def test_a_rhythm_proposes_the_next_session_and_plans_none(cast, as_marta) -> None:
    make_held(cast.marta, cast.ana, days_ago=5)
    form = as_marta.get(f"/coaching/people/{cast.ana.id}").form_data("#rhythm form")
    as_marta.post(f"/coaching/people/{cast.ana.id}/rhythm", form | {"every": "14"})
    page = as_marta.get(f"/coaching/people/{cast.ana.id}")
    assert "by the rhythm" in page.text
    proposal = rhythms.proposals([cast.ana.id])[cast.ana.id]
    assert proposal.due_on == clock.today() + timedelta(days=9)
    assert as_marta.get(f"/coaching/people/{cast.ana.id}/sessions/new").one("#day")["value"] == (
        proposal.day.isoformat()
    )
    assert len(sessions_of(cast.ana)) == 1


def test_the_managers_page_says_who_waits_what_is_overdue_and_what_was_promised(cast, as_marta) -> None:
    make_rhythm(cast.marta, cast.bea, 7, clock.today() - timedelta(days=20))
    make_held(cast.marta, cast.bea, days_ago=10)
    session = make_held(cast.marta, cast.ana, days_ago=2)
    make_commitment(session, cast.ana, cast.marta, clock.today() - timedelta(days=1))
    page = as_marta.get("/coaching/team")
    rows = [row["id"] for row in page.all("[id^=coached-]")]
    assert rows == [f"coached-{cast.bea.id}", f"coached-{cast.ana.id}"]
    bea, ana = (page.text_of(f"#coached-{each.id}") for each in (cast.bea, cast.ana))
    assert "Last session 10 days ago" in bea
    assert "Due for 3 days" in bea
    assert "1 held, 3 promised in 3 months" in bea
    assert "1 commitment overdue" in ana
    assert "Call three old customers" in page.text
    assert "Nora" not in page.text  # she left


def test_when_the_manager_changes_the_planned_session_goes_along(cast, as_marta, as_omar, as_ana) -> None:
    url = f"/coaching/sessions/{make_session(cast.marta, cast.ana, clock.now()).id}"
    people.set_manager(cast.ana, cast.omar, clock.today(), by_id=cast.alba.id)
    db.session.commit()
    assert as_marta.get(url).status == 404
    assert "with Omar Otero" in as_omar.get(url).text
    assert "with Omar Otero" in as_ana.get("/coaching").text
    as_omar.post(f"{url}/held")
    assert [each.coach_id for each in sessions_of(cast.ana)] == [cast.omar.id]


def test_who_led_a_session_keeps_it_after_the_manager_changed_but_nothing_after(
    cast, as_marta, as_omar
) -> None:
    old = make_held(cast.marta, cast.ana)
    people.set_manager(cast.ana, cast.omar, clock.today(), by_id=cast.alba.id)
    db.session.commit()
    new = make_held(cast.omar, cast.ana)
    make_commitment(new, cast.ana, cast.omar)
    page = as_marta.get(f"/coaching/sessions/{old.id}")
    assert page.status == 200
    assert "Call three old customers" not in page.text
    assert not page.all("#new-commitment")
    assert as_marta.get(f"/coaching/sessions/{new.id}").status == 404
    assert as_omar.get(f"/coaching/sessions/{old.id}").status == 200


def test_the_home_pages_lead_to_the_session_of_today(cast, as_marta, as_ana) -> None:
    session = make_session(cast.marta, cast.ana, clock.now() + timedelta(seconds=1))
    if clock.day_of(session.starts_at) != clock.today():
        return  # the second before midnight
    assert as_ana.get("/").one(f".card--primary a[href='/coaching/sessions/{session.id}']")
    assert "Session with Ana Alonso" in as_marta.get("/").text


def test_the_managers_home_says_when_each_was_last_coached_and_begins_a_note(
    cast, as_marta, as_ximena
) -> None:
    make_held(cast.marta, cast.ana, days_ago=3)
    page = as_marta.get("/")
    assert "Last session 3 days ago" in page.text_of(f"#member-{cast.ana.id}")
    assert page.one(f"#member-{cast.ana.id} a[href='/coaching/notes/new?person_id={cast.ana.id}']")


def test_the_profile_leads_to_the_coaching_of_those_who_may_read_it(
    cast, as_marta, as_hilda, as_ximena
) -> None:
    link = f"a[href='/coaching/people/{cast.ana.id}']"
    for client, count in ((as_marta, 1), (as_hilda, 1), (as_ximena, 0)):
        assert len(client.get(f"/people/{cast.ana.id}").all(link)) == count


def test_planning_tells_the_person_and_holding_too(cast, as_ana) -> None:
    session = make_session(cast.marta, cast.ana, clock.now())
    from app.coaching.sessions.operations import hold_session

    hold_session(session.id, by=viewer_of(cast.marta))
    make_shared(cast.marta, cast.ana, "Nobody reads this in the inbox")
    run_jobs()
    inbox = as_ana.get("/notifications").text
    for words in ("planned a session with you", "wrote down your session", "shared a note with you"):
        assert f"Marta Manrique {words}" in inbox
    assert "Nobody reads this" not in inbox
