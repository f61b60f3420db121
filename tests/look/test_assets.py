"""Colours, sizes and what was brought in from elsewhere."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.look.harness import ROOT

CSS = (ROOT / "static" / "css" / "app.css").read_text()
SCRIPTS = [
    *(ROOT / "static" / "vendor" / "htmx").glob("*.js"),
    ROOT / "static" / "js" / "app.js",
]
TOKENS: dict[str, tuple[str, str]] = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{3,6}), (#\w{3,6})\)", CSS)
}
WORDS = ("ink", "muted", "primary", "sunrise", "gold", "good", "danger", "info")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, section 1.4.3."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("word", WORDS)
def test_every_text_colour_can_be_read_on_every_ground(word: str, theme: int) -> None:
    for ground in ("paper", "surface", "sunken"):
        assert contrast(TOKENS[word][theme], TOKENS[ground][theme]) >= 4.5, ground


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_their_wash_and_controls_have_an_edge(theme: int) -> None:
    for word in ("primary", "sunrise", "gold", "good", "danger", "info"):
        assert contrast(TOKENS[word][theme], TOKENS[f"wash-{word}"][theme]) >= 4.5, word
        assert contrast(TOKENS["ink"][theme], TOKENS[f"wash-{word}"][theme]) >= 4.5, word
    for muted_on in ("wash-sunrise", "wash-primary", "hover"):
        assert contrast(TOKENS["muted"][theme], TOKENS[muted_on][theme]) >= 4.5, muted_on
    assert contrast(TOKENS["on-primary"][theme], TOKENS["primary"][theme]) >= 4.5
    assert contrast(TOKENS["on-primary"][theme], TOKENS["primary-strong"][theme]) >= 4.5
    for ground in ("paper", "surface", "sunken"):
        assert contrast(TOKENS["line"][theme], TOKENS[ground][theme]) >= 3, ground


def zipped(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def test_the_first_visit_fits_into_sixty_kilobytes(look: Flask) -> None:
    css = zipped(CSS.encode())
    scripts = sum(zipped(path.read_bytes()) for path in SCRIPTS)
    html = zipped(look.test_client().get("/").data)  # the gallery is longer than any page
    rest = sum(
        zipped((ROOT / "static" / name).read_bytes()) for name in ("favicon.svg", "manifest.webmanifest")
    )
    assert css <= 15_000
    assert css + scripts + html + rest < 60_000


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_what_was_brought_in_is_what_was_published(folder: str) -> None:
    base = ROOT / folder
    listed: dict[Path, str] = {}
    for line in (base / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split(maxsplit=1)
        listed[base / name] = digest
    assert set(listed) == {path for path in base.rglob("*") if path.is_file()} - {base / "SHA256SUMS"}
    for path, digest in listed.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, path


def test_no_style_sheet_or_script_reaches_for_another_host() -> None:
    for path in (ROOT / "static").rglob("*"):
        if path.suffix in {".css", ".js", ".svg", ".webmanifest"} and "vendor" not in path.parts:
            text = path.read_text().replace("http://www.w3.org/", "")
            assert not re.search(r"https?://", text), path
