"""What closed periods came to, as far as a viewer may see: a page of results, and how many of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, any_, func, or_, select

from app.core import pagination
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import queries
from app.goals.models import Adjustment, Goal, GoalResult, GoalStatus, Outcome, Period, PeriodStatus
from app.metrics.models import Metric
from app.people.models import Person, Team, TeamKind
from app.people.queries import below, sees_all

__all__ = ["Filters", "Outcome", "Period"]

MOST_TEAMS = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """As in the URL."""

    period: Period
    outcome: Outcome | None = None
    metric: Metric | None = None
    team: Team | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class TeamRow:
    team_id: int
    name: str
    counts: Mapping[Outcome, int]

    @property
    def judged(self) -> int:
        return sum(number for outcome, number in self.counts.items() if outcome is not Outcome.NOT_JUDGED)

    @property
    def exceeded(self) -> int:
        return self.counts.get(Outcome.EXCEEDED, 0)

    @property
    def met(self) -> int:
        return self.exceeded + self.counts.get(Outcome.REACHED, 0)


def page_of(viewer: Viewer, wanted: Filters) -> pagination.Page[GoalResult]:
    """Teams first, then people, by name. With their goals and names."""
    stmt = (
        _of(viewer, wanted)
        .options(*queries.names_of(GoalResult.goal))
        .order_by(
            Goal.person_id.is_not(None),
            func.lower(func.coalesce(Team.name, Person.name)),
            Goal.person_id,
            Goal.team_id,
            Metric.position,
            Goal.id,
        )
    )
    if wanted.outcome is not None:
        stmt = stmt.where(GoalResult.outcome == wanted.outcome)
    return pagination.page_of(stmt, wanted.page)


def counts(viewer: Viewer, wanted: Filters) -> dict[Outcome, int]:
    """Of every outcome, whichever is chosen."""
    stmt = (
        _of(viewer, wanted).with_only_columns(GoalResult.outcome, func.count()).group_by(GoalResult.outcome)
    )
    found = dict(db.session.execute(stmt).all())
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


def by_team(viewer: Viewer, wanted: Filters) -> Sequence[TeamRow]:
    """People's goals by team: of those right below the chosen one, or the company; else one's own teams.

    Where there is only one, of those below it.
    """
    if wanted.team is None and not sees_all(viewer):
        return _teams(viewer, wanted, None)
    top_id = wanted.team.id if wanted.team else _company_id()
    rows: Sequence[TeamRow] = []
    while top_id is not None:
        below_it = _teams(viewer, wanted, top_id)
        rows = below_it or rows
        top_id = below_it[0].team_id if len(below_it) == 1 else None
    return rows


def _teams(viewer: Viewer, wanted: Filters, top_id: int | None) -> list[TeamRow]:
    """Those right below `top_id`, each with all below it; without one, everybody's own."""
    stmt: Select[Any] = _of(viewer, wanted).where(Goal.person_id.is_not(None))
    shown = Team.__table__.alias("shown")
    if top_id is not None:
        own = Team.__table__.alias("own")
        stmt = stmt.join(own, own.c.id == Person.team_id).join(
            shown, (shown.c.parent_id == top_id) & (shown.c.id == any_(own.c.path))
        )
    else:
        stmt = stmt.join(shown, shown.c.id == Person.team_id)
    stmt = (
        stmt.with_only_columns(shown.c.id, shown.c.name, GoalResult.outcome, func.count())
        .group_by(shown.c.id, shown.c.name, GoalResult.outcome)
        .order_by(func.lower(shown.c.name), shown.c.id)
    )
    names: dict[int, str] = {}
    numbers: dict[int, dict[Outcome, int]] = defaultdict(dict)
    for row in db.session.execute(stmt):
        names[row[0]], numbers[row[0]][row[2]] = row[1], row[3]
    return [TeamRow(team_id, name, numbers[team_id]) for team_id, name in names.items()][:MOST_TEAMS]


def _of(viewer: Viewer, wanted: Filters) -> Select[GoalResult]:
    stmt = (
        select(GoalResult)
        .join(GoalResult.goal)
        .join(Metric, Metric.id == Goal.metric_id)
        .outerjoin(Team, Team.id == Goal.team_id)
        .outerjoin(Person, Person.id == Goal.person_id)
        .where(GoalResult.is_current, GoalResult.period_id == wanted.period.id, queries.published(viewer))
    )
    if wanted.metric is not None:
        stmt = stmt.where(Goal.metric_id == wanted.metric.id)
    if wanted.team is not None:
        inside = below(wanted.team.id)
        stmt = stmt.where(or_(Goal.team_id.in_(inside), Person.team_id.in_(inside)))
    return stmt


def _company_id() -> int | None:
    return db.session.scalar(select(Team.id).where(Team.kind == TeamKind.COMPANY))


def closed_periods(viewer: Viewer) -> Sequence[Period]:
    """Those with a result that the viewer may see, latest first."""
    mine = (
        select(GoalResult.period_id)
        .join(GoalResult.goal)
        .where(GoalResult.is_current, queries.published(viewer))
        .distinct()
    )
    return db.session.scalars(
        select(Period)
        .where(Period.status == PeriodStatus.CLOSED, Period.id.in_(mine))
        .order_by(Period.ends_on.desc(), Period.starts_on.desc(), Period.id)
        .limit(60)
    ).all()


def drafts_of(period: Period) -> int:
    """Goals of a closed period that nobody had proposed: they were not judged."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Goal.period_id == period.id, Goal.status == GoalStatus.DRAFT, Goal.withdrawn_at.is_(None)
            )
        )
        or 0
    )


def adjusted(period: Period) -> int:
    """How many adjustments have changed results of a period."""
    changed = select(GoalResult.adjustment_id).where(GoalResult.period_id == period.id)
    return db.session.scalar(select(func.count()).where(Adjustment.id.in_(changed))) or 0
