"""What travels packed, and that nobody can tell a secret by its length."""

import gzip
import os
from pathlib import Path

from flask import Flask
from werkzeug.test import Client as Browser

from app.core.assets import _Served
from app.core.compression import packed, packed_copy

STATIC = Path(__file__).resolve().parents[2] / "static"


def test_a_page_travels_packed_to_those_who_take_it(app: Flask) -> None:
    browser = app.test_client()
    plain = browser.get("/welcome")
    answer = browser.get("/welcome", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    page = gzip.decompress(answer.data).decode()
    nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in page
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(page) / 2


def test_an_empty_answer_is_left_alone(app: Flask) -> None:
    answer = app.test_client().get("/health", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_the_length_of_the_same_page_varies() -> None:
    body = os.urandom(2000)
    assert len({len(packed(body)) for _ in range(50)}) > 10
    assert gzip.decompress(packed(body)) == body


def test_a_style_sheet_is_packed_once_and_named_by_its_content(tmp_path: Path) -> None:
    sheet = STATIC / "css" / "app.css"
    copy = packed_copy(sheet, tmp_path / "packed")
    assert copy is not None
    assert gzip.decompress(copy.read_bytes()) == sheet.read_bytes()
    assert packed_copy(sheet, tmp_path / "packed") == copy
    assert packed_copy(STATIC / "icons" / "icon-192.png", tmp_path / "packed") is None


def test_static_files_are_served_packed_with_a_long_life(tmp_path: Path) -> None:
    served = _Served(lambda environ, start: [], tmp_path / "packed")
    served.add_files(str(STATIC), prefix="static/")
    browser = Browser(served)
    answer = browser.get("/static/css/app.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert gzip.decompress(answer.data) == (STATIC / "css" / "app.css").read_bytes()
    plain = browser.get("/static/css/app.css", buffered=True)
    assert plain.data == (STATIC / "css" / "app.css").read_bytes()


def test_where_the_folder_cannot_be_written_files_are_served_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "packed").write_text("in the way")
    assert packed_copy(STATIC / "css" / "app.css", tmp_path / "packed") is None
