"""The demo company: the same story each time, whole, true to its totals, and never among real people."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.coaching import access
from app.coaching.models import (
    Plan,
    PlanCase,
    PlanEffect,
    PlanKind,
    PlanMessage,
    PlanStatus,
    PlanStep,
    Session,
    SessionStatus,
    StepKind,
)
from app.core import clock
from app.core.errors import Conflict
from app.core.permissions import Role
from app.demo import cli, company, story, words
from app.demo.operations import make_company
from app.diagnosis.findings import Cause
from app.diagnosis.models import Case, Diagnosis, Finding, Review, ReviewMessage, ReviewStatus
from app.extensions import db
from app.goals.models import Goal, GoalMessage, GoalStatus, Period, PeriodStatus
from app.people.models import Person, SignInSession, Team
from app.people.passwords import verify
from app.sales.models import Sale, SaleCredit, Stage
from tests.database import demo_template
from tests.site import own_app


def test_the_same_day_tells_the_same_story() -> None:
    day = date(2026, 3, 5)
    assert story.tell(day).deals == story.tell(day).deals
    assert story.tell(day).starts_on == date(2024, 12, 1)


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 8, 16)])
def test_nothing_in_the_story_lies_in_the_future_or_out_of_order(day: date) -> None:
    for deal in story.tell(day).deals:
        days = [deal.opened_on, deal.closed_on, deal.delivered_on, deal.followed_up_on]
        known = [each for each in days if each is not None]
        assert known == sorted(known)
        assert known[-1] <= day
    assert sum(deal.closed_on == day and deal.is_won for deal in story.tell(day).deals) >= 4


@pytest.fixture(scope="module", params=["es_ES", "en_US"])
def made(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A copy of what `flask demo` has made; bin/run makes one in es_CO (tests/ground/test_run.py)."""
    with own_app("made", template=demo_template(request.param)) as app:
        yield app


@pytest.fixture
def made_company(made: Flask) -> Iterator[None]:
    with made.app_context():
        yield
        db.session.rollback()


@pytest.mark.usefixtures("made_company")
def test_the_company_stands_with_everything_a_page_needs() -> None:
    reps = select(func.count()).select_from(Person).where(Person.role == Role.REP)
    assert db.session.scalar(reps) == 42
    sold = select(Team.id).join(Person, Person.team_id == Team.id).where(Person.role == Role.REP).distinct()
    assert len(db.session.scalars(sold).all()) == 6
    assert db.session.scalar(select(func.count()).select_from(Sale).where(Sale.stage == Stage.WON)) > 2000
    assert set(db.session.scalars(select(Goal.status).distinct())) >= {
        GoalStatus.PROPOSED,
        GoalStatus.QUESTIONED,
        GoalStatus.ACCEPTED,
    }
    uneven = (
        select(SaleCredit.sale_id).group_by(SaleCredit.sale_id).having(func.sum(SaleCredit.share) != 10_000)
    )
    assert db.session.scalars(uneven).all() == []
    from app.metrics import check

    assert check.differences() == []
    latest = db.session.scalar(select(func.max(Sale.closed_on)))
    assert latest == clock.today()
    _plans_show_every_kind()


def _plans_show_every_kind() -> None:
    """By the ordinary closing: for who won less, for who lacked a course, of support; some are measured."""
    access.as_worker()
    causes = set(
        db.session.scalars(
            select(Finding.cause)
            .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
            .join(PlanCase, PlanCase.case_id == Diagnosis.case_id)
            .join(Plan, Plan.id == PlanCase.plan_id)
            .where(Diagnosis.is_current, Finding.amount > 0, Plan.kind == PlanKind.COACHING)
        )
    )
    assert causes >= {Cause.CAPABILITY, Cause.TRAINING}
    kinds = set(db.session.scalars(select(PlanStep.kind).join(Plan, Plan.id == PlanStep.plan_id)))
    assert kinds >= {StepKind.COURSE, StepKind.SHADOWING, StepKind.PRACTICE, StepKind.SUPPORT}
    running = select(Plan.id).where(Plan.kind == PlanKind.COACHING, Plan.status == PlanStatus.ACTIVE)
    talks = select(func.count()).select_from(Session).where(Session.plan_id.in_(running))
    assert db.session.scalar(talks.where(Session.status == SessionStatus.HELD)) > 0
    assert db.session.scalar(select(func.count()).select_from(PlanEffect)) > 0


@pytest.mark.usefixtures("made_company")
def test_who_lost_their_touch_is_named_and_nobody_who_did_not() -> None:
    """Whatever the day on which the company is made; of forty days on none somebody else was."""
    said = db.session.execute(
        select(Person.email, Period.starts_on)
        .join(Goal, Goal.person_id == Person.id)
        .join(Period, Period.id == Goal.period_id)
        .join(Case, Case.goal_id == Goal.id)
        .join(Diagnosis, Diagnosis.case_id == Case.id)
        .join(Finding, Finding.diagnosis_id == Diagnosis.id)
        .where(Diagnosis.is_current, Finding.cause == Cause.CAPABILITY, Finding.amount > 0)
    )
    named = {tuple(row) for row in said}
    this_quarter = story.months_before(clock.today(), (clock.today().month - 1) % 3)
    planted = {
        (company.address(words.NAMES[number]), story.months_before(this_quarter, 3 * ago))
        for number, ago in story.SLUMPS.items()
    }
    assert planted <= named
    assert len(named - planted) <= 1


@pytest.mark.usefixtures("made_company")
def test_what_was_said_was_said_in_its_time() -> None:
    """Whatever the day on which the company is made: after what it is about, and in order."""
    access.as_worker()
    now = clock.now()
    for period in db.session.scalars(select(Period).where(Period.status == PeriodStatus.CLOSED)):
        closed_on = clock.day_of(period.closed_at or now)
        assert closed_on == min(period.ends_on + timedelta(days=6), clock.today())
        reviews = select(Review.id).where(Review.period_id == period.id)
        opened = select(func.min(ReviewMessage.at)).where(ReviewMessage.review_id.in_(reviews))
        assert db.session.scalar(opened) in (None, period.closed_at)
    for plan in db.session.scalars(select(Plan)):
        first = select(func.min(PlanMessage.at)).where(PlanMessage.plan_id == plan.id)
        assert clock.day_of(db.session.scalar(first)) == plan.starts_on
    for kind, about in (
        (PlanMessage, PlanMessage.plan_id),
        (ReviewMessage, ReviewMessage.review_id),
        (GoalMessage, GoalMessage.goal_id),
    ):
        told = db.session.execute(select(about, kind.at).order_by(about, kind.id)).all()
        assert told == sorted(told)
        assert max(at for _, at in told) <= now
    waiting = db.session.scalars(select(Review.due_on).where(Review.status == ReviewStatus.OPEN)).all()
    assert waiting
    assert min(waiting) >= clock.today()


@pytest.mark.usefixtures("made_company")
def test_everybody_shown_can_sign_in() -> None:
    lines = cli.sign_ins()
    assert len(lines) == 7
    for line in lines[1:]:
        person = db.session.scalars(select(Person).where(Person.email == line.split()[-1])).one()
        assert verify(company.PASSWORD, person.password_hash)
    assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_it_is_refused_where_there_are_people(cast) -> None:
    with pytest.raises(Conflict):
        make_company("en_US")
    assert db.session.scalar(text("SELECT count(*) FROM sales")) == 0
    assert cli.sign_ins() == []


def test_nobody_shares_a_name_or_an_address() -> None:
    names = [*words.NAMES, *words.MANAGERS, *words.LEADS, words.ADMIN, words.EXECUTIVE, words.HR]
    assert len({company.address(name) for name in names}) == len(names)
