"""The sales room in Chromium: quick on a phone, and whole without JavaScript."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from app.core.permissions import Role
from tests import factories
from tests.browsers import Browsers, defects
from tests.sales.factories import make_customer, make_product, make_sale, make_step_rule, today
from tests.site import Site, serving

pytestmark = pytest.mark.browser


def a_rep_with_a_sale() -> dict[str, object]:
    ana = factories.make_person(
        "María Fernanda Castellanos-Etxeberria", Role.REP, factories.make_team("Norte")
    )
    make_product("GTX Pro", 4821_00)
    make_product("Rope", 20_00)
    make_customer("Konex")
    make_step_rule("deliver")
    sale = make_sale(ana, customer="Hottechi, división de componentes y recambios industriales")
    return {"ana": ana, "sale": sale, "today": today()}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("sales_in_browser", a_rep_with_a_sale) as site:
        yield site


def test_a_rep_records_a_sale_and_takes_it_back(at_site: Browsers) -> None:
    page = at_site.page("/sales/new", "ana", width=390)
    page.get_by_label("Customer").fill("kon")
    expect(page.locator("#customers option")).to_have_attribute("value", "Konex")
    page.get_by_label("Customer").fill("Konex")
    page.get_by_text("GTX Pro").click()
    expect(page.locator("#amount")).to_have_value("4,821")
    save = page.get_by_role("button", name="Save the sale")
    assert save.bounding_box()["y"] < 760, "one screen of a phone"
    save.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Konex")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#sale")).to_contain_text("Voided")


class Held:
    """Answers to requests for a price, on a network so slow that they wait until they are let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waiting: list[Route] = []
        page.route("**/sales/new/amount?*", self.hold)

    def hold(self, route: Route) -> None:
        self.waiting.append(route)

    def expect(self, number: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.waiting) < number and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        assert len(self.waiting) == number

    def let_go(self) -> None:
        while self.waiting:
            route = self.waiting.pop(0)
            with self.page.expect_response("**/sales/new/amount?*"):
                route.continue_()
        expect(self.page.locator("#amount-part")).not_to_have_class(re.compile("htmx-request"))


def test_what_is_typed_while_a_price_is_on_its_way_stays(at_site: Browsers) -> None:
    page = at_site.page("/sales/new", "ana", width=390)
    slow = Held(page)
    page.get_by_text("GTX Pro").click()
    slow.expect(1)
    page.locator("#amount").press_sequentially("39")
    slow.let_go()
    expect(page.locator("#prefilled")).to_have_value("4,821")
    expect(page.locator("#amount")).to_have_value("39")
    expect(page.locator("#amount")).to_be_focused()
    page.locator("#amount").press_sequentially("50")
    expect(page.locator("#amount")).to_have_value("3950")
    page.get_by_text("Rope").click()
    slow.expect(1)
    slow.let_go()
    expect(page.locator("#amount")).to_have_value("3950")


def test_what_was_typed_stays_by_keyboard_and_after_leaving_the_field(at_site: Browsers) -> None:
    page = at_site.page("/sales/new", "ana", width=390)
    slow = Held(page)
    page.locator("input[name=product]").first.focus()
    page.keyboard.press("Space")
    slow.expect(1)
    page.locator("#amount").focus()
    page.keyboard.type("75")
    page.keyboard.press("Tab")
    slow.let_go()
    expect(page.locator("#prefilled")).not_to_have_value("")
    expect(page.locator("#amount")).to_have_value("75")


def test_a_price_that_arrives_in_a_field_that_nobody_typed_in_shows(at_site: Browsers) -> None:
    page = at_site.page("/sales/new", "ana", width=390)
    slow = Held(page)
    page.get_by_text("Rope").click()
    slow.expect(1)
    page.locator("#amount").focus()
    slow.let_go()
    expect(page.locator("#amount")).to_have_value("20")
    page.get_by_text("GTX Pro").click()
    slow.expect(1)
    page.locator("#amount").focus()
    slow.let_go()
    expect(page.locator("#amount")).to_have_value("4,821")


def test_what_only_a_lost_sale_asks_for_shows_only_then(at_site: Browsers) -> None:
    page = at_site.page("/sales/new", "ana", width=390)
    expect(page.locator("#lost_reason")).to_be_hidden()
    page.get_by_text("Lost", exact=True).click()
    expect(page.locator("#lost_reason")).to_be_visible()


def test_a_refused_form_takes_the_focus(at_site: Browsers) -> None:
    page = at_site.page("/sales/new", "ana", width=390)
    page.locator("#amount").fill("1,2,3")
    page.get_by_role("button", name="Save the sale").click()
    expect(page.locator("[data-form-errors]")).to_be_focused()


def test_a_step_is_marked_done_on_the_spot(at_site: Browsers, site: Site) -> None:
    page = at_site.page(f"/sales/{site.sale}", "ana", width=390)
    page.get_by_role("button", name="Mark as delivered").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    expect(page.locator(".step--done")).to_have_count(3)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Mark as delivered")).to_be_visible()


def test_the_room_works_without_javascript(at_site: Browsers, site: Site) -> None:
    page = at_site.page("/sales/new", "ana", width=390, java_script_enabled=False)
    page.get_by_label("Customer").fill("Without")
    page.get_by_text("Rope").click()
    page.get_by_role("button", name="Save the sale").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Without")
    expect(page.locator("#sale")).to_contain_text("$20.00")
    page.goto(page.url.rsplit("/", 1)[0] + f"?stage=won&from={site.today}")
    expect(page.locator("tbody")).to_contain_text("Without")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_accessible_and_fit(at_site: Browsers, site: Site, width: int, theme: str) -> None:
    language = "es" if theme == "dark" else "en"
    page = at_site.page("/sales/new", "ana", width=width, scheme=theme, language=language)
    for path in (
        f"/sales/{site.sale}",
        "/sales",
        "/process",
        "/activities",
        f"/sales/{site.sale}/correction",
    ):
        assert defects(page, language) == []
        page.goto(path)
    assert defects(page, language) == []
