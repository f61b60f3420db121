"""A lesson's Markdown as HTML that may stand on our pages. Pure.

Authors' HTML is text. What Markdown makes is cleaned once more by nh3, images come from this portal or lie in
the text itself, and headings begin at the second level without a gap, whatever the author began with. Each
block has a number (`part-7`): where somebody stopped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

WORDS_A_MINUTE = 200
LONGEST = 100_000  # characters

_BLOCKS = {"h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "blockquote", "table", "hr", "pre"}
_TAGS = _BLOCKS | {
    "li",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "em",
    "strong",
    "s",
    "br",
    "a",
    "img",
    "div",
}
_ATTRIBUTES: dict[str, set[str]] = {
    **{tag: {"id"} for tag in _BLOCKS},
    "pre": {"id", "tabindex"},
    "ol": {"id", "start"},
    "th": {"class"},
    "td": {"class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "div": {"class", "tabindex"},
}
_PICTURE = re.compile(r"/(?![/\\])[^\\]*|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")


@dataclass(frozen=True, slots=True)
class Section:
    """From one heading to the next; the first may have none. `part` is its first block."""

    part: int
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Text:
    sections: tuple[Section, ...]
    parts: int
    minutes: int  # to read it, at least one

    @property
    def html(self) -> str:
        return "".join(section.html for section in self.sections)

    def section_of(self, part: int) -> Section | None:
        return next((section for section in reversed(self.sections) if section.part <= part), None)


@lru_cache(maxsize=256)
def read(markdown: str) -> Text:
    tokens = _MARKDOWN.parse(markdown)
    _level_headings(tokens)
    part, sections = 0, []
    pending: list[Token] = []
    begun, title = 0, ""

    def close() -> None:
        if pending:
            sections.append(Section(begun, title, _clean(_render(pending))))

    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0:
            if token.type == "heading_open":
                close()
                pending, begun, title = [], part, _words_of(tokens[place + 1])
            token.attrSet("id", f"part-{part}")
            part += 1
        pending.append(token)
    close()
    minutes = max(1, round(len(markdown.split()) / WORDS_A_MINUTE))
    return Text(tuple(sections), part, minutes)


def _level_headings(tokens: Sequence[Token]) -> None:
    """The page has the first level; an author's `#` and `###` below it become the second and third."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            token.tag = f"h{min(1 + len(above), 6)}"
        elif token.type == "heading_close":
            token.tag = f"h{min(1 + len(above), 6)}"


def _words_of(inline: Token) -> str:
    return "".join(
        child.content if child.type in {"text", "code_inline"} else " "
        for child in inline.children or ()
        if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
    ).strip()


def _render(tokens: Sequence[Token]) -> str:
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel="noopener noreferrer",
        attribute_filter=_keep,
    )


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    if (tag, attribute) == ("a", "href") and value.strip().lower().startswith("data:"):
        return None
    return value


def _image(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """A picture from elsewhere would be blocked, and tell others who reads: it is a link to it."""
    token = tokens[place]
    source = str(token.attrGet("src") or "")
    words = self.renderInlineAsText(token.children or [], options, env)
    if not _PICTURE.fullmatch(source):
        return f'<a href="{escape(source)}">{escape(words or source)}</a>'
    return f'<img src="{escape(source)}" alt="{escape(words)}" loading="lazy">'


def _code(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    name = f' id="{token.attrGet("id")}"' if token.attrGet("id") else ""
    return f'<pre{name} tabindex="0"><code>{escape(token.content)}</code></pre>\n'


def _table_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """As wide as it is, in a frame that can be moved by finger and by key."""
    return f'<div class="lesson__wide" tabindex="0">{self.renderToken(tokens, place, options, env)}'


def _table_close(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return f"{self.renderToken(tokens, place, options, env)}</div>\n"


def _cell_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """How it is aligned comes as a style, which our pages do not run."""
    token = tokens[place]
    align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
    if align in {"right", "center"}:
        token.attrSet("class", "num" if align == "right" else "center")
    return self.renderToken(tokens, place, options, env)


def _make() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    for name, rule in (
        ("image", _image),
        ("fence", _code),
        ("code_block", _code),
        ("table_open", _table_open),
        ("table_close", _table_close),
        ("th_open", _cell_open),
        ("td_open", _cell_open),
    ):
        made.add_render_rule(name, rule)
    return made


_MARKDOWN = _make()
