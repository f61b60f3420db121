"""Standings in Chromium: ranks move by themselves, filters change the address, a television runs for days."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.leaderboards.models import TvLink
from app.leaderboards.operations import create_screen, revoke_screen
from app.people.models import Person
from tests import factories
from tests.browsers import defects, promptly, violations
from tests.leaderboards.factories import make_crowd
from tests.sales.factories import make_product, make_sale
from tests.site import Site, serving

pytestmark = pytest.mark.browser

LONG = "María Fernanda Castellanos-Etxeberria de la Encarnación"
MOVING = {"reduced_motion": "no-preference"}
REVENUE = {"metric": "revenue", "period": "month"}


def a_crowd_and_a_screen() -> dict[str, object]:
    root = factories.the_root()
    norte = factories.make_team("Norte", root)
    factories.make_team("Sur", root)
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    norte.lead_id = marta.id
    yesterday = clock.today() - timedelta(days=1)
    crowd = make_crowd(16, closed_on=yesterday)
    ana = factories.make_person(LONG, Role.REP, norte, marta)
    make_sale(ana, 10_00, closed_on=yesterday, product=make_product("Rope"))
    boards = [REVENUE, {"metric": "deals_won", "period": "year"}]
    _, token = create_screen("Hall", boards, seconds=5, locale="es_ES", by=marta.id)
    return {"ana": ana, "marta": marta, "first": crowd[0], "token": token}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("standings_in_browser", a_crowd_and_a_screen, listen=True) as site:
        yield site


def sell(site: Site, person_id: int, amount: int, name: str = "Rope") -> None:
    with site.app.app_context():
        make_sale(db.session.get_one(Person, person_id), amount, product=make_product(name))


def wait_for_a_poll(page: Page) -> None:
    """The page has loaded and asks by itself what is new."""
    page.wait_for_event("response", lambda response: "board" in response.url)


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
@pytest.mark.parametrize("options", [{"language": "es"}, {"language": "en", "scheme": "dark"}])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_have_no_faults_and_fit(readers, who, path, width, options):
    page = readers.page(path, who, width=width, **options)
    page.wait_for_load_state("networkidle")
    assert defects(page, options["language"]) == []


def test_a_sale_moves_ones_row_on_the_open_page_within_two_seconds(at_site, site):
    page = at_site.page("/standings?metric=revenue&period=month", "ana", width=390, **MOVING)
    own = page.locator("#board .is-own")
    expect(own.locator(".standings__rank b")).to_have_text("17")
    wait_for_a_poll(page)
    sell(site, site.ana, 90_000_00)
    with promptly():
        expect(own.locator(".standings__rank b")).to_have_text("1")


def test_a_filter_changes_board_and_address_without_a_new_page(at_site, site):
    page = at_site.page("/standings?metric=revenue&period=year", "ana")
    page.evaluate("window.isSamePage = true")
    page.get_by_label("What counts").select_option("deals_won")
    expect(page.locator("#board h2")).to_contain_text("Deals won")
    assert "metric=deals_won" in page.url
    assert page.evaluate("window.isSamePage")
    page.get_by_role("link", name="Teams").click()
    expect(page.locator("#board h2")).to_contain_text("teams")
    assert page.get_by_label("What counts").input_value() == "deals_won"


def test_without_javascript_the_form_and_links_do_the_same(at_site):
    page = at_site.page("/standings", "ana", width=390, java_script_enabled=False)
    page.get_by_label("Compare by").select_option("best")
    page.get_by_role("button", name="Show").click()
    assert "mode=best" in page.url
    page.goto(page.url.replace("mode=best", "mode=value"))
    page.get_by_role("link", name="Your places in earlier periods").click()
    expect(page.locator("h1")).to_have_text("Your places in earlier periods")


def test_from_a_figure_to_its_sales_in_one_tap(at_site):
    page = at_site.page("/standings?metric=revenue&period=month", "ana", width=390)
    page.locator("#board .is-own .standings__value a").click()
    expect(page.locator("main")).to_contain_text("Rope")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_a_television_fits_turns_and_celebrates(at_site, site, width, height):
    page = at_site.page(f"/tv/{site.token}", width=width, height=height, **MOVING)
    boards = page.locator("[data-board]")
    expect(boards.nth(0)).to_be_visible()
    expect(boards.nth(1)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    bottom = boards.nth(0).bounding_box()
    assert bottom["y"] + bottom["height"] <= page.locator(".tv__foot").bounding_box()["y"]
    sell(site, site.first, 1234_00, "Tent")
    with promptly(5):
        expect(page.locator(".celebration")).to_contain_text("Tent")
    expect(page.locator(".celebration__name")).to_have_text("Rep 001")
    expect(page.locator(".celebration")).to_have_count(0)
    expect(boards.nth(1)).to_be_visible(timeout=11_000)
    expect(boards.nth(0)).to_be_hidden()
    assert violations(page) == []


def test_a_television_does_not_fall_asleep(at_site, site):
    page = at_site.page(None, width=1280, height=720)
    page.add_init_script(
        """Object.defineProperty(navigator, "wakeLock", {
          value: { request: async (what) => { (window.kept ??= []).push(what); } } })"""
    )
    at_site.go(page, f"/tv/{site.token}")
    page.wait_for_function("window.kept?.length === 1")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the browser lets go when hidden
    page.wait_for_function("window.kept.length === 2")
    assert page.evaluate("window.kept") == ["screen", "screen"]


def test_a_printed_board_is_the_board_alone(at_site):
    page = at_site.page("/standings?metric=revenue&period=month", "marta")
    expect(page.locator(".filters").first).to_be_visible()
    page.emulate_media(media="print")
    for part in (".filters", ".topbar", ".sidebar", ".tabbar"):
        assert not page.locator(part).first.is_visible(), part
    expect(page.locator("#board tbody tr").first).to_be_visible()


def test_a_television_that_wants_no_motion_gets_a_still_picture(at_site, site):
    page = at_site.page(f"/tv/{site.token}", width=1280, height=720, reduced_motion="reduce")
    wait_for_a_poll(page)
    sell(site, site.first, 77_00, "Stove")
    expect(page.locator(".celebration")).to_contain_text("Stove")
    moving = "each => each.playState === 'running' && each.effect.getTiming().duration > 50"
    assert page.evaluate(f"document.getAnimations().filter({moving}).length") == 0


def test_a_link_taken_back_darkens_the_television(at_site, site):
    with site.app.app_context():
        screen, token = create_screen("Gone", [REVENUE], seconds=5, locale="en_US", by=site.marta)
        key = screen.id
    page = at_site.page(f"/tv/{token}", width=1280, height=720)
    at_site.expected.add(404)
    wait_for_a_poll(page)
    with site.app.app_context():
        revoke_screen(db.session.get_one(TvLink, key), by=site.marta)
    expect(page.locator("main")).to_contain_text("This screen is switched off")
    expect(page.locator(".standings")).to_have_count(0)
