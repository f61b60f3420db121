"""The sales room in Chromium: quick on a phone, and whole without JavaScript."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app import create_app
from app.core.permissions import Role
from app.extensions import db
from app.people import sessions
from config import Config
from tests import factories
from tests.database import fresh_database
from tests.look.test_in_browser import violations
from tests.sales.factories import make_customer, make_product, make_sale, make_step_rule, today

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    with fresh_database("sales_in_browser") as url:
        app = create_app(
            Config(
                CUMBRE_DATA=tmp_path_factory.mktemp("data"),
                SECRET_KEY="x",
                DATABASE_URL=url,
                TESTING=True,
                LISTEN_FOR_CHANGES=False,
            )
        )
        with app.app_context():
            ana = factories.make_person(
                "María Fernanda Castellanos-Etxeberria", Role.REP, factories.make_team("Norte")
            )
            token = sessions.open_session(ana, address=None, browser=None)
            make_product("GTX Pro", 4821_00)
            make_product("Rope", 20_00)
            make_customer("Konex")
            make_step_rule("deliver")
            sale = make_sale(ana, customer="Hottechi, división de componentes y recambios industriales").id
            day = today()
            db.session.remove()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        serializer = app.session_interface.get_signing_serializer(app)
        yield SimpleNamespace(
            url=f"http://127.0.0.1:{server.server_port}",
            cookie={
                "name": app.config["SESSION_COOKIE_NAME"],
                "value": serializer.dumps({"_user_id": token, "_fresh": True}),
            },
            sale=sale,
            today=day,
        )
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def open_page(chromium: Browser, site: SimpleNamespace) -> Iterator[Opener]:
    contexts, said = [], []

    def opener(path: str, width: int = 390, **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            reduced_motion="reduce",
            **{"locale": "en-US", **options},
        )
        context.add_cookies([{**site.cookie, "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site.url + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert [line for line in said if not line.startswith("Failed to load resource")] == []


def test_a_rep_records_a_sale_and_takes_it_back(open_page: Opener) -> None:
    page = open_page("/sales/new")
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


def test_what_only_a_lost_sale_asks_for_shows_only_then(open_page: Opener) -> None:
    page = open_page("/sales/new")
    expect(page.locator("#lost_reason")).to_be_hidden()
    page.get_by_text("Lost", exact=True).click()
    expect(page.locator("#lost_reason")).to_be_visible()


def test_a_refused_form_takes_the_focus(open_page: Opener) -> None:
    page = open_page("/sales/new")
    page.locator("#amount").fill("1,2,3")
    page.get_by_role("button", name="Save the sale").click()
    expect(page.locator("[data-form-errors]")).to_be_focused()


def test_a_step_is_marked_done_on_the_spot(open_page: Opener, site: SimpleNamespace) -> None:
    page = open_page(f"/sales/{site.sale}")
    page.get_by_role("button", name="Mark as delivered").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    expect(page.locator(".step--done")).to_have_count(3)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Mark as delivered")).to_be_visible()


def test_the_room_works_without_javascript(open_page: Opener, site: SimpleNamespace) -> None:
    page = open_page("/sales/new", java_script_enabled=False)
    page.get_by_label("Customer").fill("Without")
    page.get_by_text("Rope").click()
    page.get_by_role("button", name="Save the sale").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Without")
    expect(page.locator("#sale")).to_contain_text("$20.00")
    page.goto(page.url.rsplit("/", 1)[0] + f"?stage=won&from={site.today}")
    expect(page.locator("tbody")).to_contain_text("Without")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_accessible_and_fit(
    open_page: Opener, site: SimpleNamespace, width: int, theme: str
) -> None:
    locale = "es-ES" if theme == "dark" else "en-US"
    page = open_page("/sales/new", width, color_scheme=theme, locale=locale)
    for path in (
        f"/sales/{site.sale}",
        "/sales",
        "/process",
        "/activities",
        f"/sales/{site.sale}/correction",
    ):
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        page.goto(site.url + path)
    assert violations(page) == [], page.url
