"""How far an import is: a bar on its page while the worker runs it, one on a terminal, none in a pipe."""

import io
import sys

import psycopg
from sqlalchemy.engine import make_url

from app.extensions import db
from app.imports.cli import Bar
from app.imports.models import ImportStatus
from app.imports.progress import Progress
from tests.database import fresh_database
from tests.imports.factories import sale, table
from tests.imports.test_pages import the_import, upload


def test_the_page_says_how_far_the_worker_is(run, as_alba):
    url = upload(as_alba, ("deals.csv", table(sale()))).location
    as_alba.post(f"{url}/run")
    assert "waits for its turn" in as_alba.get(url).text
    record = the_import("deals.csv")
    record.status, record.rows_done, record.rows_total = ImportStatus.RUNNING, 2_500, 10_000
    record.summary = {**record.summary, "phase": "rows"}
    db.session.commit()
    page = as_alba.hx_get(url)
    bar = page.one("progress")
    assert (bar["value"], bar["max"]) == ("2500", "10000")
    assert "2,500 of 10,000 rows" in page.text
    assert page.one("#import")["hx-trigger"].startswith("every 1s")
    record.summary = {**record.summary, "phase": "merging"}
    db.session.commit()
    page = as_alba.hx_get(url)
    assert page.one("progress").get("value") is None
    assert "Putting it in order and counting" in page.text


def test_it_is_seen_while_the_imports_own_transaction_is_open():
    with fresh_database("progress") as url:
        plain = url.replace("+psycopg", "", 1)
        with psycopg.connect(plain, autocommit=True) as onlooker:
            onlooker.execute(
                """INSERT INTO imports (kind, source, filename, path, sha256, status, summary, created_at)
                VALUES ('sales', 'crm', 'a.csv', '/a', '', 'running', '{}', now())"""
            )
            (key,) = onlooker.execute("SELECT id FROM imports").fetchone()
            with Progress(make_url(url), key) as progress:
                progress("rows", 5_000, 10_000)
                progress("rows", 5_001, 10_000)  # too soon to say again
                seen = onlooker.execute("SELECT rows_done, rows_total, summary ->> 'phase' FROM imports")
                assert seen.fetchone() == (5_000, 10_000, "rows")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    bar = Bar()
    bar("rows", 5_000, 10_000)
    bar("merging", 10_000, 10_000)
    bar.close()
    shown = sys.stderr.getvalue()
    assert "Importing" in shown
    assert "50%" in shown
    assert "Putting in order" in shown
    assert "100%" in shown


def test_a_pipe_gets_none(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    bar = Bar()
    bar("rows", 5_000, 10_000)
    bar.close()
    assert sys.stderr.getvalue() == ""
