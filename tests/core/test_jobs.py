"""A job belongs to the transaction that queues it, and a real worker does it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from procrastinate import PsycopgConnector
from sqlalchemy import make_url, text

from app import create_app
from app.core import events, jobs
from app.core.transactions import atomic
from app.extensions import db
from config import Config
from tests.database import ROOT, fresh_database


def waiting() -> int:
    return db.session.scalar(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'core.deliver_event'")
    )


async def hand_back(url: str, own: int | None = None) -> None:
    with jobs.tasks.replace_connector(PsycopgConnector(conninfo=url)) as at_work:
        async with at_work.open_async():
            await jobs.hand_back(at_work.job_manager, seconds_since_heartbeat=5, own=own)


def test_a_job_is_gone_with_its_transaction(app) -> None:
    @atomic
    def fail() -> None:
        events.record("something_happened", what=1)
        assert waiting() == 1
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert waiting() == 0


def test_what_a_killed_worker_had_begun_is_handed_back_though_the_clock_has_queued_the_same_again() -> None:
    """Such a job once kept all those after it from being handed back."""
    begun = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status) VALUES"
        " ('default', 'by the clock', 'one at a time', 'doing'),"
        " ('default', 'by the clock', 'one at a time', 'todo'),"
        " ('default', 'by somebody', NULL, 'doing')"
    )

    with fresh_database("handed_back") as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(begun)
            asyncio.run(hand_back(plain))
            left = connection.execute(
                "SELECT task_name, status FROM procrastinate_jobs ORDER BY 1"
            ).fetchall()
    assert left == [("by somebody", "todo"), ("by the clock", "todo")]


def test_a_worker_that_slept_with_its_machine_does_not_take_its_own_jobs_for_lost() -> None:
    slept = (
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    )
    begun = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) VALUES"
        " ('default', 'of one', 'doing', %s), ('default', 'of another', 'doing', %s)"
    )

    with fresh_database("slept") as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            one, other = (connection.execute(slept).fetchone()[0] for _ in range(2))
            connection.execute(begun, (one, other))
            asyncio.run(hand_back(plain, one))
            left = connection.execute(
                "SELECT task_name, status FROM procrastinate_jobs ORDER BY 1"
            ).fetchall()
    assert left == [("of another", "todo"), ("of one", "doing")]


def test_a_job_that_was_done_after_all_keeps_none_from_being_handed_back() -> None:
    begun = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES"
        " ('default', 'first', 'doing'), ('default', 'slow', 'doing'), ('default', 'last', 'doing')"
    )
    done_meanwhile = """
        CREATE FUNCTION be_done() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN DELETE FROM procrastinate_jobs WHERE task_name = 'slow'; RETURN NULL; END $$;
        CREATE TRIGGER meanwhile AFTER UPDATE ON procrastinate_jobs FOR EACH ROW
        WHEN (NEW.task_name = 'first') EXECUTE FUNCTION be_done()
    """
    with fresh_database("done_after_all") as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(begun)
            connection.execute(done_meanwhile)
            asyncio.run(hand_back(plain))
            left = connection.execute(
                "SELECT task_name, status FROM procrastinate_jobs ORDER BY 1"
            ).fetchall()
    assert left == [("first", "todo"), ("last", "todo")]


@pytest.mark.slow
def test_a_worker_delivers_what_was_committed_and_stops_when_told(tmp_path: Path) -> None:
    """And never gives up what fails: kills count as attempts, and a worker that crashes again and again once
    lost jobs for good.
    """
    killed_often = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, attempts) VALUES"
        " ('default', 'core.deliver_events', '{}', 40)"  # of no events: it fails
    )
    tried = (
        "SELECT status, attempts, scheduled_at <= now() + interval '2 hours' FROM procrastinate_jobs"
        " WHERE task_name = 'core.deliver_events'"
    )
    with fresh_database("jobs") as url:
        config = Config(
            CUMBRE_DATA=tmp_path,
            SECRET_KEY="x",
            DATABASE_URL=url,
            TESTING=True,
            LISTEN_FOR_CHANGES=False,
        )
        app = create_app(config)
        environment = {**os.environ, "DATABASE_URL": url, "CUMBRE_DATA": str(tmp_path)}
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, env=environment
        )
        try:
            with app.app_context():
                db.session.execute(text(killed_often))
                atomic(lambda: events.record("something_happened", what=1))()
                for _ in range(300):
                    if waiting() == 0 and db.session.execute(text(tried)).one().attempts > 40:
                        break
                    db.session.rollback()
                    db.session.execute(text("SELECT pg_sleep(0.1)"))
                assert waiting() == 0
                assert db.session.execute(text(tried)).all() == [("todo", 41, True)]
                db.session.remove()
                db.engine.dispose()
        finally:
            worker.send_signal(signal.SIGTERM)
            code = worker.wait(20)
        assert code == 0


def test_what_the_clock_brings_again_and_mail_that_nobody_takes_is_given_up(app) -> None:
    def attempts(name: str) -> int:
        strategy = jobs.tasks.tasks[name].retry_strategy
        assert isinstance(strategy, jobs.Patience)
        return strategy.most or 0

    assert attempts("goals.close_periods") == jobs.BY_THE_CLOCK
    assert attempts("core.deliver_mail") == 30
    assert attempts("core.deliver_events") == 0


def test_a_handler_is_subscribed_once(app) -> None:
    calls = []

    def handler(event: events.Event) -> None:
        calls.append(event.id)

    events.on("something_happened")(handler)
    events.on("something_happened")(handler)
    event = atomic(lambda: events.record("something_happened"))()
    events.deliver(event.id)
    assert calls == [event.id]
    assert jobs.tasks.tasks["core.deliver_event"].queue == "default"
