"""An administrator, from an empty portal to the first board and the first colleague in it."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.imports.factories import CATALOGUE, TEAM
from tests.journeys.browsers import Browsers, defects
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser

CRM = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"
PASSWORD = "una frase bastante larga"
FIVE_MINUTES = 300


def found_company(page: Page) -> None:
    page.wait_for_url("**/welcome")
    assert defects(page, "en") == []
    page.get_by_label("Company", exact=False).first.fill("Andina")
    page.get_by_label("Your name").fill("Alba Arce")
    page.get_by_label("E-mail").fill("alba@andina.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the portal").click()
    expect(page.get_by_role("heading", name="Set up the portal")).to_be_visible()


def csv_file(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


def pipeline(rows: int) -> str:
    """Deals of the running year, as untidy as the real ones: AlfaPro is not what the catalogue says."""
    year = time.gmtime().tm_year
    lines = ["opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"]
    for n in range(rows):
        who = ("Iria Prado", "Nuno Sá", "Vera Ponte")[n % 3]
        what, value = (("AlfaPro", 4500 + n % 7), ("Beta Mini", 55))[n % 2]
        lines.append(
            f"A{n},{who},{what},Casa {n % 20},Won,{year}-01-0{n % 9 + 1},{year}-01-{n % 19 + 10},{value}"
        )
    return "\n".join(lines) + "\n"


def bring_in(page: Page, files: list[FilePayload] | list[Path], *, sales: str) -> None:
    """Upload all at once, let what is clear run, settle the rest, look, and import it."""
    page.get_by_role("link", name="Upload files").click()
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_label("Where they come from").fill("crm")
    page.get_by_role("button", name="Look at them").click()
    page.get_by_role("button", name="Import them all").click()
    expect(page.locator("#imports .badge", has_text=re.compile("^Done$"))).to_have_count(2, timeout=60_000)
    page.locator("#imports").get_by_role("link", name=sales).last.click()
    expect(page.locator("#import")).to_contain_text("Right?")
    page.get_by_role("link", name="Settle it").click()
    assert defects(page, "en") == []
    page.get_by_role("button", name="Try it with this").click()
    expect(page.get_by_text("Nothing has been changed yet")).to_be_visible(timeout=60_000)
    assert defects(page, "en") == []
    page.get_by_role("button", name="Import it now").click()
    expect(page.get_by_role("progressbar").or_(page.locator("#import .badge--good")).first).to_be_visible()
    expect(page.locator("#import .badge").first).to_have_text("Done", timeout=60_000)


def test_from_an_empty_portal_to_a_first_board_and_a_first_colleague(
    at_empty: Browsers, empty: Portal
) -> None:
    began = time.monotonic()
    page = at_empty.page("/", language="en")
    found_company(page)
    files = [
        csv_file("deals.csv", pipeline(400)),
        csv_file("team.csv", TEAM),
        csv_file("catalogue.csv", CATALOGUE),
    ]
    bring_in(page, files, sales="deals.csv")
    at_empty.go(page, "/")
    page.get_by_role("link", name="See standings").click()
    page.get_by_label("Period").select_option(str(time.gmtime().tm_year))
    rows = page.locator("#board tbody tr")
    expect(rows.first).to_contain_text("1")
    expect(page.locator("#board")).to_contain_text("Iria Prado")
    assert time.monotonic() - began < FIVE_MINUTES
    assert defects(page, "en") == []

    at_empty.go(page, "/people/new")
    page.get_by_label("Name", exact=True).fill("Ana Alonso")
    page.get_by_label("E-mail").fill("ana@andina.example")
    page.get_by_label("Role").select_option("rep")
    invited = page.get_by_role("checkbox")
    if not invited.is_checked():
        invited.check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ana Alonso")
    at_empty.go(page, "/admin/mails")
    page.locator("tbody a").first.click()
    link = page.locator("#mail-link").get_attribute("href") or ""

    hers = at_empty.page(link, width=390, language="es")
    assert defects(hers, "es") == []
    hers.get_by_label("Contraseña").fill(PASSWORD)
    hers.get_by_role("button", name="Guardar y entrar").tap()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Hola, Ana")
    stranger = at_empty.page(None, width=390, language="es")
    at_empty.expected = {410, 404}
    answer = stranger.goto(link)
    assert answer
    expect(stranger.get_by_label("Contraseña")).to_have_count(0)
