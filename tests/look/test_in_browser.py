"""The look in Chromium, under the real Content-Security-Policy."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.browsers import violations
from tests.look.conftest import Opener

pytestmark = pytest.mark.browser

BEAT = "part => part.dispatchEvent(new CustomEvent('every'))"


@pytest.mark.parametrize(
    ("path", "width", "theme"),
    [
        ("/", 390, "light"),
        ("/?lang=en", 1280, "dark"),
        ("/?lang=en&theme=light", 320, "dark"),
        ("/?signed_out=1", 390, "dark"),
        ("/errors/404", 1280, "light"),
        ("/page/tv", 1280, "light"),
        ("/board", 390, "dark"),
    ],
)
def test_a_page_is_accessible_and_fits_its_screen(
    open_page: Opener, path: str, width: int, theme: str
) -> None:
    page = open_page(path, width, theme, reduced_motion="reduce")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_are_large_enough_for_a_thumb(open_page: Opener) -> None:
    page = open_page("/", 390)
    small = page.evaluate(
        """[...document.querySelectorAll('button, .button, .input, .choice, .nav__item, .tabs__tab')]
        .filter(e => e.checkVisibility() && !e.matches('.filters__go'))
        .filter(e => e.getBoundingClientRect().height < 43.5)
        .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_a_live_part_shows_the_new_ranks_by_itself(open_page: Opener, board: SimpleNamespace) -> None:
    page = open_page("/board")
    first = page.locator("#row-1")
    first.evaluate("row => { row.isSame = true }")
    board.order = [2, 1, *range(3, 61)]
    expect(page.locator("tbody tr").first).to_have_id("row-2")
    assert first.evaluate("row => row.isSame"), "the row moved, so that it can slide"
    with page.expect_response(lambda response: response.status == 304):
        pass
    assert board.asked[-1].startswith("2-1-3")


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_seen_again(
    open_page: Opener, board: SimpleNamespace
) -> None:
    page = open_page("/board")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    part = page.locator("#board")
    board.asked.clear()
    part.evaluate(BEAT)
    part.evaluate(BEAT)
    assert board.asked == []
    with page.expect_response("**/board"):
        page.evaluate(
            """() => { Object.defineProperty(document, 'hidden', {value: false, configurable: true});
                       document.dispatchEvent(new Event('visibilitychange')) }"""
        )
    assert len(board.asked) == 1


def test_a_server_in_trouble_is_asked_less_often_and_the_page_stays(
    open_page: Opener, board: SimpleNamespace
) -> None:
    page = open_page("/board")
    board.status = 503
    with page.expect_response(lambda response: response.status == 503):
        page.locator("#board").evaluate(BEAT)
    page.locator("#board").evaluate(BEAT)
    expect(page.locator("tbody tr")).to_have_count(60)
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)
    assert len(board.asked) <= 2


def test_without_a_connection_the_page_says_since_when(open_page: Opener, board: SimpleNamespace) -> None:
    page = open_page("/board?lang=en", locale="en-US")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_have_text(re.compile(r"Offline\. Last updated \d\d:\d\d"))
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_ones_own_row_stays_in_view(open_page: Opener, board: SimpleNamespace, width: int) -> None:
    page = open_page("/board", width)
    own = page.locator(".is-own td").first
    for place in ("#row-1", "#row-60"):
        page.locator(place).evaluate("row => row.scrollIntoView({block: 'center'})")
        box = own.bounding_box()
        assert box is not None
        bar = page.locator(".tabbar").bounding_box()
        bottom = bar["y"] if bar else 844
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= bottom + 1


def test_a_toast_can_be_undone(open_page: Opener) -> None:
    page = open_page("/?lang=en")
    page.evaluate(
        """document.dispatchEvent(new CustomEvent('toast', {detail:
        {message: '<b>Sale</b> recorded', undo_url: '/undo'}}))"""
    )
    toast = page.locator("#toasts [data-toast]")
    expect(toast).to_contain_text("<b>Sale</b> recorded")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("p")).to_have_text("undone with a-token")


def test_a_form_is_sent_once(open_page: Opener, board: SimpleNamespace) -> None:
    page = open_page("/board")
    page.evaluate(
        "document.addEventListener('submit', e => { window.sent = (window.sent || 0) + !e.defaultPrevented })"
    )
    page.evaluate("addEventListener('submit', e => e.preventDefault())")
    page.evaluate(
        "() => { const f = document.querySelector('#slow'); f.requestSubmit(); f.requestSubmit(); }"
    )
    assert page.evaluate("window.sent") == 1


def test_a_form_that_htmx_sends_is_sent_once_and_answers_with_a_toast(
    open_page: Opener, board: SimpleNamespace
) -> None:
    page = open_page("/board")
    button = page.locator("#quick button")
    button.click()
    expect(page.locator("#quick")).to_have_class("htmx-request")
    button.click()
    page.keyboard.press("Enter")
    board.gate.set()
    expect(page.locator("#toasts")).to_contain_text("Guardado")
    assert board.asked.count("kept") == 1


def test_a_menu_works_by_keyboard(open_page: Opener) -> None:
    page = open_page("/")
    summary = page.locator("details.menu summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.menu").first).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    assert page.locator("details.menu").first.get_attribute("open") is None
    assert summary.evaluate("element => element === document.activeElement")


def test_all_pages_are_reached_from_a_phone_without_scripts(open_page: Opener) -> None:
    page = open_page("/", 390, java_script_enabled=False)
    page.locator("[popovertarget=more]").click()
    expect(page.locator("#more").get_by_role("link", name="Importaciones")).to_be_visible()


def test_a_television_celebrates_a_new_win_once(open_page: Opener) -> None:
    page = open_page("/page/tv")
    expect(page.locator(".celebration")).to_have_count(0)
    page.evaluate(
        """() => { const news = document.createElement('span');
        Object.assign(news.dataset, {celebrate: 'sale-2', name: 'Ana Alonso', what: '12.400 €'});
        document.querySelector('#boards').append(news);
        for (let n = 0; n < 3; n++)
            document.dispatchEvent(new CustomEvent('htmx:after:swap', {detail: {}})) }"""
    )
    expect(page.locator(".celebration__name")).to_have_text("Ana Alonso")
    expect(page.locator(".celebration")).to_have_count(0)
    assert page.locator("[data-board]:visible").count() == 1


def test_a_television_tells_the_time_and_that_its_link_was_taken_back(open_page: Opener) -> None:
    page = open_page("/page/tv")
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"\d\d:\d\d"))
    page.evaluate(
        """document.dispatchEvent(new CustomEvent('htmx:response:error',
        {detail: {ctx: {response: {status: 404}}}}))"""
    )
    expect(page.locator("main")).to_have_text("Apagada")


def test_a_new_page_that_arrives_in_parts_is_whole(open_page: Opener, board: SimpleNamespace) -> None:
    page = open_page("/board")
    page.locator("#go").click()
    expect(page).to_have_url(re.compile(r"/\?lang=en$"))
    expect(page).to_have_title(re.compile("María Fernanda"))
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("#main")).to_be_focused()
    assert page.locator("body").get_attribute("hx-headers:inherited")
    page.locator("details.menu summary").first.click()
    expect(page.locator("details.menu").first).to_have_attribute("open", "")
    page.go_back()  # waited for: a browser that is told to close on its way back may never answer
    expect(page.locator("#row-1")).to_be_visible()
