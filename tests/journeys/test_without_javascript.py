"""A browser without JavaScript: every action is a form and a page."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import Browsers
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser


def plain(browsers: Browsers, path: str, who: str, width: int = 1280, language: str = "en") -> Page:
    return browsers.page(path, who, width=width, language=language, java_script_enabled=False)


def test_a_rep_records_a_sale_and_takes_it_back(at_demo: Browsers) -> None:
    page = plain(at_demo, "/", "mateo.ferrer", width=390, language="es")
    page.get_by_role("link", name="Registrar", exact=True).click()
    page.get_by_label("Cliente").fill("Casa sin guiones")
    page.get_by_text("Bota Cresta impermeable").click()
    page.get_by_role("button", name="Guardar la venta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Casa sin guiones")
    expect(page.locator("#sale")).to_contain_text("215,00")
    page.locator("#toasts").get_by_role("button", name="Deshacer").click()
    expect(page.locator("#sale")).to_contain_text("Anulada")


def test_a_rep_answers_a_goal(at_demo: Browsers, demo: Portal) -> None:
    (*_, goal) = demo.rows(
        """SELECT g.id, p.email FROM goals g JOIN people p ON p.id = g.person_id
        JOIN metrics m ON m.id = g.metric_id WHERE g.status = 'proposed' AND m.key = 'revenue'
        ORDER BY g.id"""
    )
    page = plain(at_demo, f"/goals/{goal['id']}", goal["email"].partition("@")[0])
    page.get_by_label("Comment").fill("Is December a whole month?")
    page.get_by_role("button", name="Question it").click()
    expect(page.locator("#goal-conversation")).to_contain_text("Is December a whole month?")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator("#goal-progress .lead")).to_contain_text("Accepted")


def test_a_manager_filters_a_board(at_demo: Browsers) -> None:
    page = plain(at_demo, "/standings", "marta.aguirre")
    page.get_by_label("What counts").select_option("deals_won")
    page.get_by_label("Period").select_option(str(time.gmtime().tm_year))
    page.locator(".filters__go").click()
    assert re.search(r"metric=deals_won.*period=\d{4}", page.url)
    expect(page.locator("#board thead")).to_contain_text("Deals won")
    page.get_by_role("link", name="Teams").first.click()
    expect(page.locator("#board tbody tr")).not_to_have_count(0)


def test_an_administrator_adds_a_person(at_demo: Browsers) -> None:
    page = plain(at_demo, "/people/new", "raul.ibanez")
    page.get_by_role("button", name="Add").click()  # refused: it says what is missing
    page.get_by_label("Name", exact=True).fill("Nadia Sinclair")
    page.get_by_label("E-mail").fill("nadia.sinclair@cumbre.example")
    page.get_by_label("Role").select_option("rep")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nadia Sinclair")
