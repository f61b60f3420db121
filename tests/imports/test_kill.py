"""A worker killed in the middle of an import, again and again: the end is that of an undisturbed one."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app import create_app
from app.extensions import db
from app.imports import operations, running
from app.imports.models import Import
from app.people.models import Person
from config import Config
from tests import factories, loaded
from tests.database import fresh_database
from tests.imports.factories import sale, table

ROWS, KILLS, PATIENCE = 6_000, 10, 120.0
REFUSED = ROWS // 1000  # of a seller whom nobody knows
STATE = """
    SELECT (SELECT md5(string_agg(concat_ws('|', external_id, rep_id, stage, amount, value, version,
              closed_on),
              ',' ORDER BY external_id)) FROM sales),
      (SELECT count(*) FROM sales), (SELECT sum(value) FROM sale_credits), (SELECT count(*) FROM customers),
      (SELECT md5(string_agg(concat_ws('|', m.key, t.month, t.person_id, t.value, t.base), ','
              ORDER BY m.key, t.month, t.person_id)) FROM totals t JOIN metrics m ON m.id = t.metric_id),
      (SELECT md5(string_agg(concat_ws('|', m.key, t.day, t.team_id, t.value, t.base), ','
              ORDER BY m.key, t.day, t.team_id)) FROM team_totals t JOIN metrics m ON m.id = t.metric_id),
      (SELECT count(*) FROM import_rejects), (SELECT string_agg(status, ',') FROM imports),
      (SELECT count(*) FROM customers WHERE first_sale_id IS NOT NULL)
"""


def rows(number: int) -> str:
    def row(n: int) -> dict[str, object]:
        day = f"2026-{n % 9 + 1:02d}-{n % 27 + 1:02d}"
        who = "Nobody" if n % 1000 == 7 else "Ana Alonso" if n % 2 else "Luis Lago"
        return sale(
            f"S{n}", rep=who, closed_on=day, amount=n % 500, customer=f"Customer {n % 400}", opened_on=""
        )

    return table(*(row(n) for n in range(number)))


@contextmanager
def queued_import(url: str, folder: Path) -> Iterator[None]:
    """A company with two reps and a product, and a file waiting for the worker."""
    app = create_app(
        Config(CUMBRE_DATA=folder, SECRET_KEY="x", DATABASE_URL=url, TESTING=True, LISTEN_FOR_CHANGES=False)
    )
    with app.app_context():
        team = factories.make_team("Norte")
        for name, role in (("Ana Alonso", "rep"), ("Luis Lago", "rep"), ("Alba Admin", "admin")):
            factories.make_person(name, role, team)
        running.import_file(
            _file(folder, "name,list_price\nLamp,100\n"),
            "products",
            "crm",
            given=None,
            saved=None,
            is_dry=False,
            progress=lambda *_: None,
            rejects=None,
        )
        admin = db.session.query(Person).filter_by(name="Alba Admin").one()
        kept = operations.keep_file(folder, rows(ROWS).encode())
        record = operations.upload(kept, "deals.csv", source="crm", kind="sales", by_id=admin.id)
        operations.queue_run([db.session.get_one(Import, record.id)], by_id=admin.id)
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _file(folder: Path, content: str) -> Path:
    path = folder / "products.csv"
    path.write_text(content)
    return path


def worker(url: str, folder: Path) -> loaded.Started:
    env = {**os.environ, "DATABASE_URL": url, "CUMBRE_DATA": str(folder), "SECRET_KEY": "x"}
    with Path(os.devnull).open("wb") as nobody:
        return loaded.start("flask", "--app", "wsgi", "worker", env=env, out=nobody, err=nobody)


def wait_until(connection: "psycopg.Connection[tuple[object, ...]]", condition: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if connection.execute(f"SELECT {condition}").fetchone()[0]:
            return True
        time.sleep(0.02)
    return False


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def end_state(url: str, folder: Path, kills: int, undisturbed: float = 0) -> tuple[tuple[object, ...], int]:
    """What the database says once the import is done, and how often its worker was killed on the way."""
    killed = 0
    with queued_import(url, folder), connect(url) as watching:
        begun = (
            "EXISTS (SELECT 1 FROM imports WHERE status = 'running' AND started_at > now() - interval '1s')"
        )
        done = "NOT EXISTS (SELECT 1 FROM imports WHERE status IN ('queued', 'running'))"
        process = worker(url, folder)
        try:
            while killed < kills:
                assert wait_until(watching, f"({begun}) OR ({done})"), "the import did not begin"
                if watching.execute(f"SELECT {done}").fetchone() == (True,):
                    break
                # Early first: on a machine that has become quicker it may be through by a late one.
                time.sleep(random.uniform(0, undisturbed * (killed + 1) / (kills + 2)))
                process.kill_all()
                killed += 1
                assert watching.execute("SELECT count(*) FROM sales").fetchone() in {(0,), (ROWS - REFUSED,)}
                process = worker(url, folder)
            assert wait_until(watching, done), "the import did not end"
        finally:
            process.kill_all()
        found = watching.execute(STATE).fetchone()
        assert found is not None
        return found, killed


def seconds_taken(url: str) -> float:
    with connect(url) as connection:
        taken = "SELECT extract(epoch FROM max(finished_at - started_at)) FROM imports WHERE kind = 'sales'"
        (seconds,) = connection.execute(taken).fetchone()
        return float(seconds)


@pytest.mark.slow
def test_ten_kills_leave_the_same_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with fresh_database("imports_calm") as url:
        expected, _ = end_state(url, tmp_path / "a", 0)
        undisturbed = seconds_taken(url)
    assert expected[1] == ROWS - REFUSED
    with fresh_database("imports_killed") as url:
        found, killed = end_state(url, tmp_path / "b", KILLS, undisturbed)
    assert found == expected
    assert killed >= 4, "the import was too quick to be killed"
