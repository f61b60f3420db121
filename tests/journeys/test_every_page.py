"""Every page that a role finds: accessible, on its screen, silent, in its language."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from bin.screens import SIGN_INS, SIGNED_OUT, pages_of
from tests.browsers import Browsers, defects

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = [(390, "light", "es"), (1280, "dark", "en")]
TEXTS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest('script, style, textarea')) found.push(text.data);
  }
  for (const it of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(it.getAttribute(name) || '');
  return [...new Set(found.map(text => text.trim().replace(/\\s+/g, ' ')))];
}"""


@pytest.fixture(scope="session")
def english() -> set[str]:
    """Texts of the catalogues that are said otherwise in Spanish, everywhere."""
    said: set[str] = set()
    spanish: set[str] = set()
    for path in ROOT.glob("app/*/translations/es/LC_MESSAGES/messages.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                one = (message.id,) if isinstance(message.id, str) else message.id
                other = (message.string,) if isinstance(message.string, str) else message.string
                said.update(one)
                spanish.update(other)
    return {text for text in said - spanish if text and "%(" not in text}


def examine(page: Page, paths: Iterable[str], language: str, english: set[str]) -> list[str]:
    found = []
    for path in paths:
        answer = page.goto(path)
        assert answer
        if answer.status != (404 if path == "/nothing-of-the-kind" else 200):
            found.append(f"{path}: {answer.status}")
        found += defects(page, language)
        if language == "es":
            left = english.intersection(page.evaluate(TEXTS))
            found += [f"{path}: {text!r} is not Spanish" for text in sorted(left)]
    return found


@pytest.mark.parametrize("role", SIGN_INS)
def test_every_page_of(role: str, at_demo: Browsers, english: set[str]) -> None:
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
        found += examine(page, seen, language, english)
    assert found == []


def test_every_page_before_the_sign_in(at_demo: Browsers, english: set[str]) -> None:
    at_demo.expected = {404}
    found = []
    for width, scheme, language in VARIANTS:
        page = at_demo.page(None, width=width, scheme=scheme, language=language)
        found += examine(page, SIGNED_OUT, language, english)
    assert found == []
    assert english.intersection(page.evaluate(TEXTS)), "what is English would be noticed"
