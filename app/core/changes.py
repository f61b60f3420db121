"""What has changed since: counters a topic, the same news in every process within milliseconds.

A change announces its topic in its own transaction. PostgreSQL hands the news to all listening
processes at commit, in commit order (a number from a sequence could arrive in another order).
A process keeps derived things (a session's person, a board, a rendered page) only as long as its
listener is connected: without one `is_live` is False and everything is asked for afresh.
"""

import json
import logging
import os
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.core.transactions import BeforeCommit, after_commit, before_commit
from app.extensions import db

CHANNEL = "cumbre_changes"
_MAX_PAYLOAD = 7500  # PostgreSQL takes 8000 bytes

Detail = dict[str, Any] | None
Topic = str | tuple[str, int | None]
MINE = ":mine"
# A connection that is dead without saying so must not look alive: what is kept would grow old unnoticed.
_ALIVE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    "connect_timeout": 10,
}
Subscriber = Callable[[Detail], None]
log = logging.getLogger(__name__)


class Changes:
    """This process's view of what has changed."""

    def __init__(self) -> None:
        self._origin = uuid.uuid4().hex
        self._counts: dict[Topic, int] = {}
        self._subscribers: dict[str, list[Subscriber]] = defaultdict(list)
        self._lock = threading.Lock()
        self._started_in: int | None = None
        self._url: str | None = None
        self.is_live = False

    def subscribe(self, topic: str, subscriber: Subscriber) -> None:
        """Call `subscriber`, once, at every change of a topic; with None when anything may have changed."""
        if subscriber not in self._subscribers[topic]:
            self._subscribers[topic].append(subscriber)

    def stamp(self, topics: Iterable[str], person_id: int | None = None) -> tuple[int, ...]:
        """Equal to an earlier stamp of the same topics if and only if none has changed since.

        `totals:mine` is the topic as far as `person_id` is concerned: changes that name other people
        (`announce(..., people=[...])`) leave it as it is.
        """
        counts, found = self._counts, []
        for topic in topics:
            base, mine, _ = topic.partition(MINE)
            if mine:
                found.append(counts.get((base, person_id), 0) + counts.get((base, None), 0))
            else:
                found.append(counts.get(topic, 0))
        return tuple(found)

    def apply(self, topic: str, detail: Detail) -> None:
        # Subscribers first: whoever sees the new count must not find what they keep still old.
        for subscriber in self._subscribers[topic]:
            subscriber(detail)
        people = (detail or {}).get("people")
        concerned: list[Topic] = [(topic, person_id) for person_id in ([None] if people is None else people)]
        with self._lock:
            for key in (topic, *concerned):
                self._counts[key] = self._counts.get(key, 0) + 1

    def apply_all(self) -> None:
        """After a gap in listening: whatever is kept may be old."""
        for topic in {key for key in self._counts if isinstance(key, str)} | set(self._subscribers):
            self.apply(topic, None)

    def announce(self, topic: str, **detail: Any) -> None:
        """Tell all processes, when the running operation commits, that a topic has changed."""
        payload = json.dumps({"from": self._origin, "topic": topic, "detail": detail})
        known: Detail = detail
        if len(payload) > _MAX_PAYLOAD:
            payload = json.dumps({"from": self._origin, "topic": topic, "detail": None})
            known = None
        after_commit(lambda: self.apply(topic, known))
        before_commit(_Announcements).payloads.append(payload)

    def use(self, database_url: str) -> None:
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)

    def ensure_listening(self) -> None:
        """Start this process's listener; a forked server calls it in each child."""
        if self._url is None or self._started_in == os.getpid():
            return
        with self._lock:
            if self._started_in == os.getpid():
                return
            self._started_in = os.getpid()
            self._origin = uuid.uuid4().hex
            self.is_live = False
        threading.Thread(target=self._listen, name="changes", daemon=True).start()

    def stop(self) -> None:
        """Stop listening; the thread ends within a second."""
        self._started_in = None
        self.is_live = False

    def _listen(self) -> None:
        pid, wait = os.getpid(), threading.Event()
        while self._started_in == pid:
            try:
                with psycopg.connect(
                    self._url or "", autocommit=True, application_name="cumbre changes", **_ALIVE
                ) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.apply_all()
                    self.is_live = True
                    while self._started_in == pid:
                        for notice in connection.notifies(timeout=1):
                            self._receive(notice.payload)
                        connection.execute("SELECT 1")  # fails where nothing would be heard
            except Exception as error:  # whatever it was, the next try begins with everything old
                log.warning("not listening for changes: %s", error)
            finally:
                self.is_live = False
            wait.wait(1)

    def _receive(self, payload: str) -> None:
        news = json.loads(payload)
        if news["from"] != self._origin:
            self.apply(news["topic"], news["detail"])


class _Announcements(BeforeCommit):
    """All that an operation announces, in one statement."""

    def __init__(self) -> None:
        self.payloads: list[str] = []

    def __call__(self) -> None:
        db.session.execute(
            text("SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload"),
            {"channel": CHANNEL, "payloads": self.payloads},
        )


changes = Changes()


def init_app(app: Flask) -> None:
    if not app.config.get("LISTEN_FOR_CHANGES", True):
        return
    changes.use(app.config["SQLALCHEMY_DATABASE_URI"])
    app.before_request(changes.ensure_listening)
