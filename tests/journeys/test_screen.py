"""The television in the sales room: a link, a win, and the link taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import Browsers, defects, promptly

pytestmark = pytest.mark.browser

CELEBRATED_WITHIN = 5.0
MOVING = """document.getAnimations().filter(each => each.playState === 'running')
    .filter(each => each.effect.getComputedTiming().duration > 50).map(each => each.animationName || 'one')"""


@pytest.fixture
def admin(at_demo: Browsers) -> Page:
    return at_demo.page("/standings/screens/new", "raul.ibanez")


def make_link(admin: Page, name: str) -> str:
    admin.get_by_label("Name").fill(name)
    admin.locator("[name=boards-0-metric]").select_option("revenue")
    admin.locator("[name=boards-1-metric]").select_option("deals_won")
    admin.get_by_role("button", name="Make the link").click()
    return admin.get_by_label("Open this on the screen").input_value()


def record_a_win(at_demo: Browsers, who: str) -> Page:
    """From the phone of a rep; answers at the sale's page."""
    phone = at_demo.page("/sales/new", who, width=390, language="es")
    phone.get_by_label("Cliente").fill("Casa Tele")
    phone.get_by_text("Mochila Sendero 45", exact=True).tap()
    phone.get_by_role("button", name="Guardar la venta").tap()
    phone.wait_for_url(re.compile(r"/sales/\d+"))
    return phone


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_screen_shows_boards_celebrates_a_win_and_ends_with_its_link(
    at_demo: Browsers, admin: Page, motion: str
) -> None:
    name = f"Sala {motion}"
    link = make_link(admin, name)
    screen = at_demo.page(link, language="es", reduced_motion=motion)
    boards = screen.locator("[data-board]")
    expect(boards).to_have_count(2)
    expect(boards.first.locator("tbody tr").first).to_be_visible()
    assert defects(screen) == []

    picture = screen.locator(".celebration")
    phone = record_a_win(at_demo, "lucia.prado")
    with promptly(CELEBRATED_WITHIN):
        expect(picture).to_contain_text("Lucía Prado")
    if motion == "reduce":
        assert screen.evaluate(MOVING) == [], "a still picture"
    expect(picture).to_have_count(0)  # brief
    phone.locator("#toasts").get_by_role("button", name="Deshacer").tap()
    expect(phone.locator("#sale")).to_contain_text("Anulada")

    at_demo.expected = {404}
    at_demo.go(admin, "/standings/screens")
    card = admin.locator(".card", has_text=name)
    card.get_by_role("button", name="Take the link back").click()
    expect(card).to_have_count(0)
    answer = at_demo.page(None).goto(link)
    assert answer
    assert answer.status == 404
    expect(screen.locator("main [data-board]")).to_have_count(0)  # also where it was on
