"""A portal as bin/run starts it, on a database of its own."""

import hashlib
import os
import secrets
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from psycopg.rows import dict_row
from sqlalchemy.engine import make_url

from bin.launch import FLASK, free_port, web_command
from tests import loaded

SECRET = "only for journeys"
PATIENCE = 120.0  # seconds that a start may take on a busy machine


class Portal:
    """Where it is, what its database says, and a way in that does not take argon2's time."""

    def __init__(self, url: str, database_url: str, environment: dict[str, str]) -> None:
        self.url, self.environment = url, environment
        plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.connection = psycopg.connect(plain, autocommit=True, row_factory=dict_row)

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        return self.connection.execute(statement, values).fetchall()

    def row(self, statement: str, **values: Any) -> dict[str, Any]:
        (found,) = self.rows(statement, **values)
        return found

    def person(self, who: str) -> dict[str, Any]:
        """By the part of the address before the @, or by name."""
        return self.row(
            "SELECT * FROM people WHERE email LIKE %(who)s || '@%%' OR lower(name) = lower(%(who)s)", who=who
        )

    def cookie_of(self, who: str) -> dict[str, str]:
        """That of a browser which signed in a moment ago."""
        token = secrets.token_urlsafe(32)
        self.connection.execute(
            "INSERT INTO sign_in_sessions (person_id, token_hash, created_at, seen_at)"
            " VALUES (%s, %s, now(), now())",
            [self.person(who)["id"], hashlib.sha256(token.encode()).digest()],
        )
        signing = Flask(__name__)
        signing.secret_key = SECRET
        serializer = SecureCookieSessionInterface().get_signing_serializer(signing)
        assert serializer
        return {
            "name": "cumbre",
            "value": serializer.dumps({"_user_id": token, "_fresh": True}),
            "url": self.url,
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`flask --app wsgi ...` beside the running portal."""
        return loaded.run("flask", "--app", "wsgi", *arguments, env=self.environment)


@contextmanager
def running(database_url: str, data: Path) -> Iterator[Portal]:
    """Web server and worker, ended with everything that they started."""
    (data / "tmp").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "CUMBRE_DATA": str(data),
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
    }
    port = free_port("127.0.0.1", 0)
    log = data / "log"
    with log.open("wb") as said:
        services = [
            loaded.start(*command[2:], env=environment, out=said, err=said)  # without `python -m`
            for command in (web_command("127.0.0.1", port), [*FLASK, "worker"])
        ]
    portal = Portal(f"http://127.0.0.1:{port}", database_url, environment)
    try:
        _wait_for(portal.url, services, log)
        yield portal
    finally:
        portal.connection.close()
        for service in services:
            service.kill_all()
    assert "Traceback" not in log.read_text(), log.read_text()[-5000:]


def _wait_for(url: str, services: list[loaded.Started], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=10).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()[-2000:]
            assert all(service.poll() is None for service in services), log.read_text()[-2000:]
            time.sleep(0.1)
        else:
            return
