"""The sales room in Chromium: quick on a phone, and whole without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

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
