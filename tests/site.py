"""A portal of a test's own, whose commits are real: alone (`own_app`), or behind a web server (`serving`).

    @pytest.fixture(scope="module")
    def site() -> Iterator[Site]:
        with serving("goals_in_browser", seed, listen=True) as site:
            yield site

`seed` runs once inside the app and returns what tests speak of by name: `site.ana` is then Ana's id, and
`at_site.page("/goals", "ana")` (tests/conftest.py) a page that she has opened.
"""

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.serving import make_server

from app import create_app
from app.core import jobs
from app.core.changes import changes
from app.core.models import Model
from app.extensions import db
from app.people import sessions
from app.people.models import Person
from config import Config
from tests.database import fresh_database


class _Templates(BytecodeCache):
    """Compiled once a process: there are many apps in it."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


_templates = _Templates()


def keep_templates(app: Flask) -> None:
    app.jinja_env.bytecode_cache = _templates


Seed = Callable[[], Mapping[str, object]]


@contextmanager
def own_app(name: str, *, listen: bool = False, template: str | None = None) -> Iterator[Flask]:
    """An app on a fresh database. `listen`: it hears of changes, so it keeps pages and these are told."""
    others = jobs._flask_app
    with fresh_database(name, template) as url, tempfile.TemporaryDirectory(prefix="cumbre-site-") as data:
        app = create_app(
            Config(
                CUMBRE_DATA=Path(data),
                SECRET_KEY="only for tests",
                DATABASE_URL=url,
                TESTING=True,
                LISTEN_FOR_CHANGES=listen,
            )
        )
        keep_templates(app)
        try:
            yield app
        finally:
            changes.stop()
            jobs._flask_app = others
            with app.app_context():
                db.engine.dispose()


class Site(SimpleNamespace):
    """A portal that is served: `app`, `url`, and the ids of what its seed has made, by name."""

    def cookie_of(self, who: str) -> dict[str, str]:
        """That of a browser which signed in a moment ago."""
        with self.app.app_context():
            person = db.session.get_one(Person, getattr(self, who))
            token = sessions.open_session(person, address=None, browser=None)
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": serializer.dumps({"_user_id": token, "_fresh": True}),
            "url": self.url,
        }


@contextmanager
def serving(name: str, seed: Seed, *, listen: bool = False) -> Iterator[Site]:
    """Rows in what `seed` returns are given by their ids, everything else as it is."""
    with own_app(name, listen=listen) as app:
        with app.app_context():
            made = {key: it.id if isinstance(it, Model) else it for key, it in seed().items()}
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Site(app=app, url=f"http://127.0.0.1:{server.server_port}", **made)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
