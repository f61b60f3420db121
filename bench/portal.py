"""A portal to measure: its own PostgreSQL (with fsync, as in earnest) and database, a real web server."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.core import embedded
from app.extensions import db
from bin.launch import web_command
from config import Config

ROOT = Path(__file__).resolve().parent.parent
SECRET = "only for benchmarks"


@dataclass(frozen=True)
class Portal:
    app: Flask
    data: Path
    database_url: str


@contextmanager
def portal() -> Iterator[Portal]:
    """An empty, migrated portal, gone afterwards. The caller is inside its app context."""
    data = Path(tempfile.mkdtemp(prefix="cumbre-bench-"))
    data.chmod(0o755)  # the server may run as a user of its own
    try:
        url = embedded.ensure_running(data)
        config = Config(CUMBRE_DATA=data, SECRET_KEY=SECRET, DATABASE_URL=url, LISTEN_FOR_CHANGES=False)
        app = create_app(config)
        with app.app_context():
            upgrade()
            yield Portal(app, data, url)
            db.session.remove()
            db.engine.dispose()
    finally:
        embedded.stop(data)
        rmtree(data, ignore_errors=True)


@contextmanager
def served(one: Portal, constants: dict[str, str] | None = None, workers: int = 2) -> Iterator[int]:
    """The portal as bin/run starts it; yields the port.

    `constants`: files by name, which /bench/<name> answers without reaching the database.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": one.database_url,
        "CUMBRE_DATA": str(one.data),
        "SECRET_KEY": SECRET,
        "BENCH_CONSTANTS": json.dumps(constants or {}),
    }
    command = web_command("127.0.0.1", port, "bench.wsgi:app", workers)
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        _wait(port, server)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("the web server did not start")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server does not answer")
