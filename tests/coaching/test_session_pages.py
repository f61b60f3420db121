"""One-to-ones through the pages: planned, prepared, moved, held, logged, looked back at."""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select

from app.coaching import access
from app.coaching.models import Commitment, CommitmentStatus, Session, SessionStatus
from app.coaching.sessions import rhythms
from app.core import clock
from app.core.audit import AuditEntry
from app.extensions import db
from app.notifications.models import Notification
from app.people import operations as people
from tests.client import Client, Page
from tests.coaching.secrets import make_plan
from tests.coaching.talks import (
    make_commitment,
    make_held,
    make_rhythm,
    make_session,
    make_shared,
    soon,
    the_session,
    viewer_of,
)
from tests.goals.factories import make_goal
from tests.jobs import run_jobs
from tests.sales.factories import make_sale


def sessions_of(person) -> list[Session]:
    access.as_worker()
    return list(
        db.session.scalars(select(Session).where(Session.person_id == person.id).order_by(Session.id))
    )


def plan(client: Client, person, **more: str) -> Page:
    page = client.get(f"/coaching/people/{person.id}/sessions/new")
    return client.post(f"/coaching/people/{person.id}/sessions", page.form_data() | more)


def test_a_manager_plans_a_session_from_a_template_and_both_find_it(cast, as_marta, as_ana) -> None:
    form = as_marta.get(f"/coaching/people/{cast.ana.id}/sessions/new")
    template = form.one("#template option[value='1'], #template option:nth-of-type(2)")["value"]
    day = (clock.today() + timedelta(days=3)).isoformat()
    page = as_marta.follow(plan(as_marta, cast.ana, day=day, at="15:30", template=template, place="Cantina"))
    assert "How are you, and what was good since last time?" in page.text
    mine = as_ana.get("/coaching")
    assert "with Marta Manrique · Cantina" in mine.text
    assert "3:30" in mine.text


def test_a_plans_first_session_comes_on_the_day_that_it_proposes(cast, as_marta, as_ana) -> None:
    plan, day = make_plan(cast), clock.today() + timedelta(days=4)
    url = f"/coaching/people/{cast.ana.id}/sessions/new?plan_id={plan.id}&day={day.isoformat()}"
    form = as_marta.get(url).form_data()
    assert form["day"] == day.isoformat()
    page = as_marta.follow(as_marta.post(f"/coaching/people/{cast.ana.id}/sessions", form))
    assert "Your view first: what happened?" in page.text
    assert page.one(f"a[href='/coaching/plans/{plan.id}']")
    assert [each.plan_id for each in sessions_of(cast.ana)] == [plan.id]


def test_a_session_belongs_to_a_plan_of_its_person_only(cast, as_marta) -> None:
    plan = make_plan(cast)
    form = as_marta.get(f"/coaching/people/{cast.bea.id}/sessions/new").form_data()
    answer = as_marta.post(f"/coaching/people/{cast.bea.id}/sessions", form | {"plan": str(plan.id)})
    assert answer.status == 404
    assert sessions_of(cast.bea) == []


def test_a_form_sent_twice_plans_one_session(cast, as_marta) -> None:
    page = as_marta.get(f"/coaching/people/{cast.ana.id}/sessions/new")
    for _ in range(2):
        as_marta.post(f"/coaching/people/{cast.ana.id}/sessions", page.form_data())
    assert len(sessions_of(cast.ana)) == 1


def test_a_time_that_is_over_is_refused_beside_its_field(cast, as_marta) -> None:
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    page = plan(as_marta, cast.ana, day=yesterday)
    assert page.status == 422
    assert "This time is over" in page.text_of(".field:has(#day) .field__error")


def test_both_put_something_on_the_agenda_and_only_take_off_their_own(cast, as_marta, as_ana) -> None:
    session = make_session(cast.marta, cast.ana)
    url = f"/coaching/sessions/{session.id}"
    for client, text in ((as_marta, "The trade fair"), (as_ana, "Late deliveries")):
        form = client.get(url).form_data("#new-item")
        client.post(f"{url}/agenda", form | {"text": text})
    agenda = as_ana.hx_get(f"{url}/talk")
    assert [item.get_text(" ", strip=True).split("  ")[0] for item in agenda.all("[id^=item-] .grow")] == [
        "The trade fair Marta Manrique",
        "Late deliveries Ana Alonso",
    ]
    theirs, own = agenda.all("[id^=item-]")
    assert not theirs.select("form[action$=removal]")
    removal = own.select_one("form[action$=removal]")["action"]
    assert as_marta.post(removal).status == 404
    assert as_ana.post(removal).status == 303
    assert "Late deliveries" not in as_ana.get(url).text


def test_an_empty_line_is_no_agenda(cast, as_ana) -> None:
    session = make_session(cast.marta, cast.ana)
    page = as_ana.hx_post(f"/coaching/sessions/{session.id}/agenda", {"text": " "})
    assert page.status == 422
    assert page.one("#session .field__error")


def test_what_was_talked_about_is_ticked_without_leaving_the_page(cast, as_marta) -> None:
    session = make_session(cast.marta, cast.ana)
    url = f"/coaching/sessions/{session.id}"
    as_marta.post(f"{url}/agenda", as_marta.get(url).form_data("#new-item") | {"text": "Prices"})
    tick = as_marta.get(url).all("[id^=item-] form")[0]["action"]
    assert as_marta.hx_post(tick, {"done": "yes"}).one("[id^=item-] .good")


def test_a_session_is_moved_with_a_reason_that_the_other_reads(cast, as_ana, as_marta) -> None:
    session = make_session(cast.marta, cast.ana)
    before = session.starts_at
    form = as_ana.get(f"/coaching/sessions/{session.id}/move").form_data()
    assert as_ana.post(f"/coaching/sessions/{session.id}/move", form).status == 422
    day = (clock.today() + timedelta(days=5)).isoformat()
    as_ana.post(f"/coaching/sessions/{session.id}/move", form | {"day": day, "why": "A customer is in town"})
    page = as_marta.get(f"/coaching/sessions/{session.id}")
    assert "A customer is in town" in page.text_of(".notice")
    moved = the_session(session.id)
    assert (moved.moved_from, moved.sequence) == (before, 1)
    run_jobs()
    told = db.session.scalars(select(Notification).where(Notification.kind == "session_moved")).one()
    assert told.person_id == cast.marta.id
    assert "Ana Alonso moved your session" in as_marta.get("/notifications").text


def test_a_session_is_cancelled_with_a_reason_and_never_held(cast, as_marta, as_ana) -> None:
    session = make_session(cast.marta, cast.ana, clock.now())
    url = f"/coaching/sessions/{session.id}"
    assert as_marta.post(f"{url}/cancellation", {"why": ""}).status == 422
    as_marta.post(f"{url}/cancellation", {"why": "Ill"})
    assert "Ill" in as_ana.get(url).text_of(".notice")
    assert as_marta.post(f"{url}/held").status == 409
    assert the_session(session.id).status is SessionStatus.CANCELLED


def test_figures_stay_as_they_were_when_the_session_was_held(cast, as_marta) -> None:
    goal = make_goal(cast.ana, 1_000_00)
    make_sale(cast.ana, 250_00)
    session = make_session(cast.marta, cast.ana, clock.now())
    url = f"/coaching/sessions/{session.id}"
    assert as_marta.get(url).text_of(".goal__share") == "25%"
    as_marta.post(f"{url}/held")
    make_sale(cast.ana, 500_00)
    goal.target = 900_00
    db.session.commit()
    page = as_marta.get(url)
    assert page.text_of(".goal__share") == "25%"
    assert "$250 of $1,000" in page.text
    assert "Place 1 of" in page.text
    other = make_session(cast.marta, cast.ana)
    assert as_marta.get(f"/coaching/sessions/{other.id}").text_of(".goal__share") == "83%"


def test_holding_twice_changes_nothing_and_what_is_to_come_is_not_held(cast, as_marta) -> None:
    session = make_session(cast.marta, cast.ana, clock.now())
    for _ in range(2):
        assert as_marta.post(f"/coaching/sessions/{session.id}/held").status == 303
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "session.held")).all()
    assert len(actions) == 1
    to_come = make_session(cast.marta, cast.ana, soon(2))
    assert as_marta.post(f"/coaching/sessions/{to_come.id}/held").status == 409


def test_commitments_of_both_are_carried_over_until_done_or_dropped_with_a_reason(
    cast, as_marta, as_ana
) -> None:
    first = make_held(cast.marta, cast.ana, days_ago=14)
    url = f"/coaching/sessions/{first.id}"
    for client, owner, text in ((as_marta, cast.ana, "Call Refugio"), (as_ana, cast.marta, "Ask pricing")):
        form = client.get(url).form_data("#new-commitment")
        assert client.post(f"{url}/commitments", form | {"text": text, "owner": str(owner.id)}).status == 303
    later = make_session(cast.marta, cast.ana)
    carried = as_ana.get(f"/coaching/sessions/{later.id}").text_of("#session-talk")
    assert "Carried over Call Refugio Ana Alonso · open since" in carried
    assert "Ask pricing Marta Manrique · open since" in carried

    access.as_worker()
    call, ask = db.session.scalars(select(Commitment).order_by(Commitment.id)).all()
    as_ana.post(f"/coaching/commitments/{call.id}/done", {"back": str(later.id)})
    assert as_marta.post(f"/coaching/commitments/{ask.id}/drop", {"why": " "}).status == 422
    as_marta.post(f"/coaching/commitments/{ask.id}/drop", {"why": "Pricing has decided"})
    assert "Carried over" not in as_ana.get(f"/coaching/sessions/{later.id}").text
    assert "Pricing has decided" in as_ana.get(url).text


def test_done_by_mistake_is_taken_back(cast, as_ana) -> None:
    promise = make_commitment(make_held(cast.marta, cast.ana), cast.ana, cast.marta)
    assert as_ana.post(f"/coaching/commitments/{promise.id}/done", {"back": "mine"}).location == "/coaching"
    as_ana.post(f"/coaching/commitments/{promise.id}/open")
    access.as_worker()
    assert db.session.get_one(Commitment, promise.id).status is CommitmentStatus.OPEN


def test_a_held_session_shows_what_stood_open_on_that_day(cast, as_marta) -> None:
    first = make_held(cast.marta, cast.ana, days_ago=20)
    promise = make_commitment(first, cast.ana, cast.marta)
    access.as_worker()
    promise.created_at = clock.now() - timedelta(days=20)
    db.session.commit()
    second = make_held(cast.marta, cast.ana, days_ago=10)
    as_marta.post(f"/coaching/commitments/{promise.id}/done")
    assert "Carried over" in as_marta.get(f"/coaching/sessions/{second.id}").text


def test_a_session_is_logged_on_one_screen(cast, as_marta, as_ana) -> None:
    make_goal(cast.ana, 1_000_00)
    old = make_commitment(make_held(cast.marta, cast.ana, days_ago=7), cast.ana, cast.marta)
    page = as_marta.get(f"/coaching/sessions/log?person={cast.ana.id}")
    form = page.form_data("form[data-kept]")
    form |= {
        "body": "She saw it herself.",
        "share": "shared",
        "promise-0": "Visit together",
        "owner-0": str(cast.marta.id),
        "kept": str(old.id),
    }
    for _ in range(2):  # sent twice on a bad connection
        answer = as_marta.post(f"/coaching/people/{cast.ana.id}/log", form)
    session = as_marta.follow(answer)
    assert "Visit together Marta Manrique" in session.text
    assert session.text_of(".goal__share") == "0%"
    assert len(sessions_of(cast.ana)) == 2
    access.as_worker()
    texts = db.session.execute(select(Commitment.text, Commitment.status).order_by(Commitment.id)).all()
    assert [tuple(row) for row in texts] == [("Call three old customers", "done"), ("Visit together", "open")]
    note = as_ana.get("/coaching").one("a[href^='/coaching/notes/']")["href"]
    assert "She saw it herself." in as_ana.get(note).text


def test_logging_the_planned_session_of_the_day_makes_no_second(cast, as_marta) -> None:
    planned = make_session(cast.marta, cast.ana, clock.now())
    form = as_marta.get(f"/coaching/sessions/log?person={cast.ana.id}").form_data("form[data-kept]")
    as_marta.post(f"/coaching/people/{cast.ana.id}/log", form)
    assert [each.id for each in sessions_of(cast.ana)] == [planned.id]
    assert the_session(planned.id).status is SessionStatus.HELD


def test_what_is_wrong_in_a_log_keeps_what_was_typed(cast, as_marta) -> None:
    form = as_marta.get(f"/coaching/sessions/log?person={cast.ana.id}").form_data("form[data-kept]")
    ahead = (clock.today() + timedelta(days=2)).isoformat()
    page = as_marta.post(
        f"/coaching/people/{cast.ana.id}/log", form | {"day": ahead, "body": "Words", "promise-0": "A visit"}
    )
    assert page.status == 422
    assert page.one("#body").get_text().strip() == "Words"
    assert page.one("#promise-0")["value"] == "A visit"
    assert sessions_of(cast.ana) == []


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


def test_a_template_is_edited_and_taken_out_of_use(cast, as_marta) -> None:
    page = as_marta.get("/coaching/session-templates/new")
    form = page.form_data() | {
        "name_en": "Car park",
        "items_en": "How was it?\n\nWhat is next?",
        "minutes": "15",
    }
    assert as_marta.post("/coaching/session-templates", form).status == 303
    listed = as_marta.get("/coaching/session-templates")
    assert "Car park" in listed.text
    assert "What is next?" in listed.text
    uneven = form | {"items_es": "¿Qué tal?"}
    assert as_marta.post("/coaching/session-templates", uneven).status == 422
    card = next(each for each in listed.all(".card") if "Car park" in each.get_text())
    as_marta.post(card.select_one("form")["action"])
    assert "Car park" not in as_marta.get(f"/coaching/people/{cast.ana.id}/sessions/new").text


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


def test_in_spanish(cast: SimpleNamespace, as_person) -> None:
    make_session(cast.marta, cast.ana, soon(1))
    page = as_person(cast.ana, "es-ES").get("/coaching")
    assert "Mi próxima sesión" in page.text
    assert "Mañana, 10:00" in page.text
