"""What the portal says in each language, and which texts of the other one a page shows."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
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


@cache
def _pairs() -> list[tuple[str, str]]:
    """English and Spanish, of all rooms."""
    found = []
    for path in sorted(ROOT.glob("app/*/translations/es/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                one = (message.id,) if isinstance(message.id, str) else message.id
                other = (message.string,) if isinstance(message.string, str) else message.string
                found += [(text, said) for text, said in zip(one, other, strict=False) if text and said]
    return found


@cache
def _words() -> dict[str, str]:
    return dict(_pairs())


@cache
def foreign(language: str) -> frozenset[str]:
    """Texts of the catalogues that are said otherwise in this language, everywhere."""
    english = {text for text, _ in _pairs() if "%(" not in text}
    spanish = {said for _, said in _pairs() if "%(" not in said}
    return frozenset(english - spanish if language == "es" else spanish - english)


def untranslated(page: Page, language: str) -> list[str]:
    left = foreign(language).intersection(page.evaluate(TEXTS))
    return [f"{page.url}: {text!r} is another language" for text in sorted(left)]


class Spoken:
    """`say("I agree")`: as a reader of this language has it before them."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, text: str, **values: object) -> str:
        said = _words()[text] if self.language == "es" else text
        return said % values if values else said
