"""How far a running import is, seen by others while its own transaction is still open."""

import time
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy.engine import URL

from app.core.changes import CHANNEL, notice_of

EVERY = 0.5  # seconds
NEWS = notice_of("imports", ['["imports", {}]'])


class Progress:
    """Writes over a connection of its own, each time at once. What it cannot write, nobody misses."""

    def __init__(self, database: URL, import_id: int) -> None:
        url = database.set(drivername="postgresql").render_as_string(hide_password=False)
        self._import_id = import_id
        self._connection = psycopg.connect(url, autocommit=True, application_name="cumbre import")
        self._connection.execute("SET lock_timeout = '1s'")
        self._last = ("", 0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def __call__(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if phase == self._last[0] and now - self._last[1] < EVERY:
            return
        self._last = (phase, now)
        self._say(
            """UPDATE imports SET rows_done = %s, rows_total = %s,
               summary = summary || jsonb_build_object('phase', %s::text) WHERE id = %s""",
            (done, total, phase, self._import_id),
        )

    def status(self, status: str) -> None:
        self._say(
            "UPDATE imports SET status = %s, started_at = now() WHERE id = %s", (status, self._import_id)
        )

    def _say(self, sql: str, parameters: tuple[object, ...]) -> None:
        try:
            self._connection.execute(sql, parameters)
            self._connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, NEWS))
        except psycopg.Error:
            pass
