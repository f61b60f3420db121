"""A rep between two visits: where do I stand, what is next, what did that sale change?"""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsers import Browsers, defects, promptly, sign_in, unread
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser

AMOUNT = "999999"  # enough for the first place


class Thumb:
    """Counts what a hand does on a phone; typing into a field is one tap to get there."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.tap()

    def type(self, target: Locator, text: str) -> None:
        self.tap(target)
        target.fill(text)


def share(page: Page, goal_id: int) -> Locator:
    return page.locator(f"#goal-{goal_id} .goal__share").first


def somebody_behind(portal: Portal) -> dict[str, Any]:
    """The third of those with a revenue goal of this quarter, their manager and what they sell most: whoever
    that is on the day that the demo company was made."""
    return portal.row(
        """SELECT p.id, p.name, p.email, m.email AS manager, g.id AS goal,
          (SELECT products.name FROM sales s JOIN products ON products.id = s.product_id
           WHERE s.rep_id = p.id AND products.is_active
           GROUP BY products.id ORDER BY count(*) DESC LIMIT 1) AS product
        FROM goals g JOIN metrics ON metrics.id = g.metric_id JOIN periods q ON q.id = g.period_id
        JOIN people p ON p.id = g.person_id JOIN people m ON m.id = p.manager_id
        JOIN sales s ON s.rep_id = p.id AND s.stage = 'won' AND s.closed_on BETWEEN q.starts_on AND q.ends_on
        WHERE metrics.key = 'revenue' AND q.kind = 'quarter' AND g.withdrawn_at IS NULL AND p.role = 'rep'
        AND now()::date BETWEEN q.starts_on AND q.ends_on
        GROUP BY p.id, m.id, g.id ORDER BY sum(s.value) DESC OFFSET 2 LIMIT 1"""
    )


def test_a_sale_recorded_on_a_phone_moves_every_open_page_and_its_undo_moves_them_back(
    at_demo: Browsers, demo: Portal
) -> None:
    rep = somebody_behind(demo)
    goal, product = rep["goal"], rep["product"]
    price = demo.row("SELECT list_price FROM products WHERE name = %(name)s", name=product)["list_price"]

    phone = at_demo.page("/sign-in", width=390, language="es")
    sign_in(phone, rep["email"].partition("@")[0])
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"Hola, {rep['name'].split()[0]}")
    expect(phone.get_by_role("heading", name="Mis metas")).to_be_in_viewport()
    expect(share(phone, goal)).to_be_visible()

    # The rep's other tab, and the manager's screen in the office.
    tab = phone.context.new_page()
    at_demo.go(tab, "/")
    place = tab.get_by_role("heading", name="Vas en el puesto")
    before = place.inner_text()
    assert before != "Vas en el puesto 1"
    office = at_demo.page("/", rep["manager"].partition("@")[0], width=1280)
    row = office.locator(f"#member-{rep['id']} .goal__share")
    shown, theirs = share(tab, goal).inner_text(), row.inner_text()

    hand = Thumb()
    hand.tap(phone.get_by_role("link", name="Registrar", exact=True))
    hand.type(phone.get_by_label("Cliente"), "Refugio Nuevo")
    hand.tap(phone.get_by_text(product, exact=True))
    expect(phone.locator("#amount")).to_have_value(str(price // 100))
    hand.type(phone.locator("#amount"), AMOUNT)
    hand.tap(phone.get_by_role("button", name="Guardar la venta"))
    assert hand.taps <= 5
    phone.wait_for_url(re.compile(r"/sales/\d+"))
    with promptly():
        expect(place).to_have_text("Vas en el puesto 1")
        expect(share(tab, goal)).not_to_have_text(shown)
        expect(row).not_to_have_text(theirs)
    expect(office.locator("#home-news")).to_contain_text(product)

    hand.tap(phone.locator("#toasts").get_by_role("button", name="Deshacer"))
    expect(phone.locator("#sale")).to_contain_text("Anulada")
    with promptly():
        expect(place).to_have_text(before)
        expect(share(tab, goal)).to_have_text(shown)
        expect(row).to_have_text(theirs)
    assert defects(phone, "es") == []
    assert defects(tab, "es") == []
    assert defects(office, "en") == []


def test_a_goal_is_questioned_explained_and_accepted(at_demo: Browsers, demo: Portal) -> None:
    (asked, *_) = demo.rows(
        """SELECT g.id, p.email AS rep, m.email AS manager, p.name FROM goals g
        JOIN people p ON p.id = g.person_id JOIN people m ON m.id = p.manager_id
        WHERE g.status = 'proposed' ORDER BY g.id"""
    )
    rep = at_demo.page("/", asked["rep"].partition("@")[0], width=390, language="es")
    manager = at_demo.page("/", asked["manager"].partition("@")[0])
    bell, before = manager.locator("#bell a"), unread(manager)

    # The next thing to do leads to the goal.
    rep.locator("#home-goals .card--primary a").tap()
    expect(rep.get_by_role("heading", name="Tu respuesta")).to_be_visible()
    rep.get_by_label("Comentario").fill("¿Cuenta la feria de diciembre?")
    rep.get_by_role("button", name="Cuestionarla").tap()
    expect(rep.locator("#goal-conversation")).to_contain_text("¿Cuenta la feria de diciembre?")

    expect(bell).to_have_attribute("aria-label", f"Inbox, {before + 1} unread")  # by itself
    bell.click()
    story = manager.locator("#inbox li").first
    expect(story).to_contain_text(asked["name"])
    story.get_by_role("link").click()
    manager.get_by_label("Comment").fill("It does, from the first day on.")
    manager.get_by_role("button", name="Send", exact=True).click()

    expect(rep.locator("#goal-conversation")).to_contain_text("It does, from the first day on.")
    rep.get_by_role("button", name="Aceptar", exact=True).tap()
    expect(rep.locator("main")).to_contain_text("Aceptada")
    expect(manager.locator("#goal-conversation")).to_contain_text(f"{asked['name']} accepted it")
    assert demo.row("SELECT status FROM goals WHERE id = %(id)s", id=asked["id"])["status"] == "accepted"
