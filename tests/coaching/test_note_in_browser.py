"""Notes and sessions in Chromium, on a phone: the network is cut, nothing typed is lost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from app.coaching import access
from app.coaching.models import Note, Session
from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.people.models import Person
from tests import factories
from tests.browsers import Browsers, Readers, defects, quiet
from tests.coaching.talks import make_commitment, make_held, make_session, make_shared
from tests.goals.factories import make_goal
from tests.site import Site, serving

pytestmark = pytest.mark.browser

STATE = "[data-kept-state]"
SHELF = "Object.keys(localStorage).filter(key => key.startsWith('cumbre-kept:'))"


def a_team() -> dict[str, object]:
    root = factories.the_root()
    norte = factories.make_team("Norte", root)
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    hilda = factories.make_person("Hilda Ramos", Role.HR, root)
    norte.lead_id = marta.id
    ana = factories.make_person("María Fernanda Castellanos-Etxeberria", Role.REP, norte, marta)
    bea = factories.make_person("Bea Blanco", Role.REP, norte, marta)
    make_goal(ana, 1_000_00, by=marta)
    old = make_held(marta, ana, days_ago=12)
    make_commitment(old, ana, marta)
    planned = make_session(marta, ana, clock.now())
    shared = make_shared(marta, ana, "What was said")
    return {"ana": ana, "bea": bea, "marta": marta, "hilda": hilda, "planned": planned, "shared": shared}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("notes_in_browser", a_team, listen=True) as site:
        yield site


@pytest.fixture
def phones(chromium: Any, site: Site) -> Iterator[Browsers]:
    """That a request fails while the network is cut is no noise, nor that two windows differ."""
    browsers = Browsers(chromium, site, expected={400, 401, 409, 422})
    hear = browsers.hear
    browsers.hear = lambda text, page: None if "ERR_INTERNET_DISCONNECTED" in text else hear(text, page)
    with quiet(browsers):
        yield browsers


def new_note(site: Site) -> str:
    return f"/coaching/notes/new?person_id={site.ana}"


def notes_of(site: Site, who: str = "marta") -> list[str]:
    with site.app.app_context():
        access.reading_as(db.session.get_one(Person, getattr(site, who)))
        return list(db.session.scalars(select(Note.body).order_by(Note.id)))


def kept_in(page: Page) -> list[str]:
    return list(page.evaluate(SHELF))


def cut(context: BrowserContext) -> None:
    context.set_offline(True)


def test_every_pause_is_saved_and_nothing_stays_on_the_phone(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    page.get_by_label("Note").press_sequentially("She listens well")
    expect(page.locator(STATE)).to_contain_text("Saved at")
    assert notes_of(site)[-1] == "She listens well"
    page.get_by_label("Note").press_sequentially(", and asks.")
    expect(page.locator(STATE)).to_contain_text("Saving")
    expect(page.locator(STATE)).to_contain_text("Saved at")
    assert notes_of(site)[-1] == "She listens well, and asks."
    assert kept_in(page) == []
    assert defects(page, "en") == []


def test_what_is_typed_without_a_network_is_sent_when_it_comes_back(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390, language="es")
    field, before = page.get_by_label("Nota"), len(notes_of(site))
    cut(page.context)
    field.press_sequentially("Escrito en el aparcamiento")
    expect(page.locator(STATE)).to_contain_text("Se guarda en este dispositivo")
    assert len(kept_in(page)) == 1
    assert len(notes_of(site)) == before
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_contain_text("Guardado a las")
    assert notes_of(site)[before:] == ["Escrito en el aparcamiento"]
    assert kept_in(page) == []


def test_a_page_closed_without_a_network_and_opened_again_has_all_words(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    context, before = page.context, len(notes_of(site))
    page.get_by_label("Note").press_sequentially("First with a network")
    expect(page.locator(STATE)).to_contain_text("Saved at")
    cut(context)
    page.get_by_label("Note").press_sequentially(", then without one")
    page.close()

    context.set_offline(False)
    again = context.new_page()
    again.goto(new_note(site))
    expect(again.get_by_label("Note")).to_have_value("First with a network, then without one")
    expect(again.locator(STATE)).to_contain_text("Saved at")
    assert notes_of(site)[before:] == ["First with a network, then without one"], "one note, not two"
    assert kept_in(again) == []


def test_what_was_left_is_sent_from_any_page_and_shown_to_nobody_else(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    context = page.context
    cut(context)
    page.get_by_label("Note").press_sequentially("Left on the phone")
    page.close()
    context.set_offline(False)

    # Somebody else takes the phone: it is neither sent in their name nor shown.
    context.add_cookies([site.cookie_of("ana")])
    other = context.new_page()
    other.goto("/coaching")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    assert "Left on the phone" not in other.content()
    assert len(kept_in(other)) == 1
    assert "Left on the phone" not in notes_of(site)

    context.add_cookies([site.cookie_of("marta")])
    other.goto("/")
    expect(other.locator("#toasts")).to_contain_text("has been sent")
    assert notes_of(site)[-1] == "Left on the phone"
    assert kept_in(other) == []


def test_signed_out_while_writing_nothing_is_lost(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    context = page.context
    context.clear_cookies()
    page.get_by_label("Note").fill("The session is over")
    page.wait_for_url(re.compile("sign-in"))  # the bell finds out first
    context.add_cookies([site.cookie_of("marta")])
    page.goto(new_note(site))
    expect(page.get_by_label("Note")).to_have_value("The session is over")
    expect(page.locator(STATE)).to_contain_text("Saved at")
    assert notes_of(site)[-1] == "The session is over"


def test_signing_out_sends_what_is_there_and_leaves_nothing_behind(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    page.get_by_label("Note").fill("A last word")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("sign-in"))
    assert notes_of(site)[-1] == "A last word"
    assert kept_in(page) == []


def test_signing_out_without_a_network_says_what_would_be_lost(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    cut(page.context)
    page.get_by_label("Note").fill("Only here")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#toasts")).to_contain_text("still only on this device")
    assert len(kept_in(page)) == 1
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_contain_text("Saved at")


def test_two_windows_show_both_versions_and_one_chooses(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    page.get_by_label("Note").fill("Begun")
    expect(page.locator(STATE)).to_contain_text("Saved at")
    with site.app.app_context():
        access.reading_as(db.session.get_one(Person, site.marta))
        url = f"/coaching/notes/{db.session.scalars(select(Note.id).order_by(Note.id.desc())).first()}"
    office = phones.page(url, "marta")
    office.get_by_label("Note").fill("From the office")
    expect(office.locator(STATE)).to_contain_text("Saved at")
    page.get_by_label("Note").fill("From the phone")
    expect(page.locator("[data-kept-other]")).to_have_text("From the office")
    assert page.get_by_label("Note").input_value() == "From the phone"
    assert notes_of(site)[-1] == "From the office"
    assert defects(page, "en") == []
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(STATE)).to_contain_text("Saved at")
    assert notes_of(site)[-1] == "From the phone"

    office.get_by_label("Note").fill("From the office, again")
    expect(office.locator("[data-kept-other]")).to_have_text("From the phone")
    office.get_by_role("button", name="Take the other").click()
    expect(office.get_by_label("Note")).to_have_value("From the phone")
    assert notes_of(site)[-1] == "From the phone"
    assert kept_in(office) == []


def test_an_answer_that_never_arrived_is_no_conflict(site: Site, phones: Browsers) -> None:
    """The portal has saved it, the phone does not know: what is typed next goes on top of it."""
    page = phones.page(new_note(site), "marta", width=390)
    page.get_by_label("Note").fill("Begun")
    expect(page.locator(STATE)).to_contain_text("Saved at")

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    page.route("**/coaching/notes/drafts", swallow)
    page.get_by_label("Note").press_sequentially(", saved unheard")
    expect(page.locator(STATE)).to_contain_text("Kept on this device")
    assert notes_of(site)[-1] == "Begun, saved unheard"
    page.close()  # and what the closed page has tried is known to the next

    context = page.context
    again = context.new_page()
    with site.app.app_context():
        access.reading_as(db.session.get_one(Person, site.marta))
        note_id = db.session.scalars(select(Note.id).order_by(Note.id.desc())).first()
    again.goto(f"/coaching/notes/{note_id}")
    expect(again.get_by_label("Note")).to_have_value("Begun, saved unheard")
    again.get_by_label("Note").fill("Begun, saved unheard, and more")
    expect(again.locator(STATE)).to_contain_text("Saved at")
    expect(again.locator("[data-kept-conflict]")).to_be_hidden()
    assert notes_of(site)[-1] == "Begun, saved unheard, and more"


def test_typing_on_after_an_answer_was_lost_is_no_conflict_either(site: Site, phones: Browsers) -> None:
    page = phones.page(new_note(site), "marta", width=390)
    swallowed: list[str] = []

    def swallow_once(route: Route) -> None:
        route.fetch()
        if swallowed:
            route.continue_()
            return
        swallowed.append(route.request.url)
        route.abort("internetdisconnected")

    page.route("**/coaching/notes/drafts", swallow_once)
    page.get_by_label("Note").press_sequentially("First")
    expect(page.locator(STATE)).to_contain_text("Kept on this device")
    page.get_by_label("Note").press_sequentially(", second")
    expect(page.locator(STATE)).to_contain_text("Saved at")
    expect(page.locator("[data-kept-conflict]")).to_be_hidden()
    assert notes_of(site)[-1] == "First, second"


def test_a_session_is_logged_on_a_phone_without_a_network_and_goes_by_itself(
    site: Site, phones: Browsers
) -> None:
    page = phones.page(f"/coaching/sessions/log?person={site.ana}", "marta", width=390, language="es")
    assert defects(page, "es") == []
    cut(page.context)
    page.get_by_label("Nota").fill("Una buena conversación")
    page.get_by_text("Las dos partes y RR. HH.").click()
    page.locator("#promise-0").fill("Llamar a Refugio Nuevo")
    page.get_by_role("button", name="Guardar la sesión").click()
    expect(page.locator(STATE)).to_contain_text("se envía sola")
    page.context.set_offline(False)
    page.wait_for_url(re.compile(r"/coaching/sessions/\d+$"))
    expect(page.locator("main")).to_contain_text("Llamar a Refugio Nuevo")
    expect(page.locator("#toasts")).to_contain_text("La sesión está anotada")
    assert kept_in(page) == []
    with site.app.app_context():
        access.reading_as(db.session.get_one(Person, site.marta))
        (held,) = db.session.scalars(select(Session).where(Session.id == site.planned))
        assert held.status == "held", "the one that was planned for today, not a second"
    assert "Una buena conversación" in notes_of(site, "ana")


def test_an_agenda_moves_on_the_others_screen(site: Site, phones: Browsers) -> None:
    with site.app.app_context():
        marta, bea = (db.session.get_one(Person, key) for key in (site.marta, site.bea))
        session_id = make_session(marta, bea).id
    rep = phones.page(f"/coaching/sessions/{session_id}", "bea", width=390, language="es")
    coach = phones.page(f"/coaching/sessions/{session_id}", "marta")
    rep.get_by_label("De qué hablar").fill("Los plazos de entrega")
    rep.get_by_role("button", name="Añadir").click()
    expect(coach.locator("#session-talk")).to_contain_text("Los plazos de entrega")
    assert defects(rep, "es") == []
    assert defects(coach, "en") == []


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
def test_a_note_is_written_shared_and_signed(site: Site, phones: Browsers, options: dict[str, bool]) -> None:
    page = phones.page(new_note(site), "marta", width=390, **options)
    words = f"Agreed with{'out' if options else ''} a script"
    page.get_by_label("Note").fill(words)
    page.get_by_role("button", name="Share with").click()
    expect(page.locator("#note-body")).to_have_text(words)
    page.get_by_role("button", name="Sign", exact=True).click()
    rep = phones.page(page.url.removeprefix(site.url), "ana", width=390, language="es", **options)
    rep.get_by_role("button", name="Firmar").click()
    expect(rep.locator("main")).to_contain_text("Añadir algo")
    assert rep.locator("main .badge", has_text="Firmada el").count() == 2
    if not options:
        assert defects(rep, "es") == []


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("marta", "/coaching"),
        ("marta", "/coaching/team"),
        ("marta", "/coaching/people/{ana}"),
        ("marta", "/coaching/people/{ana}/sessions/new"),
        ("marta", "/coaching/sessions/{planned}"),
        ("marta", "/coaching/notes/{shared}"),
        ("marta", "/coaching/notes/{shared}/change"),
        ("marta", "/coaching/session-templates"),
        ("marta", "/coaching/session-templates/1"),
        ("ana", "/coaching"),
        ("ana", "/coaching/sessions/{planned}"),
        ("ana", "/coaching/notes/{shared}"),
        ("hilda", "/coaching/people/{ana}"),
    ],
)
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_pages_are_accessible_and_fit(
    site: Site, readers: Readers, who: str, path: str, width: int, scheme: str
) -> None:
    page = readers.page(path.format(**vars(site)), who, width=width, scheme=scheme, language="es-MX")
    assert defects(page, "es") == []
