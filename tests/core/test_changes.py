"""News of a change reaches another process, in commit order, and never before the commit."""

import json
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import make_url

from app.core.changes import CHANNEL, LISTENER, Changes, _Announcements, notice_of


@pytest.fixture
def listener(database_url: str) -> Iterator[Changes]:
    """Another process's view: its own connection, its own counters."""
    other = Changes()
    other.use(database_url)
    other.ensure_listening()
    ready = threading.Event()
    other.subscribe("ready", lambda detail: ready.set())
    with plain(database_url) as connection:
        for _ in range(600):
            notify(connection, '["ready", null]')
            if ready.wait(0.1):
                break
    wait_until(lambda: other.is_live)
    yield other
    other.stop()


def plain(url: str):
    import psycopg

    return psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    )


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def notify(connection, *news: str) -> None:
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, notice_of("x", news)])


def test_news_arrives_after_the_commit_with_its_detail(listener: Changes, database_url: str) -> None:
    arrived = threading.Event()
    seen = []
    listener.subscribe("totals", lambda detail: (seen.append(detail), arrived.set()))
    before = listener.stamp(("totals", "goals"))
    with plain(database_url) as connection:
        connection.execute("BEGIN")
        notify(connection, '["totals", {"people": [1]}]')
        assert not arrived.wait(0.2)
        assert listener.stamp(("totals", "goals")) == before
        connection.execute("COMMIT")
    assert arrived.wait(60)
    assert seen == [{"people": [1]}]
    assert listener.stamp(("totals", "goals")) != before
    assert listener.stamp(("goals",)) == before[1:]


def test_what_an_operation_announces_arrives_in_its_order(listener: Changes, database_url: str) -> None:
    done = threading.Event()
    seen = []
    for topic in ("sales", "totals"):
        listener.subscribe(topic, lambda detail, topic=topic: seen.append((topic, detail)))
    listener.subscribe("goals", lambda detail: done.set())
    with plain(database_url) as connection:
        notify(connection, '["totals", {"people": [1]}]', '["sales", {}]', '["totals", null]')
        notify(connection, '["goals", null]')
    assert done.wait(60)
    assert seen == [("totals", {"people": [1]}), ("sales", {}), ("totals", None)]


def test_more_news_than_a_notice_holds_go_into_several() -> None:
    told = _Announcements()
    news = [json.dumps(["totals", {"since": "x" * length}]) for length in (10, 7000, 600, 7400, 1)]
    for one in news:
        told.add(one, "x")
    notices = told.notices()
    assert all(len(notice.encode()) < 8000 for notice in notices)
    assert len(notices) == 3
    assert [each for notice in notices for each in json.loads(notice)["news"]] == list(map(json.loads, news))


def test_a_lost_connection_makes_everything_old(listener: Changes, database_url: str) -> None:
    again = threading.Event()
    listener.subscribe("totals", lambda detail: again.set() if detail is None else None)
    with plain(database_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'cumbre changes' AND datname = current_database()"
        )
    assert again.wait(60)


def test_who_stops_has_no_thread_left_and_what_is_over_speaks_for_nobody(database_url: str) -> None:
    news = Changes()
    for _ in range(2):  # the second start is another one
        news.use(database_url)
        news.ensure_listening()
        wait_until(lambda: news.is_live)
        threads = [thread for thread in threading.enumerate() if thread.name == LISTENER]
        news.stop()
        assert not news.is_live
        assert not any(thread.is_alive() for thread in threads)
    news.ensure_listening()
    assert news._listening is None, "nobody has said again what to use"


def test_an_older_start_says_nothing_of_a_later_one(database_url: str) -> None:
    news = Changes()
    news.use("postgresql://nobody@127.0.0.1:1/nothing")  # a database that is gone
    news.ensure_listening()
    older = news._listening
    news.use(database_url)
    assert not older.thread.is_alive()
    news.ensure_listening()
    wait_until(lambda: news.is_live)
    news._mark_live(older, False)
    assert news.is_live
    news.stop()


def test_after_a_gap_topics_never_heard_of_are_old_too() -> None:
    news = Changes()
    before = news.stamp(("company", "totals:mine"), 1)
    news.apply_all()
    assert all(
        now != then for now, then in zip(news.stamp(("company", "totals:mine"), 1), before, strict=True)
    )
