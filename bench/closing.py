"""Closing a period of a large company: every goal judged, results kept, the rooms above told."""

import time
from typing import Any

from sqlalchemy import text

from app.core.bulk import copy_rows
from app.core.transactions import atomic
from app.extensions import db
from app.goals import closing, queries
from app.goals.fiscal import earlier
from app.goals.models import Goal, Period
from app.metrics.queries import metric_by_key
from bench import fill
from bench.portal import portal

DAYS = 275  # three quarters
METRICS = {"revenue": 25_000_00, "win_rate": "0.6"}


def close(reps: int = 10_000, sales: int = 1_000_000, **_: Any) -> dict[str, Any]:
    """Seconds for the last whole quarter of so many reps, and for a tenth of them with as many goals each."""
    large, small = _closed(reps, sales), _closed(reps // 10, sales // 10)
    return {
        "reps": reps,
        "sales": sales,
        **large,
        "seconds_for_a_tenth": small["seconds"],
        "growth": round(large["seconds"] / small["seconds"] / 10, 2),
    }


def _closed(reps: int, sales: int) -> dict[str, Any]:
    with portal():
        keys = fill.company(reps)
        fill.sales(keys, sales, DAYS)
        fill.totals()
        period = _last_quarter()
        goals = _goals(keys, period)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        begun = time.perf_counter()
        done = closing.close_period(period)
        seconds = time.perf_counter() - begun
        queued = db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
        return {"seconds": round(seconds, 2), "goals": goals, **done.outcomes, "jobs": queued}


def _last_quarter() -> Period:
    running = queries.period_on("quarter")
    assert running is not None
    first, _last = earlier("quarter", running.starts_on)
    found = queries.period_on("quarter", first)
    assert found is not None
    return found


@atomic
def _goals(reps: list[int], period: Period) -> int:
    """One a rep and metric, and one a team on revenue."""
    rows: list[dict[str, Any]] = []
    shared = {
        "period_id": period.id,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "status": "accepted",
    }
    for key, target in METRICS.items():
        metric_id = metric_by_key(key).id
        rows += [
            {"person_id": rep, "team_id": None, "metric_id": metric_id, "target": target, **shared}
            for rep in reps
        ]
    teams = db.session.scalars(text("SELECT id FROM teams WHERE kind = 'team'")).all()
    metric_id = metric_by_key("revenue").id
    rows += [
        {"person_id": None, "team_id": team, "metric_id": metric_id, "target": 1_250_000_00, **shared}
        for team in teams
    ]
    copy_rows(Goal, tuple(rows[0]), rows)
    return len(rows)
