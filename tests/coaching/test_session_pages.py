"""One-to-ones through the pages: planned, prepared, moved, held, logged, looked back at."""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select

from app.coaching.models import SessionStatus
from app.core import clock
from app.core.audit import AuditEntry
from app.extensions import db
from app.notifications.models import Notification
from tests.client import Client, Page
from tests.coaching.secrets import make_plan
from tests.coaching.talks import make_session, sessions_of, soon, the_session
from tests.goals.factories import make_goal
from tests.jobs import run_jobs
from tests.sales.factories import make_sale


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


def test_in_spanish(cast: SimpleNamespace, as_person) -> None:
    make_session(cast.marta, cast.ana, soon(1))
    page = as_person(cast.ana, "es-ES").get("/coaching")
    assert "Mi próxima sesión" in page.text
    assert "Mañana, 10:00" in page.text


def test_the_figures_of_a_session_speak_the_language_of_who_reads_it(cast, as_person) -> None:
    make_goal(cast.ana, 1_000_00)
    make_sale(cast.ana, 250_00)
    session = make_session(cast.marta, cast.ana, clock.now())
    page = as_person(cast.ana, "es-MX").get(f"/coaching/sessions/{session.id}")
    assert "Ingresos, " in page.text
    assert "USD 250 de USD 1,000" in page.text.replace("\u00a0", " ")
