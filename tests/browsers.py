"""People before their screens: everybody has a browser of their own, and no console says a word."""

import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from bin.screens import PASSWORD, SIZES

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PATIENCE = 15_000  # milliseconds; a busy machine is no defect
LOCALES = {"es": "es-ES", "en": "en-US"}
# Nothing is asked for any more, nothing remembered.
LEAVE = """() => {
  for (let timer = setTimeout(() => {}); timer; timer--) clearTimeout(timer);
  localStorage.clear();
  sessionStorage.clear();
}"""
PROMISED = 2.0  # seconds from a sale to every open page

expect.set_options(timeout=PATIENCE)


class Served(Protocol):
    """A portal somewhere: `tests.site.Site`, `tests.journeys.portal.Portal`."""

    url: str

    def cookie_of(self, who: str) -> dict[str, str]: ...


class Browsers:
    """`expected` are the statuses of answers that Chromium may write to the console."""

    def __init__(self, chromium: Browser, portal: Served, expected: Iterable[int] = ()) -> None:
        self.chromium, self.portal = chromium, portal
        self.contexts: list[BrowserContext] = []
        self.noise: list[str] = []
        self.expected = set(expected)

    def page(self, path: str | None = "/", who: str | None = None, **options: Any) -> Page:
        """A page in a browser of its own; `who` is signed in already. Options are those of `context`."""
        context = self.context(**options)
        if who is not None:
            context.add_cookies([self.portal.cookie_of(who)])
        page = context.new_page()
        if path is not None:
            self.go(page, path)
        return page

    def context(
        self,
        width: int = 1280,
        height: int | None = None,
        scheme: str = "light",
        language: str = "en",
        reduced_motion: str = "reduce",
        **more: Any,
    ) -> BrowserContext:
        """`language` is en, es or a locale such as es-CO; `more` goes to Playwright as it is."""
        phone = {"has_touch": True, "is_mobile": True} if width < 500 else {}
        context = self.chromium.new_context(
            viewport={"width": width, "height": height or SIZES.get(width, 844)},
            color_scheme=scheme,
            locale=LOCALES.get(language, language),
            reduced_motion=reduced_motion,
            base_url=self.portal.url,
            **phone,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(6 * PATIENCE)
        context.on("console", lambda message: self.hear(message.text, message.page))
        context.on("weberror", lambda error: self.hear(str(error.error), error.page))
        self.contexts.append(context)
        return context

    def hear(self, text: str, page: Page | None) -> None:
        answer = re.search(r"Failed to load resource: .* status of (\d+)", text)
        if not answer or int(answer[1]) not in self.expected:
            self.noise.append(f"{page.url if page else '?'}: {text}")

    def go(self, page: Page, path: str, status: int = 200) -> Response:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return answer

    def close(self) -> None:
        for context in self.contexts:
            context.close()


class Readers(Browsers):
    """For pages that are only looked at: one browser is handed on, with nothing left in it.

    A new one costs as much as several pages: its process has compiled nothing yet.
    """

    def __init__(self, chromium: Browser, portal: Served, expected: Iterable[int] = ()) -> None:
        super().__init__(chromium, portal, expected)
        self.options: dict[str, Any] | None = None
        self.who: str | None = None

    def page(self, path: str | None = "/", who: str | None = None, **options: Any) -> Page:
        if self.options != options:
            self.close()
            page = super().page(None, who, **options)
        else:
            (page,) = self.contexts[0].pages
            if self.who != who:
                self._hand_on(page, who)
        self.options, self.who = options, who
        if path is not None:
            self.go(page, path)
        return page

    def _hand_on(self, page: Page, who: str | None) -> None:
        page.evaluate(LEAVE)
        page.context.clear_cookies()
        if who is not None:
            page.context.add_cookies([self.portal.cookie_of(who)])

    def close(self) -> None:
        super().close()
        self.contexts, self.options = [], None


@contextmanager
def quiet(browsers: Browsers) -> Iterator[Browsers]:
    """Closed at the end; whatever their consoles have said by then fails the test."""
    try:
        yield browsers
    finally:
        browsers.close()
    assert browsers.noise == [], "the console stays silent"


def sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """By hand, as on the first morning."""
    page.fill("input[name=email]", who if "@" in who else f"{who}@cumbre.example")
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_selector(".shell", state="attached")


@contextmanager
def replaced(page: Page, selector: str) -> Iterator[None]:
    """What happens inside ends with another element in that place."""
    page.locator(selector).evaluate("it => { it.isOld = true }")
    yield
    page.wait_for_function("selector => !document.querySelector(selector)?.isOld", arg=selector)


def unread(page: Page) -> int:
    """What the bell counts."""
    label = page.locator("#bell a").get_attribute("aria-label") or ""
    return int(re.sub(r"\D", "", label) or 0)


def violations(page: Page) -> list[str]:
    """What axe finds. It need not fetch the style sheets: no rule that runs reads them."""
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], preload: false}).then(it => it.violations)"
    )
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


def misfits(page: Page, language: str | None = None) -> list[str]:
    """What keeps this page from fitting its screen, or speaking its language."""
    found = []
    width = page.viewport_size["width"] if page.viewport_size else 0
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"{wide} pixels wide on a screen of {width}")
    lang = page.get_attribute("html", "lang") or ""
    if language is not None and not lang.startswith(language):
        found.append(f"says that it speaks {lang!r}")
    return [f"{page.url}: {defect}" for defect in found]


def defects(page: Page, language: str | None = None) -> list[str]:
    """What keeps this page from being accessible, fitting its screen, or speaking its language."""
    return [*(f"{page.url}: {it}" for it in violations(page)), *misfits(page, language)]


class Watch:
    """`with promptly() as watch:` what happens inside is seen within two seconds, on a machine that rests."""

    def __init__(self, promised: float = PROMISED) -> None:
        self.promised = promised

    def __enter__(self) -> "Watch":
        self.began = time.monotonic()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        took = time.monotonic() - self.began
        print(f"seen after {took:.2f} s, promised {self.promised:.0f} s")
        if kind is None and os.getloadavg()[0] < (os.cpu_count() or 1):
            assert took <= self.promised, f"took {took:.1f} s"


def promptly(promised: float = PROMISED) -> Watch:
    return Watch(promised)
