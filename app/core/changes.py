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
from dataclasses import dataclass, field
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.core.driver import Question
from app.core.transactions import BeforeCommit, after_commit, before_commit

CHANNEL = "cumbre_changes"
LISTENER = "changes"  # its thread
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
_STOPPING = 60.0  # seconds: more than a connection may take to fail
Subscriber = Callable[[Detail], None]
log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Listening:
    """One start of a listener: what an older one still does must not pass for the present one's."""

    url: str
    pid: int = field(default_factory=os.getpid)
    is_over: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


class Changes:
    """This process's view of what has changed."""

    def __init__(self) -> None:
        self._origin = uuid.uuid4().hex
        self._counts: dict[Topic, int] = {}
        self._gaps = 0
        self._subscribers: dict[str, list[Subscriber]] = defaultdict(list)
        self._lock = threading.Lock()
        self._listening: _Listening | None = None
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
        counts, gaps, found = self._counts, self._gaps, []
        for topic in topics:
            base, mine, _ = topic.partition(MINE)
            if mine:
                found.append(gaps + counts.get((base, person_id), 0) + counts.get((base, None), 0))
            else:
                found.append(gaps + counts.get(topic, 0))
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
        """After a gap in listening: whatever is kept may be old, of topics never heard of too."""
        for subscribers in list(self._subscribers.values()):
            for subscriber in list(subscribers):
                subscriber(None)
        with self._lock:
            self._gaps += 1

    def announce(self, topic: str, **detail: Any) -> None:
        """Tell all processes, when the running operation commits, that a topic has changed."""
        news = json.dumps([topic, detail])
        known: Detail = detail
        if len(news) > _MAX_PAYLOAD:
            news, known = json.dumps([topic, None]), None
        after_commit(lambda: self.apply(topic, known))
        before_commit(_Announcements).add(news, self._origin)

    def use(self, database_url: str) -> None:
        url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        if url != self._url:
            self.stop()
            self._url = url

    def ensure_listening(self) -> None:
        """Start this process's listener; a forked server calls it in each child."""
        if self._wanted() is None:
            return
        with self._lock:
            url = self._wanted()
            if url is None:
                return
            self._origin = uuid.uuid4().hex
            self.is_live = False
            self._listening = began = _Listening(url)
            began.thread = threading.Thread(target=self._listen, args=(began,), name=LISTENER, daemon=True)
            began.thread.start()

    def _wanted(self) -> str | None:
        """What to listen to, unless this process does already."""
        is_listening = self._listening is not None and self._listening.pid == os.getpid()
        return None if is_listening else self._url

    def stop(self) -> None:
        """Stop listening until told again what to `use`; the listener's thread has ended afterwards."""
        with self._lock:
            ended, self._listening, self._url = self._listening, None, None
            self.is_live = False
        if ended is None or ended.thread is None or ended.pid != os.getpid():
            return
        ended.is_over.set()
        ended.thread.join(_STOPPING)
        if ended.thread.is_alive():
            log.warning("the listener has not ended after %.0f s", _STOPPING)

    def _listen(self, mine: _Listening) -> None:
        while not mine.is_over.is_set():
            try:
                with psycopg.connect(
                    mine.url, autocommit=True, application_name="cumbre changes", **_ALIVE
                ) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.apply_all()
                    self._mark_live(mine, True)
                    while not mine.is_over.is_set():
                        for notice in connection.notifies(timeout=1):
                            self._receive(notice.payload)
                        connection.execute("SELECT 1")  # fails where nothing would be heard
            except Exception as error:  # whatever it was, the next try begins with everything old
                log.warning("not listening for changes: %s", error)
            finally:
                self._mark_live(mine, False)
            mine.is_over.wait(1)

    def _mark_live(self, mine: _Listening, is_live: bool) -> None:
        with self._lock:
            if self._listening is mine:
                self.is_live = is_live

    def _receive(self, payload: str) -> None:
        notice = json.loads(payload)
        if notice["from"] != self._origin:
            for topic, detail in notice["news"]:
                self.apply(topic, detail)


_TELL = Question(
    text(
        "SELECT pg_notify(:channel, payload) FROM jsonb_array_elements_text(CAST(:told AS jsonb)) AS payload"
    )
)


def notice_of(origin: str, news: Iterable[str]) -> str:
    """`origin`: who has no need to hear it. `news`: each a topic and its detail, as JSON."""
    return f'{{"from": "{origin}", "news": [{",".join(news)}]}}'


class _Announcements(BeforeCommit):
    """All that an operation announces, in one statement and few notices: each of them wakes every process."""

    def __init__(self) -> None:
        self._origin = ""
        self._notices: list[list[str]] = []
        self._room = 0

    def add(self, news: str, origin: str) -> None:
        if len(news) > self._room:
            self._notices.append([])
            self._room = _MAX_PAYLOAD
        self._origin = origin
        self._notices[-1].append(news)
        self._room -= len(news) + 1

    def __call__(self) -> None:
        _TELL.ask({"channel": CHANNEL, "told": json.dumps(self.notices())})

    def notices(self) -> list[str]:
        return [notice_of(self._origin, news) for news in self._notices]


changes = Changes()


def init_app(app: Flask) -> None:
    if not app.config.get("LISTEN_FOR_CHANGES", True):
        return
    changes.use(app.config["SQLALCHEMY_DATABASE_URI"])
    app.before_request(changes.ensure_listening)
