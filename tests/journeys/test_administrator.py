"""An administrator, from an empty portal to the first board and the first colleague in it."""

import time

import pytest
from playwright.sync_api import expect

from tests.browsers import Browsers, defects
from tests.imports.factories import CATALOGUE, TEAM
from tests.journeys.administrator import PASSWORD, YEAR, bring_in, csv_file, found_company, pipeline
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser

FIVE_MINUTES = 300


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
    page.get_by_label("Period").select_option(str(YEAR))
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
