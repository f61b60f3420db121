"""Lessons as HTML: what an author writes is text, whatever it tries to be."""

import re
from time import process_time

import pytest
from bs4 import BeautifulSoup

from app.training.text import read

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<svg/onload="alert(1)">',
    "<iframe src='javascript:alert(1)'></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x](/a.png "\\" onerror=\\"alert(1)")',
    '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
    '[x]: https://a.example "t" onclick=alert(1)\n\n[x]',
    '<https://a.example/"onclick=alert(1)>',
    "`<b onclick=alert(1)>`",
    '```"><script>alert(1)</script>\ncode\n```',
    "| <b onclick=x> |\n|---|\n| <script>alert(1)</script> |",
    "<style>body{display:none}</style>",
    "<base href='https://evil.example'>",
    "<form action='https://evil.example'><button>x</button></form>",
    "# <a href='javascript:alert(1)'>x</a>",
    "text {onclick=alert(1)}",
)
ALLOWED = {
    "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th",
    "td", "hr", "pre", "code", "em", "strong", "s", "br", "a", "img", "div",
}  # fmt: skip  # running words


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_that_runs_comes_out(markdown):
    for tag in BeautifulSoup(read(markdown).html, "html.parser").find_all():
        assert tag.name in ALLOWED
        for name, value in tag.attrs.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src"}:
                assert re.match(r"https?://|/|data:image/(png|jpeg|gif|webp);base64,", value), value


def test_pictures_are_ours_or_in_the_text_and_others_are_links():
    html = read(
        "![ours](/static/a.png) ![in it](data:image/png;base64,AAAA) ![theirs](https://evil.example/a.png)"
    ).html
    soup = BeautifulSoup(html, "html.parser")
    assert [img["src"] for img in soup.find_all("img")] == ["/static/a.png", "data:image/png;base64,AAAA"]
    assert [img["alt"] for img in soup.find_all("img")] == ["ours", "in it"]
    assert [(a["href"], a.get_text()) for a in soup.find_all("a")] == [
        ("https://evil.example/a.png", "theirs")
    ]


@pytest.mark.parametrize("source", ["//evil.example/a.png", "\\\\evil.example", "a.png"])
def test_a_picture_that_only_looks_like_ours_is_none(source):
    assert "<img" not in read(f"![x]({source})").html


def test_links_tell_nobody_where_one_comes_from():
    link = BeautifulSoup(read("[x](https://a.example)").html, "html.parser").find("a")
    assert set(link["rel"]) == {"noopener", "noreferrer"}


@pytest.mark.parametrize(
    ("markdown", "levels"),
    [
        ("# A\n# B", ["h2", "h2"]),
        ("### A\n# B\n##### C\n## D", ["h2", "h2", "h3", "h3"]),
        ("## A\n### B\n#### C\n## D", ["h2", "h3", "h4", "h2"]),
        ("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6", ["h2", "h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_begin_below_the_page_and_leave_no_gap(markdown, levels):
    soup = BeautifulSoup(read(markdown).html, "html.parser")
    assert [tag.name for tag in soup.find_all(re.compile("h[1-6]"))] == levels


def test_each_block_has_a_number_and_sections_know_their_first():
    text = read("Before\n\n# One\n\nA\n\n- b\n- c\n\n# Two **bold** `code`\n\n> d\n")
    ids = [tag["id"] for tag in BeautifulSoup(text.html, "html.parser").find_all(id=True)]
    assert ids == [f"part-{number}" for number in range(text.parts)]
    assert [(s.part, s.title) for s in text.sections] == [(0, ""), (1, "One"), (4, "Two bold code")]
    assert text.section_of(3).title == "One"


def test_a_wide_table_and_code_can_be_moved_by_key():
    soup = BeautifulSoup(read("| a | b |\n|--:|:-:|\n| 1 | 2 |\n\n```\ncode\n```").html, "html.parser")
    assert soup.select_one("div.lesson__wide[tabindex='0'] table")
    assert soup.select_one("pre[tabindex='0'] code")
    assert [cell["class"] for cell in soup.select("td")] == [["num"], ["center"]]


@pytest.mark.parametrize(
    "bad", ["[" * 20_000, "> " * 5_000 + "x", "*a " * 20_000, "|" * 20_000, "![" * 9_000]
)
def test_a_text_made_to_be_slow_is_not(bad):
    began = process_time()
    read(bad)
    assert process_time() - began < 20


def test_an_empty_lesson_is_nothing():
    assert (read("").html, read("").parts, read("").minutes) == ("", 0, 1)
