"""Every page that a role finds: accessible, on its screen, silent, in its language."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page

from bin.screens import SIGN_INS, SIGNED_OUT, pages_of
from tests.browsers import Browsers, defects
from tests.journeys.spoken import untranslated

pytestmark = pytest.mark.browser

VARIANTS = [(390, "light", "es"), (1280, "dark", "en")]


def examine(page: Page, paths: Iterable[str], language: str) -> list[str]:
    found = []
    for path in paths:
        answer = page.goto(path)
        assert answer
        if answer.status != (404 if path == "/nothing-of-the-kind" else 200):
            found.append(f"{path}: {answer.status}")
        found += defects(page, language)
        found += untranslated(page, "es") if language == "es" else []
    return found


@pytest.mark.parametrize("role", SIGN_INS)
def test_every_page_of(role: str, at_demo: Browsers) -> None:
    at_demo.expected = {404}  # while looking for what there is
    scout = at_demo.page("/", SIGN_INS[role])
    main = {link.get_attribute("href") for link in scout.locator("nav a[href^='/']").all()}
    paths = pages_of(scout, at_demo.portal.url)
    at_demo.expected = set()
    assert len(main) > 5
    found = []
    turn = list(SIGN_INS).index(role)
    for number, (width, scheme, language) in enumerate(VARIANTS):
        # Beside the navigation one look a role: the next role takes the other one.
        seen = [path for place, path in enumerate(paths, turn + number) if path in main or place % 2 == 0]
        page = at_demo.page(None, SIGN_INS[role], width=width, scheme=scheme, language=language)
        found += examine(page, seen, language)
    assert found == []


def test_every_page_before_the_sign_in(at_demo: Browsers) -> None:
    at_demo.expected = {404}
    found = []
    for width, scheme, language in VARIANTS:
        page = at_demo.page(None, width=width, scheme=scheme, language=language)
        found += examine(page, SIGNED_OUT, language)
    assert found == []
    assert untranslated(page, "es"), "what is English would be noticed"
