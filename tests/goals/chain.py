"""From a close to cases and coaching plans, killed all the way: `python -m tests.goals.chain [STRIDE]`.

The small company of `tests/goals/missed_quarter.py` twice. Once nobody is killed. Once process after process
closes the period and does the worker's jobs, and is killed (as by kill -9) STRIDE steps later than the one
before; where one got a transaction further before it died, the next begins with its first step. A step is the
moment before or after a statement or a commit, the worker's own included. STRIDE 1 is every step.

At the end both must say the same of every missed goal: one result, one case, one plan where one is due.
Prints what it found as JSON; exits with 1 where anything differs, was lost or came twice.
"""

import asyncio
import json
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask
from procrastinate import PsycopgConnector
from psycopg.rows import dict_row
from sqlalchemy import make_url

from app.core.jobs import hand_back, tasks
from app.extensions import db
from tests.database import fresh_database
from tests.forked import Tick, ended, fork, portal
from tests.goals import missed_quarter
from tests.goals.closer import close
from tests.site import own_app

KEY = missed_quarter.KEY
STATE = """
    SELECT (SELECT status FROM periods WHERE key = '2026-Q3') AS status,
      (SELECT count(*) FROM goal_results) AS results,
      (SELECT count(*) FROM cases) AS cases,
      (SELECT count(*) FROM plan_cases) AS answered,
      (SELECT count(*) FROM events) AS events,
      (SELECT count(*) FROM notifications) AS notifications,
      (SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'core.deliver%') AS jobs
"""
CONCLUDED = """
    SELECT g.id AS goal, r.outcome, c.id IS NOT NULL AS has_case, d.main_cause,
      (SELECT string_agg(f.cause || ' ' || f.amount, ', ' ORDER BY f.position)
         FROM findings f WHERE f.diagnosis_id = d.id) AS findings,
      p.kind AS plan, p.gate,
      (SELECT count(*) FROM plan_steps s WHERE s.plan_id = p.id) AS steps,
      (SELECT count(*) FROM plan_aims a WHERE a.plan_id = p.id) AS aims
    FROM goals g
    LEFT JOIN goal_results r ON r.goal_id = g.id AND r.is_current
    LEFT JOIN cases c ON c.goal_id = g.id
    LEFT JOIN diagnoses d ON d.case_id = c.id AND d.is_current
    LEFT JOIN plan_cases pc ON pc.case_id = c.id
    LEFT JOIN plans p ON p.id = pc.plan_id
    ORDER BY g.id
"""
TWICE = """
    SELECT
      (SELECT count(*) FROM goal_results) - (SELECT count(DISTINCT goal_id) FROM goal_results) AS results,
      (SELECT count(*) FROM cases) - (SELECT count(DISTINCT goal_id) FROM cases) AS cases,
      (SELECT count(*) FROM diagnoses) - (SELECT count(DISTINCT case_id) FROM diagnoses) AS diagnoses,
      (SELECT count(*) FROM plan_cases) - (SELECT count(DISTINCT case_id) FROM plan_cases) AS answered,
      (SELECT count(*) FROM plans) - (SELECT count(DISTINCT plan_id) FROM plan_cases) AS plans,
      (SELECT count(*) FROM notifications)
        - (SELECT count(DISTINCT (person_id, kind, parameters, url)) FROM notifications) AS notifications
"""
LOST = """
    SELECT (SELECT count(*) FROM goal_results r WHERE r.outcome = 'missed'
         AND NOT EXISTS (SELECT FROM cases c WHERE c.goal_id = r.goal_id)) AS cases,
      (SELECT count(*) FROM cases c WHERE c.person_id IS NOT NULL
         AND NOT EXISTS (SELECT FROM plan_cases pc WHERE pc.case_id = c.id)) AS answers,
      (SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'
         AND task_name LIKE 'core.deliver%') AS jobs
"""


class Books:
    """What the database says, to nobody in particular: plans are shown to the worker only."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            connection.execute("SELECT set_config('cumbre.reader', 'worker', true)")
            return connection.execute(statement).fetchall()

    def row(self, statement: str) -> dict[str, Any]:
        (found,) = self.rows(statement)
        return found

    def phase(self) -> str:
        state = self.row(STATE)
        if state["status"] != "closed":
            return "closing"
        if not state["cases"]:
            return "diagnosing"
        return "telling" if state["answered"] else "planning"


def run(stride: int) -> dict[str, Any]:
    with own_app("chain") as app:
        with app.app_context():
            missed_quarter.write()
            db.session.remove()
            db.engine.dispose()
        written = app.config["SQLALCHEMY_DATABASE_URI"]
        with fresh_database("chain_unharmed", template=make_url(written).database) as url:
            with portal(url) as unharmed:
                assert _live(unharmed, None) == 0
            expected = Books(url).rows(CONCLUDED)
        began = time.monotonic()
        with portal(written) as mortal:
            kills = _killed(mortal, Books(written), stride)
        seconds = time.monotonic() - began
        books = Books(written)
        found, lost, twice = books.rows(CONCLUDED), books.row(LOST), books.row(TWICE)
    return {
        "kills": kills.total(),
        "kills_while": dict(kills),
        "seconds": round(seconds, 1),
        "goals": len(found),
        "missed": sum(one["outcome"] == "missed" for one in found),
        "cases": sum(one["has_case"] for one in found),
        "plans": sum(one["plan"] is not None for one in found),
        "lost": lost,
        "twice": twice,
        "as_unharmed": found == expected,
    }


def is_right(said: dict[str, Any]) -> bool:
    return bool(said["as_unharmed"]) and not any(said["lost"].values()) and not any(said["twice"].values())


def _killed(app: Flask, books: Books, stride: int) -> Counter[str]:
    """How many were killed in each phase, until one came to the end."""
    kills: Counter[str] = Counter()
    step = 1
    while True:
        before, phase = books.row(STATE), books.phase()
        code = _live(app, step)
        if code == 0:
            return kills
        assert code == -signal.SIGKILL, code
        kills[phase] += 1
        step = step + stride if books.row(STATE) == before else 1


def _live(app: Flask, step: int | None) -> int:
    """One process: close the period, then all jobs. Killed at its so many-th step."""

    def act() -> None:
        tick = _Tick(step)
        tick.watch()
        try:
            close(KEY)
            db.session.remove()
            asyncio.run(_work(tick, app.config["SQLALCHEMY_DATABASE_URI"]))
        except Exception:
            traceback.print_exc()
            raise

    return ended(fork(app, act))


class _Tick(Tick):
    """Commits are bracketed too."""

    def watch(self, *names: str) -> None:
        super().watch(*names)
        db.engine.dialect.do_commit = self.around(db.engine.dialect.do_commit)

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*arguments: Any) -> Any:
            self()
            done = act(*arguments)
            self()
            return done

        return acted


class _Mortal(PsycopgConnector):
    """The worker's own statements are steps too."""

    tick: _Tick

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        self.tick()
        await super().execute_query_async(query, **arguments)
        self.tick()

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        self.tick()
        found = await super().execute_query_one_async(query, **arguments)
        self.tick()
        return found


async def _work(tick: _Tick, url: str) -> None:
    """As the worker does it (app/core/jobs.py), but until nothing is left; those before it are known dead."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = _Mortal(conninfo=plain)
    connector.tick = tick
    with tasks.replace_connector(connector) as app:
        async with app.open_async():
            await hand_back(app.job_manager, seconds_since_heartbeat=0)
            await app.run_worker_async(
                wait=False, concurrency=1, delete_jobs="successful", install_signal_handlers=False
            )


def main(stride: str = "1") -> int:
    said = run(int(stride))
    print(json.dumps(said, indent=2))
    return 0 if is_right(said) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
