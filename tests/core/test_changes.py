"""News of a change reaches another process, in commit order, and never before the commit."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import make_url

from app.core.changes import CHANNEL, Changes


@pytest.fixture
def listener(database_url: str) -> Iterator[Changes]:
    """Another process's view: its own connection, its own counters."""
    other = Changes()
    other.use(database_url)
    other.ensure_listening()
    ready = threading.Event()
    other.subscribe("ready", lambda detail: ready.set())
    with plain(database_url) as connection:
        for _ in range(100):
            notify(connection, '{"from": "x", "topic": "ready", "detail": null}')
            if ready.wait(0.1):
                break
    assert other.is_live
    yield other
    other.stop()


def plain(url: str):
    import psycopg

    return psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    )


def notify(connection, payload: str) -> None:
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def test_news_arrives_after_the_commit_with_its_detail(listener: Changes, database_url: str) -> None:
    arrived = threading.Event()
    seen = []
    listener.subscribe("totals", lambda detail: (seen.append(detail), arrived.set()))
    before = listener.stamp(("totals", "goals"))
    with plain(database_url) as connection:
        connection.execute("BEGIN")
        notify(connection, '{"from": "x", "topic": "totals", "detail": {"people": [1]}}')
        assert not arrived.wait(0.2)
        assert listener.stamp(("totals", "goals")) == before
        connection.execute("COMMIT")
    assert arrived.wait(5)
    assert seen == [{"people": [1]}]
    assert listener.stamp(("totals", "goals")) != before
    assert listener.stamp(("goals",)) == before[1:]


def test_a_lost_connection_makes_everything_old(listener: Changes, database_url: str) -> None:
    again = threading.Event()
    listener.subscribe("totals", lambda detail: again.set() if detail is None else None)
    with plain(database_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'cumbre changes' AND datname = current_database()"
        )
    assert again.wait(10)
