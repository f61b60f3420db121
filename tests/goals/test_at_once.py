"""Two people do the same thing at the same moment, each in a connection of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.core import clock
from app.core.errors import DomainError
from app.core.events import Event
from app.core.permissions import Role
from app.extensions import db
from app.goals import cascades, conversation, operations, periods, revisions
from app.goals.cascades import Choices
from app.goals.models import Goal, GoalMessage, GoalStatus, Period, Revision, RevisionStatus
from app.people.models import Person, Team
from config import Config
from tests import factories
from tests.database import fresh_database
from tests.goals.factories import make_goal, make_period


@pytest.fixture(scope="module")
def real_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with fresh_database("goals_at_once") as url:
        app = create_app(
            Config(
                CUMBRE_DATA=tmp_path_factory.mktemp("data"),
                SECRET_KEY="x",
                DATABASE_URL=url,
                TESTING=True,
                LISTEN_FOR_CHANGES=False,
            )
        )
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def people(real_app: Flask) -> dict[str, int]:
    with real_app.app_context():
        team = factories.make_team()
        marta = factories.make_person("Marta", Role.MANAGER, team)
        team.lead_id = marta.id
        found = {
            "team": team.id,
            "marta": marta.id,
            "ana": factories.make_person("Ana", team=team, manager=marta).id,
            "bea": factories.make_person("Bea", team=team, manager=marta).id,
            "ximena": factories.make_person("Ximena", Role.EXECUTIVE).id,
            "alba": factories.make_person("Alba", Role.ADMIN).id,
        }
        db.session.commit()
        return found


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Run them together; what a rule of the trade refused comes back as its error."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.test_request_context():
            barrier.wait()
            try:
                return act()
            except DomainError as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def goal_of(app: Flask, person_id: int, **values: Any) -> int:
    with app.app_context():
        return make_goal(db.session.get_one(Person, person_id), 10_000_00, **values).id


def revise(goal_id: int, target: int, by: int) -> Callable[[], Revision]:
    return lambda: revisions.revise_goal(
        goal_id,
        target=Decimal(target),
        reason="results",
        text="As seen",
        effective_on=clock.today(),
        version=1,
        by=by,
    )


def test_of_two_managers_who_revise_at_once_one_is_told_that_it_changed(real_app, people):
    with real_app.app_context():
        period = make_period(kind="year", day=clock.today() + timedelta(days=200))
    goal_id = goal_of(real_app, people["ana"], period=period)
    results = at_once(
        real_app, revise(goal_id, 8_000_00, people["marta"]), revise(goal_id, 9_000_00, people["ximena"])
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    with real_app.app_context():
        goal = db.session.get_one(Goal, goal_id)
        (revision,) = db.session.scalars(select(Revision).where(Revision.goal_id == goal_id)).all()
        assert (goal.version, goal.target) == (2, revision.target)


def test_of_two_approvers_at_once_one_decides(real_app, people):
    with real_app.app_context():
        period = make_period(day=clock.today().replace(day=1) - timedelta(days=1))
    goal_id = goal_of(real_app, people["ana"], period=period)
    with real_app.test_request_context():
        revision_id = revise(goal_id, 8_000_00, people["marta"])().id
    results = at_once(
        real_app,
        lambda: revisions.decide_revision(revision_id, grant=True, by=people["ximena"]),
        lambda: revisions.decide_revision(revision_id, grant=False, by=people["alba"]),
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    with real_app.app_context():
        revision = db.session.get_one(Revision, revision_id)
        goal = db.session.get_one(Goal, goal_id)
        is_applied = revision.status is RevisionStatus.APPLIED
        assert goal.target == (8_000_00 if is_applied else 10_000_00)
        assert goal.version == (2 if is_applied else 1)


def test_accepting_twice_at_once_says_it_once(real_app, people):
    goal_id = goal_of(real_app, people["bea"], status=GoalStatus.PROPOSED)
    at_once(real_app, *[lambda: conversation.accept_goal(goal_id, by=people["bea"])] * 4)
    with real_app.app_context():
        said = select(func.count()).select_from(GoalMessage).where(GoalMessage.goal_id == goal_id)
        assert db.session.scalar(said) == 1


def test_proposing_at_once_tells_once(real_app, people):
    with real_app.app_context():
        period = make_period("2027-01")
    goal_id = goal_of(real_app, people["ana"], period=period, status=GoalStatus.DRAFT)
    at_once(real_app, *[lambda: operations.propose_goals([goal_id], by=people["marta"])] * 4)
    with real_app.app_context():
        told = select(Event).where(Event.name == "goal_proposed")
        events = [each for each in db.session.scalars(told) if goal_id in each.payload["goal_ids"]]
        assert len(events) == 1


def test_saving_a_cascade_at_once_makes_each_part_once(real_app, people):
    with real_app.app_context():
        goal = make_goal(db.session.get_one(Team, people["team"]), 10_000_00, period="2027-02")
        goal_id = goal.id
    results = at_once(
        real_app,
        *[
            lambda way=way: cascades.save_cascade(goal_id, Choices(way), version=1, by=people["alba"])
            for way in ("history", "headcount", "headcount")
        ],
    )
    assert not [result for result in results if isinstance(result, DomainError)]
    with real_app.app_context():
        parts = db.session.scalars(select(Goal).where(Goal.parent_id == goal_id)).all()
        assert len(parts) == 2
        assert sum(part.target for part in parts) == 10_000_00


def test_making_periods_at_once_makes_each_once(real_app):
    at_once(real_app, *[periods.ensure_periods] * 4)
    with real_app.app_context():
        keys = db.session.scalars(select(Period.key)).all()
        assert len(keys) == len(set(keys))
        assert f"{clock.today().year + 1}" in keys
