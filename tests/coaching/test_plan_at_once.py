"""Several workers and people at once, with real commits: one plan a missed goal, one open plan a metric."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.coaching.access import as_worker
from app.coaching.models import Plan, PlanCase, PlanMessage, PlanMessageKind, PlanStatus, PlanStep
from app.coaching.proposals.proposing import propose
from app.extensions import db
from tests import factories
from tests.coaching.plans import OWN_PART, make_case
from tests.goals.factories import make_period
from tests.site import own_app

WORKERS = 4
PEOPLE = 6


@pytest.fixture(scope="module")
def portal() -> Iterator[Flask]:
    with own_app("plans_at_once") as app:
        yield app


def at_once(app: Flask, work: Callable[[], None], times: int = WORKERS) -> None:
    """Each in a thread and transaction of its own, begun together; what one raises fails the test."""
    ready, problems = threading.Barrier(times), []

    def run() -> None:
        try:
            with app.app_context():
                ready.wait()
                work()
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def number_of(table: type, *which: object) -> int:
    as_worker()
    return db.session.scalar(select(func.count()).select_from(table).where(*which)) or 0


def test_four_workers_make_one_plan_a_missed_goal_and_extend_it_once(portal: Flask) -> None:
    with portal.app_context():
        team = factories.make_team("Norte", factories.the_root())
        people = [factories.make_person(team=team) for _ in range(PEOPLE)]
        for period in ("2026-Q3", "2026-10"):
            make_period(period)
        first = [make_case(person, OWN_PART).id for person in people]
    at_once(portal, lambda: propose(first))
    with portal.app_context():
        assert number_of(Plan) == number_of(PlanCase) == PEOPLE
        steps = number_of(PlanStep)
        again = [make_case(person, OWN_PART, period="2026-10").id for person in people]
    at_once(portal, lambda: propose(again))
    with portal.app_context():
        assert number_of(Plan, Plan.status == PlanStatus.PROPOSED) == PEOPLE
        assert number_of(PlanCase) == 2 * PEOPLE
        assert number_of(PlanMessage, PlanMessage.kind == PlanMessageKind.EXTENDED) == PEOPLE
        assert number_of(PlanStep) == steps
