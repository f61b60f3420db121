"""One case a missed goal, whoever diagnoses at the same time and wherever somebody is killed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from app.core.permissions import Role
from app.extensions import db
from app.goals import closing
from tests import factories
from tests.forked import answers
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_product, make_sale
from tests.site import own_app

pytestmark = pytest.mark.slow

KEY, PEOPLE = "2026-Q3", 8
STATE = """
    SELECT (SELECT count(*) FROM cases) AS cases,
      (SELECT count(DISTINCT goal_id) FROM cases) AS goals,
      (SELECT count(*) FROM diagnoses WHERE is_current) AS current,
      (SELECT count(*) FROM diagnoses) AS diagnoses,
      (SELECT count(*) FROM diagnoses d WHERE d.shortfall <>
        (SELECT sum(amount) FROM findings f WHERE f.diagnosis_id = d.id)) AS uneven,
      (SELECT count(*) FROM events WHERE name = 'case_opened') AS told,
      (SELECT count(*) FROM audit_entries WHERE action = 'case.opened') AS audited
"""
DONE = dict.fromkeys(("cases", "goals", "current", "diagnoses", "told", "audited"), PEOPLE) | {"uneven": 0}


@pytest.fixture
def url() -> Iterator[str]:
    """A closed quarter in which everybody sold something and missed their goal."""
    with own_app("diagnosing_at_once") as app, app.app_context():
        team, product = factories.make_team("Norte"), make_product()
        for _ in range(PEOPLE):
            person = factories.make_person(role=Role.REP, team=team)
            make_goal(person, 500_00, period=KEY)
            for month in (2, 5, 8):
                make_sale(
                    person, 100_00, date(2026, month, 9), product=product, opened_on=date(2026, month, 1)
                )
        closing.close_period(make_period(KEY))
        db.session.rollback()
        yield str(app.config["SQLALCHEMY_DATABASE_URI"])
        db.session.remove()


def run(what: str, url: str, number: int) -> list[dict[str, Any]]:
    return answers("tests.diagnosis.diagnoser", what, url, KEY, str(number))


def state() -> dict[str, Any]:
    db.session.rollback()
    return dict(db.session.execute(text(STATE)).one()._mapping)


def test_four_at_once_open_each_case_once(url: str) -> None:
    said = run("together", url, 4)
    assert sorted(each["opened"] for each in said) == [0, 0, 0, PEOPLE]
    assert state() == DONE


def test_a_kill_at_any_step_leaves_nothing_or_all(url: str) -> None:
    said = run("killed", url, 3)
    assert [each["is_killed"] for each in said] == [True] * (len(said) - 1) + [False]
    assert len(said) > 10
    assert state() == DONE
