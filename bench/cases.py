"""Closing a period and diagnosing every missed goal of it: how long, and how it grows."""

import resource
import time
from typing import Any

from sqlalchemy import text

from app.coaching import access
from app.core import jobs
from app.diagnosis import opening
from app.extensions import db
from app.goals import closing, periods
from bench import fill, written
from bench.companies import Plant, Shape, simulate
from bench.portal import Portal, portal

QUARTERS = 3
TOP = 10  # a tenth of the reps, to compare with


def cases(reps: int = 10_000, sales: int = 1_000_000, **_: Any) -> dict[str, Any]:
    """Seconds for so many reps and sales, and for a tenth of both; `growth` 1 is as many times the reps."""
    small = _diagnosed(reps // TOP, sales // TOP)
    large = _diagnosed(reps, sales)
    return {
        "reps": reps,
        **large,
        "seconds_for_a_tenth": small["seconds"],
        "growth": round(large["seconds"] / small["seconds"] / TOP, 2),
    }


def _diagnosed(reps: int, sales: int) -> dict[str, Any]:
    # Late deliveries, and some who sell less than their peers: the dear case, everybody has findings.
    shape = Shape(reps=reps, leads=sales / reps / QUARTERS, teams=max(5, reps // 50), stretch=1.05)
    simulated = simulate(shape, (Plant("delivery"), Plant("capability")), seed=11)
    with portal() as one:
        written.company(simulated)
        fill.totals()
        period = periods.period_by_key("2026-Q3")
        assert period is not None
        begun, worked = time.perf_counter(), time.process_time()
        closed = closing.close_period(period)
        between = time.perf_counter()
        opened = opening.diagnose_period(period.id)
        ended, worked = time.perf_counter(), time.process_time() - worked
        counts = {
            name: db.session.scalar(text(f"SELECT count(*) FROM {name}"))
            for name in ("sales", "findings", "root_cause_reviews")
        }
        size = db.session.scalar(text("SELECT pg_total_relation_size('findings')")) or 0
        db.session.rollback()
        worker = _worked(one)
    return {
        "seconds": round(ended - begun, 2),
        "closing": round(between - begun, 2),
        "diagnosing": round(ended - between, 2),
        "python_cpu": round(worked, 2),  # the rest is the database, and waiting for the machine
        "missed": closed.outcomes["missed"],
        "cases": opened,
        **counts,
        "findings_mb": round(size / 2**20, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **worker,
    }


def _worked(one: Portal) -> dict[str, Any]:
    """What a worker does afterwards, beside whatever else: the news of everybody, and the plans."""
    begun = time.perf_counter()
    jobs.run_worker(one.database_url, wait=False)
    seconds = time.perf_counter() - begun
    access.as_worker()
    counted = {
        name: db.session.scalar(text(f"SELECT count(*) FROM {name}"))
        for name in ("plans", "notifications", "procrastinate_jobs")
    }
    return {"worker_seconds": round(seconds, 2), **counted}
