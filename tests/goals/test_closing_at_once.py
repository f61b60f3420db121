"""Closing, whatever comes in between: other closers, a kill at every step, sales being recorded."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.permissions import Role
from app.extensions import db
from app.goals.models import Goal, GoalResult
from app.people.models import Person
from tests import factories
from tests.database import ROOT
from tests.forked import answers
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_product, make_sale
from tests.site import own_app

KEY, PEOPLE = "2026-Q3", 30
STATE = """
    SELECT (SELECT status FROM periods WHERE key = '2026-Q3') AS status,
      (SELECT count(*) FROM goal_results) AS results,
      (SELECT count(DISTINCT goal_id) FROM goal_results) AS goals,
      (SELECT count(*) FROM events WHERE name = 'period_closed') AS periods,
      (SELECT count(*) FROM events WHERE name IN ('goal_reached', 'goal_missed')) AS told,
      (SELECT count(*) FROM audit_entries WHERE action = 'period.closed') AS audited,
      (SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'core.deliver_event%') AS jobs
"""


@pytest.fixture
def portal() -> Iterator[tuple[Flask, str]]:
    """Thirty people with a goal for the quarter, half of whom have reached it, and their team with one."""
    with own_app("closing_at_once") as app, app.app_context():
        team = factories.make_team("Norte")
        product = make_product()
        for number in range(PEOPLE):
            person = factories.make_person(role=Role.REP, team=team)
            make_goal(person, 100_00, period=KEY)
            if number % 2:
                make_sale(person, 100_00, date(2026, 9, 1), product=product)
        make_goal(team, 100_00, period=KEY)
        db.session.rollback()
        yield app, app.config["SQLALCHEMY_DATABASE_URI"]
        db.session.remove()


def run(what: str, url: str, number: int = 4) -> list[dict[str, Any]]:
    return answers("tests.goals.closer", what, url, KEY, str(number))


def state() -> dict[str, Any]:
    db.session.rollback()
    return dict(db.session.execute(text(STATE)).one()._mapping)


OPEN = {"status": "open", "results": 0, "goals": 0, "periods": 0, "told": 0, "audited": 0, "jobs": 0}
CLOSED = {
    "status": "closed",
    "results": PEOPLE + 1,
    "goals": PEOPLE + 1,
    "periods": 1,
    "told": PEOPLE + 1,
    "audited": 1,
    "jobs": 3,
}


def test_four_closers_at_once_close_once(portal):
    _app, url = portal
    said = run("together", url)
    assert sorted(each["is_new"] for each in said) == [False, False, False, True]
    assert state() == CLOSED


def test_a_kill_at_any_step_leaves_nothing_or_all_and_the_next_closes_once(portal):
    _app, url = portal
    said = run("killed", url)
    assert [each["is_killed"] for each in said] == [True] * (len(said) - 1) + [False]
    assert len(said) > 40, "it was to be killed at every statement"
    assert state() == CLOSED


def test_a_sale_recorded_while_the_period_closes_is_in_the_result_or_refused(portal):
    _app, url = portal
    sums = text("SELECT person_id, sum(value)::bigint FROM sale_credits GROUP BY person_id")
    before = dict(db.session.execute(sums).all())
    said = run("racing", url, 6)
    recorded = [each for each in said if "promised" in each]
    assert len(recorded) == 6
    assert all(each["was_refused"] for each in recorded)
    assert sum(len(each["promised"]) for each in recorded) > 0
    db.session.rollback()
    current = (GoalResult.period_id == make_period(KEY).id) & GoalResult.is_current
    results = db.session.execute(
        select(Goal.person_id, GoalResult.value).join(Goal, Goal.id == GoalResult.goal_id).where(current)
    ).all()
    assert len(results) == PEOPLE + 1
    for person_id, value in results:
        if person_id is not None:
            promised = sum(each["promised"].get(str(person_id), 0) for each in recorded)
            assert value == before.get(person_id, 0) + promised, db.session.get_one(Person, person_id).name


def test_killed_from_the_close_to_the_plans_nothing_is_lost_and_nothing_comes_twice():
    """A handful of kills; `python -m tests.goals.chain` kills at every step."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.goals.chain", "100"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["kills"] >= 5
    assert (said["goals"], said["missed"], said["cases"], said["plans"]) == (9, 7, 7, 5)
