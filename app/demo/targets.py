"""The demo company's goals: past quarters agreed and done, this quarter still being talked about."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.core import clock
from app.demo.company import Cast
from app.demo.moments import AFTERNOON, on
from app.demo.story import CLOSED, WARM_UP, Story, months_before, season
from app.demo.words import Words
from app.extensions import db
from app.goals import conversation, operations, periods
from app.goals.models import Goal, GoalStatus, Period, PeriodKind, RevisionReason
from app.goals.revisions import revise_goal
from app.metrics import queries as metrics
from app.metrics.models import Metric
from app.people.models import Person, Team

REVENUE, DEALS, MEETINGS = "revenue", "deals_won", "meetings"
GROWTH = Decimal("1.04")
DAY = timedelta(days=1)


def write(story: Story, said: Words, cast: Cast) -> None:
    """Runs inside the demo's transaction, after the records."""
    periods.ensure_periods()
    quarters = _periods(PeriodKind.QUARTER, story)[-CLOSED - 1 :]
    month = _periods(PeriodKind.MONTH, story)[-1]
    for quarter in quarters:
        _revenue(quarter, story, cast)
    current = quarters[-1]
    _revenue(month, story, cast)
    for key, step in ((DEALS, Decimal(1)), (MEETINGS, Decimal(5))):
        metric = metrics.metric_by_key(key)
        for person, target in _expected(metric, current, story, cast, step).items():
            _goal(person, current, metric, target, by=_manager(person))
    _talk(said, cast, current)


def _periods(kind: PeriodKind, story: Story) -> Sequence[Period]:
    """Those with something in them, up to the running one."""
    return db.session.scalars(
        select(Period)
        .where(Period.kind == kind, Period.ends_on >= story.starts_on, Period.starts_on <= story.today)
        .order_by(Period.starts_on)
    ).all()


def _revenue(period: Period, story: Story, cast: Cast) -> None:
    """Persons first; what their goals add up to is their team's, and the teams' the company's."""
    metric = metrics.metric_by_key(REVENUE)
    company = the_company_unit(cast)
    targets = _expected(metric, period, story, cast, company)
    root = db.session.get_one(Team, cast.sales.parent_id)
    whole = _goal(root, period, metric, sum(targets.values(), Decimal(0)), by=cast.executive.id)
    by_team: dict[int, Decimal] = {}
    for person, target in targets.items():
        by_team[person.team_id or 0] = by_team.get(person.team_id or 0, Decimal(0)) + target
    regions: dict[int, Decimal] = {}
    for team in cast.teams:
        regions[team.parent_id or 0] = regions.get(team.parent_id or 0, Decimal(0)) + by_team.get(team.id, 0)
    sales = _goal(cast.sales, period, metric, whole.target, by=cast.executive.id, parent_id=whole.id)
    above = {
        region_id: _goal(
            db.session.get_one(Team, region_id),
            period,
            metric,
            target,
            by=cast.executive.id,
            parent_id=sales.id,
        )
        for region_id, target in regions.items()
        if target
    }
    parents = {
        team.id: _goal(
            team,
            period,
            metric,
            by_team[team.id],
            by=cast.executive.id,
            parent_id=above[team.parent_id or 0].id,
        )
        for team in cast.teams
        if by_team.get(team.id)
    }
    for person, target in targets.items():
        parent = parents.get(person.team_id or 0)
        _goal(person, period, metric, target, by=_manager(person), parent_id=parent.id if parent else None)


def the_company_unit(cast: Cast) -> Decimal:
    """What a revenue target is rounded to: a tenth of the dearest product."""
    return Decimal(max(product.list_price or 1 for product in cast.products)) / 10


def _expected(
    metric: Metric, period: Period, story: Story, cast: Cast, step: Decimal
) -> dict[Person, Decimal]:
    """A fair target each: half one's own run of two quarters, half the team's, a little growth asked for, and
    the time of the year minded.
    """
    length = (period.ends_on - period.starts_on).days + 1
    until = min(period.starts_on - timedelta(days=1), story.today)
    since = max(months_before(period.starts_on, 6), story.starts_on + WARM_UP)
    if (until - since).days < 60:  # the first quarters have no history: look at themselves
        since, until = period.starts_on, period.ends_on
    values = metrics.person_values(metric, since, until)
    share = Decimal(length) / Decimal((until - since).days + 1)
    share *= Decimal(season(period.starts_on, period.ends_on) / season(since, until))
    here = [
        (rep, person)
        for rep, person in zip(story.reps, cast.reps, strict=True)
        if rep.hired_on <= period.starts_on and (rep.left_on is None or rep.left_on > period.ends_on)
    ]
    own = {
        person: Decimal(values[person.id].value) if person.id in values else Decimal(0) for _, person in here
    }
    mean = sum(own.values(), Decimal(0)) / max(len(own), 1)
    targets = {}
    for rep, person in here:
        tenure = _tenure(rep.hired_on, until, since)
        fair = (own[person] / tenure + mean) / 2 * share * GROWTH
        targets[person] = max(step, (fair / step).to_integral_value() * step)
    return targets


def _tenure(hired_on: date, until: date, since: date) -> Decimal:
    """The part of the time looked at in which somebody was there, at least a third."""
    days = (until - max(hired_on, since)).days
    return max(Decimal(days) / Decimal((until - since).days), Decimal("0.34"))


def _manager(person: Person) -> int:
    return person.manager_id or person.id


def _goal(
    subject: Person | Team,
    period: Period,
    metric: Metric,
    target: Decimal,
    *,
    by: int,
    parent_id: int | None = None,
) -> Goal:
    return operations.create_goal(
        subject,
        period=period,
        metric=metric,
        target=target,
        by=by,
        parent_id=parent_id,
        status=GoalStatus.ACCEPTED,
    )


def _talk(said: Words, cast: Cast, current: Period) -> None:
    """Some answers are still missing, one is a question, and one team's goal has been revised."""
    revenue = metrics.metric_by_key(REVENUE)
    goals = {
        goal.person_id: goal
        for goal in db.session.scalars(
            select(Goal).where(Goal.period_id == current.id, Goal.metric_id == revenue.id)
        )
        if goal.person_id is not None
    }
    open_again = [goals[person.id] for person in cast.reps[:14] if person.id in goals]
    for goal in open_again:
        goal.status = GoalStatus.DRAFT
    db.session.flush()
    manager = {person.id: _manager(person) for person in cast.reps}
    today = clock.today()
    in_time, late = current.starts_on - 8 * DAY, max(current.starts_on - 8 * DAY, today - 6 * DAY)
    for goals_of_day, day in ((open_again[:8], in_time), (open_again[8:], late)):
        with on(day):
            for by in sorted({manager[goal.person_id or 0] for goal in goals_of_day}):
                theirs = [goal.id for goal in goals_of_day if manager[goal.person_id or 0] == by]
                operations.propose_goals(theirs, by=by, text=said.proposal)
    for number, goal in enumerate(open_again[:8]):
        with on(in_time + (1 + number % 4) * DAY, AFTERNOON):
            conversation.accept_goal(goal.id, by=goal.person_id or 0)
    asked = open_again[8]
    with on(late + 3 * DAY):
        conversation.question_goal(asked.id, by=asked.person_id or 0, text=said.question)
    with on(late + 4 * DAY):
        conversation.comment_goal(asked.id, by=manager[asked.person_id or 0], text=said.answer)
    team_goal = db.session.scalars(
        select(Goal).where(
            Goal.period_id == current.id, Goal.metric_id == revenue.id, Goal.team_id == cast.teams[3].id
        )
    ).one()
    if (current.ends_on - clock.today()).days > (current.ends_on - current.starts_on).days // 10:
        revise_goal(
            team_goal.id,
            target=(team_goal.target * Decimal("0.97")).to_integral_value(),
            reason=RevisionReason.COMPETITION,
            text=said.revision,
            effective_on=clock.today(),
            version=team_goal.version,
            by=cast.executive.id,
        )
