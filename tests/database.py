"""A database a test process, copied from one that is migrated once."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app.core import embedded
from app.demo.words import REGIONS

ROOT = Path(__file__).resolve().parent.parent
LOCK = 7303


def server_folder() -> Path:
    """Where the embedded server of this checkout's tests lies."""
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"cumbre-tests-{name}"


def server_url() -> str:
    """The server that tests run on: DATABASE_URL's, else an embedded one shared by all test processes."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    return embedded.ensure_running(server_folder(), for_tests=True)


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _connect(server: str) -> psycopg.Connection:
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _fingerprint(*folders: str) -> str:
    parts = sorted(
        part for folder in ("migrations/versions", *folders) for part in (ROOT / folder).glob("*.py")
    )
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]


def _migrate(url: str) -> None:
    from flask_migrate import upgrade

    from app import create_app
    from config import Config

    with tempfile.TemporaryDirectory(prefix="cumbre-migrate-") as data:
        app = create_app(
            Config(
                CUMBRE_DATA=Path(data),
                SECRET_KEY="x",
                DATABASE_URL=url,
                TESTING=True,
                LISTEN_FOR_CHANGES=False,
            )
        )
        with app.app_context():
            from app.extensions import db

            upgrade()
            db.engine.dispose()


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _make_demo(url: str, language: str) -> None:
    from tests import loaded

    with tempfile.TemporaryDirectory(prefix="cumbre-demo-") as data:
        env = {**os.environ, "CUMBRE_DATA": data, "SECRET_KEY": "x", "DATABASE_URL": url}
        for command in (("db", "upgrade"), ("demo", "--language", language)):
            loaded.run("flask", "--app", "wsgi", *command, env=env).check_returncode()


def _template(connection: psycopg.Connection, server: str) -> str:
    return _made_once(connection, server, f"template_{_fingerprint()}", _migrate)


def demo_template(language: str = "es_ES") -> str:
    """The name of a database with the demo company in it (told up to today), for `fresh_database` to copy."""
    server = server_url()
    with _connect(server) as connection:
        empty = _template(connection, server)
        its_day = datetime.now(ZoneInfo(REGIONS[language][3]))
        made_of = _fingerprint("app/demo", "app/diagnosis")
        name = f"template_demo_{language.lower()}_{made_of}_{its_day:%m%d}"
        return _made_once(connection, server, name, partial(_make_demo, language=language), source=empty)


def _made_once(
    connection: psycopg.Connection,
    server: str,
    name: str,
    make: Callable[[str], None],
    source: str = "template1",
) -> str:
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        if not _exists(connection, name):
            draft = f"{name}_draft"
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft))
            )
            _copy(connection, source, draft)
            make(_named(server, draft))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def _copy(connection: psycopg.Connection, source: str, target: str) -> None:
    """Two copies of one template at a time are refused: they take turns."""
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK + 1])
    try:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source))
        )
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK + 1])


@contextmanager
def fresh_database(label: str, template: str | None = None) -> Iterator[str]:
    """The URL of a migrated, empty database of one's own (or a copy of `template`), dropped afterwards."""
    server = server_url()
    name = f"test_{label}_{os.getpid()}"
    with _connect(server) as connection:
        target = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
        _copy(connection, template or _template(connection, server), name)
    try:
        yield _named(server, name)
    finally:
        with _connect(server) as connection:
            try:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
            except psycopg.errors.InsufficientPrivilege:  # a superuser is about to leave: waited for
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(target))
