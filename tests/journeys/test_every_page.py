"""Every page that a role finds: accessible, on its screen, silent, in its language.

Each role opens each main page in both looks, and every other page in one of them (the next role takes the
other): whether it answers, fits, says nothing to the console and speaks its language is asked each time.
What axe says of a page depends on its elements: it is asked again where a role's page holds an element of a
kind (its tag, classes, role, type) that it has not seen in this look on a page of that name.
"""

from collections import defaultdict
from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser, Page

from bin.screens import SIGN_INS, SIGNED_OUT, links, name_of, pages_of
from tests.browsers import Browsers, Readers, misfits, quiet, violations
from tests.journeys.portal import Portal
from tests.journeys.spoken import untranslated

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(390, "light", "es"), (1280, "dark", "en")]
RICHEST_FIRST = sorted(SIGN_INS, key=["admin", "manager", "hr", "department_lead", "executive", "rep"].index)
KINDS = """() => [...new Set([...document.querySelectorAll('body *')].map(it => [
  it.tagName, it.getAttribute('class'), it.getAttribute('role'), it.getAttribute('type'),
].join(' ')))]"""


class Examiner:
    """In one look: what is wrong, and which kinds of elements axe has seen on pages of which name."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.found: list[str] = []
        self.seen: dict[str, set[str]] = defaultdict(set)

    def look_at(self, page: Page, paths: Iterable[str]) -> None:
        for path in paths:
            answer = page.goto(path)
            assert answer
            if answer.status != (404 if path == "/nothing-of-the-kind" else 200):
                self.found.append(f"{path}: {answer.status}")
            self.found += misfits(page, self.language)
            self.found += untranslated(page, "es") if self.language == "es" else []
            kinds, seen = set(page.evaluate(KINDS)), self.seen[name_of(path)]
            if kinds - seen:
                seen |= kinds
                self.found += [f"{path}: {violation}" for violation in violations(page)]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_every_role(look: tuple[int, str, str], chromium: Browser, demo: Portal) -> None:
    width, scheme, language = look
    examiner = Examiner(language)
    with quiet(Readers(chromium, demo)) as readers:
        for turn, role in enumerate(RICHEST_FIRST, LOOKS.index(look)):
            page = readers.page("/", SIGN_INS[role], width=width, scheme=scheme, language=language)
            main = links(page.content(), "nav")
            assert len(main) > 5
            paths = pages_of(page, demo.url)
            # Beside the navigation one look a role: the next role takes the other one.
            examiner.look_at(
                page, (path for place, path in enumerate(paths, turn) if path in main or place % 2 == 0)
            )
    assert examiner.found == []
    assert len(examiner.seen) > 50


def test_every_page_before_the_sign_in(at_demo: Browsers) -> None:
    at_demo.expected = {404}
    found = []
    for width, scheme, language in LOOKS:
        page = at_demo.page(None, width=width, scheme=scheme, language=language)
        examiner = Examiner(language)
        examiner.look_at(page, SIGNED_OUT)
        found += examiner.found
    assert found == []
    assert untranslated(page, "es"), "what is English would be noticed"
