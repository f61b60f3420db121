"""What the list of goals shows, gathered in few questions, and what one chooses from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import progress, queries
from app.goals.models import Goal, GoalStatus, Period
from app.goals.progress import Progress
from app.goals.scorecard import Entry, Scorecard, scorecard
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.people.queries import below, sees_all, visible_teams

PEOPLE_A_PAGE = 30
GOALS_A_PAGE = 300


@dataclass(frozen=True, slots=True)
class Filters:
    """As in the URL; `period` None: whatever runs today."""

    period: Period | None = None
    metric: Metric | None = None
    team: Team | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody's goals, and what they come to together."""

    subject: Person | Team
    goals: Sequence[Progress]
    card: Scorecard | None


@dataclass(frozen=True, slots=True)
class Index:
    mine: Sequence[Progress]
    my_card: Scorecard | None
    teams: Sequence[Group]
    people: Sequence[Group]
    has_more: bool
    needs_team: bool
    """Whether people are shown only once a team is chosen: there are too many."""

    @property
    def is_empty(self) -> bool:
        return not (self.mine or self.teams or self.people)


def index(viewer: Viewer, filters: Filters) -> Index:
    """One's own goals, those of the teams one may see, and of the people in one's scope."""
    chosen = _chosen(viewer, filters)
    mine = db.session.scalars(chosen.where(Goal.person_id == viewer.person_id)).all()
    teams = db.session.scalars(
        chosen.where(Goal.team_id.is_not(None)).order_by(None).order_by(*_team_order()).limit(GOALS_A_PAGE)
    ).all()
    needs_team = sees_all(viewer) and filters.team is None
    people, has_more = ([], False) if needs_team else _people(viewer, chosen, filters)
    found = iter(progress.for_goals([*mine, *teams, *people]))
    own = [next(found) for _ in mine]
    by_team = _grouped([next(found) for _ in teams])
    by_person = _grouped([next(found) for _ in people])
    return Index(own, card_of(own), by_team, by_person, has_more, needs_team)


def _chosen(viewer: Viewer, filters: Filters) -> Select[Goal]:
    stmt = (
        queries.with_names(select(Goal))
        .join(Goal.metric)
        .join(Goal.period)
        .where(queries.visible(viewer))
        .order_by(Period.ends_on - Period.starts_on, Metric.position, Metric.id, Goal.id)
    )
    if filters.period is not None:
        stmt = stmt.where(Goal.period_id == filters.period.id)
    else:
        today = clock.today()
        stmt = stmt.where(Period.starts_on <= today, Period.ends_on >= today)
    if filters.metric is not None:
        stmt = stmt.where(Goal.metric_id == filters.metric.id)
    if filters.team is not None:
        inside = below(filters.team.id)
        members = select(Person.id).where(Person.team_id.in_(inside))
        stmt = stmt.where(or_(Goal.team_id.in_(inside), Goal.person_id.in_(members)))
    return stmt


def _team_order() -> tuple[Any, ...]:
    path = select(Team.path).where(Team.id == Goal.team_id).scalar_subquery()
    return path, Period.ends_on - Period.starts_on, Metric.position, Goal.id


def _people(viewer: Viewer, chosen: Select[Goal], filters: Filters) -> tuple[Sequence[Goal], bool]:
    """The goals of one page of people, by name."""
    others = chosen.where(Goal.person_id.is_not(None), Goal.person_id != viewer.person_id)
    ids = others.with_only_columns(Goal.person_id).order_by(None).distinct()
    page = db.session.scalars(
        select(Person.id)
        .where(Person.id.in_(ids))
        .order_by(func.lower(Person.name), Person.id)
        .offset((filters.page - 1) * PEOPLE_A_PAGE)
        .limit(PEOPLE_A_PAGE + 1)
    ).all()
    if not page:
        return [], False
    shown = page[:PEOPLE_A_PAGE]
    person = aliased(Person)
    goals = db.session.scalars(
        others.where(Goal.person_id.in_(shown))
        .join(person, person.id == Goal.person_id)
        .order_by(None)
        .order_by(
            func.lower(person.name), person.id, Period.ends_on - Period.starts_on, Metric.position, Goal.id
        )
    ).all()
    return goals, len(page) > PEOPLE_A_PAGE


def _grouped(found: Sequence[Progress]) -> list[Group]:
    groups: dict[tuple[str, int], list[Progress]] = defaultdict(list)
    for each in found:
        goal = each.goal
        groups["person" if goal.person_id else "team", goal.person_id or goal.team_id or 0].append(each)
    return [
        Group(goals[0].goal.person or goals[0].goal.team, goals, card_of(goals))  # type: ignore[arg-type]  # one of both is there
        for goals in groups.values()
    ]


def card_of(found: Sequence[Progress]) -> Scorecard | None:
    """The scorecard of one subject, where its goals share one period and there are two or more."""
    standing = [each for each in found if each.goal.status is not GoalStatus.DRAFT]
    if len(standing) < 2 or len({each.goal.period_id for each in standing}) > 1:
        return None
    return scorecard([Entry(each.goal.id, each.pace.attainment, each.goal.weight) for each in standing])


def period_choices(viewer: Viewer) -> list[Period]:
    """Periods in which the viewer may see a goal, and those that run or come next, latest first."""
    today = clock.today()
    with_goals = select(Goal.period_id).where(queries.visible(viewer))
    near = Period.ends_on >= today
    soon = Period.starts_on <= today + timedelta(days=100)
    stmt = (
        select(Period)
        .where(or_(Period.id.in_(with_goals), near & soon))
        .order_by(Period.starts_on.desc(), Period.ends_on.desc(), Period.id)
        .limit(60)
    )
    return list(db.session.scalars(stmt))


def team_choices(viewer: Viewer) -> list[Team]:
    """Teams to filter by, in the order of the tree."""
    return list(
        db.session.scalars(
            select(Team)
            .where(Team.id.in_(visible_teams(viewer)), Team.archived_at.is_(None))
            .order_by(Team.path)
        )
    )
