"""Standings in Chromium: ranks move by themselves, filters change the address, a television runs for days."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app import create_app
from app.core import clock
from app.core.changes import changes
from app.core.permissions import Role
from app.extensions import db
from app.leaderboards.models import TvLink
from app.leaderboards.operations import create_screen, revoke_screen
from app.people import sessions
from app.people.models import Person
from config import Config
from tests import factories
from tests.database import fresh_database
from tests.leaderboards.factories import make_crowd
from tests.look.test_in_browser import violations
from tests.sales.factories import make_product, make_sale

pytestmark = pytest.mark.browser

LONG = "María Fernanda Castellanos-Etxeberria de la Encarnación"
REVENUE = {"metric": "revenue", "period": "month"}
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    with fresh_database("standings_in_browser") as url:
        app = create_app(
            Config(
                CUMBRE_DATA=tmp_path_factory.mktemp("data"), SECRET_KEY="x", DATABASE_URL=url, TESTING=True
            )
        )
        with app.app_context():
            root = factories.the_root()
            norte = factories.make_team("Norte", root)
            factories.make_team("Sur", root)
            marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
            norte.lead_id = marta.id
            crowd = make_crowd(16, closed_on=clock.today() - timedelta(days=1))
            ana = factories.make_person(LONG, Role.REP, norte, marta)
            make_sale(ana, 10_00, closed_on=clock.today() - timedelta(days=1), product=make_product("Rope"))
            boards = [REVENUE, {"metric": "deals_won", "period": "year"}]
            screen, token = create_screen("Hall", boards, seconds=5, locale="es_ES", by=marta.id)
            found = SimpleNamespace(
                ana=ana.id, marta=marta.id, first=crowd[0].id, screen=screen.id, token=token
            )
            tokens = {
                name: sessions.open_session(person, address=None, browser=None)
                for name, person in (("ana", ana), ("marta", marta))
            }
            db.session.remove()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        serializer = app.session_interface.get_signing_serializer(app)
        found.app, found.url = app, f"http://127.0.0.1:{server.server_port}"
        found.cookies = {
            name: {
                "name": app.config["SESSION_COOKIE_NAME"],
                "value": serializer.dumps({"_user_id": token, "_fresh": True}),
            }
            for name, token in tokens.items()
        }
        yield found
        changes.stop()
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def open_page(chromium: Browser, site: SimpleNamespace) -> Iterator[Opener]:
    """Opens a page as somebody, or as nobody; whatever its console says by the end fails the test."""
    contexts, said = [], []

    def opener(who: str | None, path: str, width: int = 390, height: int = 844, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if who:
            context.add_cookies([{**site.cookies[who], "url": site.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site.url + path)
        return page

    opener.said = said
    yield opener
    for context in contexts:
        context.close()
    assert said == []


def sell(site: SimpleNamespace, person_id: int, amount: int, name: str = "Rope") -> float:
    with site.app.app_context():
        make_sale(db.session.get_one(Person, person_id), amount, product=make_product(name))
        db.session.remove()
    return time.monotonic()


def wait_for_a_poll(page: Page) -> None:
    """The page has loaded and asks by itself what is new."""
    page.wait_for_event("response", lambda response: "board" in response.url)


@pytest.mark.parametrize("options", [{"locale": "es-ES"}, {"locale": "en-US", "color_scheme": "dark"}])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("ana", "/standings"),
        ("ana", "/standings?of=teams"),
        ("ana", "/standings?mode=attainment"),
        ("marta", "/standings?show=mine"),
        ("marta", "/standings/screens"),
        ("marta", "/standings/screens/new"),
    ],
)
def test_pages_have_no_faults_and_fit(open_page, who, path, width, options):
    page = open_page(who, path, width, **options)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_sale_moves_ones_row_on_the_open_page_within_two_seconds(open_page, site):
    page = open_page("ana", "/standings?metric=revenue&period=month")
    own = page.locator("#board .is-own")
    expect(own.locator(".standings__rank b")).to_have_text("17")
    wait_for_a_poll(page)
    sold = sell(site, site.ana, 90_000_00)
    expect(own.locator(".standings__rank b")).to_have_text("1", timeout=4000)
    # Two seconds on a machine of one's own; this one runs other tests beside.
    assert time.monotonic() - sold < 4


def test_a_filter_changes_board_and_address_without_a_new_page(open_page, site):
    page = open_page("ana", "/standings?metric=revenue&period=year", width=1280)
    page.evaluate("window.isSamePage = true")
    page.get_by_label("What counts").select_option("deals_won")
    expect(page.locator("#board h2")).to_contain_text("Deals won")
    assert "metric=deals_won" in page.url
    assert page.evaluate("window.isSamePage")
    page.get_by_role("link", name="Teams").click()
    expect(page.locator("#board h2")).to_contain_text("teams")
    assert page.get_by_label("What counts").input_value() == "deals_won"


def test_without_javascript_the_form_and_links_do_the_same(open_page):
    page = open_page("ana", "/standings", java_script_enabled=False)
    page.get_by_label("Compare by").select_option("best")
    page.get_by_role("button", name="Show").click()
    assert "mode=best" in page.url
    page.goto(page.url.replace("mode=best", "mode=value"))
    page.get_by_role("link", name="Your places in earlier periods").click()
    expect(page.locator("h1")).to_have_text("Your places in earlier periods")


def test_from_a_figure_to_its_sales_in_one_tap(open_page):
    page = open_page("ana", "/standings?metric=revenue&period=month")
    page.locator("#board .is-own .standings__value a").click()
    expect(page.locator("main")).to_contain_text("Rope")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_a_television_fits_turns_and_celebrates(open_page, site, width, height):
    page = open_page(None, f"/tv/{site.token}", width, height)
    boards = page.locator("[data-board]")
    expect(boards.nth(0)).to_be_visible()
    expect(boards.nth(1)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    bottom = boards.nth(0).bounding_box()
    assert bottom["y"] + bottom["height"] <= page.locator(".tv__foot").bounding_box()["y"]
    sold = sell(site, site.first, 1234_00, "Tent")
    expect(page.locator(".celebration")).to_contain_text("Tent", timeout=5000)
    assert time.monotonic() - sold < 5
    expect(page.locator(".celebration__name")).to_have_text("Rep 001")
    expect(page.locator(".celebration")).to_have_count(0)
    expect(boards.nth(1)).to_be_visible(timeout=11_000)
    expect(boards.nth(0)).to_be_hidden()
    assert violations(page) == []


def test_a_television_that_wants_no_motion_gets_a_still_picture(open_page, site):
    page = open_page(None, f"/tv/{site.token}", 1280, 720, reduced_motion="reduce")
    wait_for_a_poll(page)
    sell(site, site.first, 77_00, "Stove")
    expect(page.locator(".celebration")).to_contain_text("Stove", timeout=5000)
    moving = "each => each.playState === 'running' && each.effect.getTiming().duration > 50"
    assert page.evaluate(f"document.getAnimations().filter({moving}).length") == 0


def test_a_link_taken_back_darkens_the_television(open_page, site):
    with site.app.app_context():
        screen, token = create_screen("Gone", [REVENUE], seconds=5, locale="en_US", by=site.marta)
        key = screen.id
    page = open_page(None, f"/tv/{token}", 1280, 720)
    wait_for_a_poll(page)
    with site.app.app_context():
        revoke_screen(db.session.get_one(TvLink, key), by=site.marta)
    expect(page.locator("main")).to_contain_text("This screen is switched off", timeout=5000)
    expect(page.locator(".standings")).to_have_count(0)
    assert all("404" in line for line in open_page.said)
    open_page.said.clear()
