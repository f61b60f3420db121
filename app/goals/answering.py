"""Who has not answered their goal, for those who manage it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import queries
from app.goals.models import Goal, GoalMessage, GoalStatus, MessageKind, Period, Revision, RevisionStatus
from app.goals.pages import Filters
from app.metrics.models import Metric
from app.people.models import Person, Team

MOST = 300


@dataclass(frozen=True, slots=True)
class Open:
    """A goal without an answer: since when, and when it was last asked for."""

    goal: Goal
    since: datetime | None
    reminded_at: datetime | None
    question: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    waiting: Sequence[Open]
    questioned: Sequence[Open]
    drafts: int
    accepted: int
    to_decide: Sequence[tuple[Revision, Goal]]


def unanswered(viewer: Viewer, filters: Filters) -> Answers:
    """Of the goals that the viewer manages, of one period or of all that have not ended."""
    managed = and_(queries.managed(viewer), Goal.withdrawn_at.is_(None), _period(filters))
    counts = dict(
        db.session.execute(
            select(Goal.status, func.count()).join(Goal.period).where(managed).group_by(Goal.status)
        ).all()
    )
    found = _open(viewer, filters)
    return Answers(
        waiting=[each for each in found if each.goal.status is GoalStatus.PROPOSED],
        questioned=[each for each in found if each.goal.status is GoalStatus.QUESTIONED],
        drafts=counts.get(GoalStatus.DRAFT, 0),
        accepted=counts.get(GoalStatus.ACCEPTED, 0),
        to_decide=to_decide(viewer),
    )


def remindable(viewer: Viewer, goal_ids: Sequence[int]) -> Sequence[int]:
    """Those of some goals that the viewer may ask for."""
    return db.session.scalars(
        select(Goal.id).where(
            Goal.id.in_(goal_ids),
            Goal.status == GoalStatus.PROPOSED,
            Goal.withdrawn_at.is_(None),
            queries.managed(viewer),
        )
    ).all()


def to_decide(viewer: Viewer) -> Sequence[tuple[Revision, Goal]]:
    """Revisions that wait for a second person, whom this viewer can be."""
    rows = db.session.execute(
        queries.with_names(select(Goal))
        .add_columns(Revision)
        .join(Revision, Revision.goal_id == Goal.id)
        .where(
            Revision.status == RevisionStatus.WAITING,
            Revision.author_id != viewer.person_id,
            queries.managed(viewer),
        )
        .order_by(Revision.id)
    )
    return [(revision, goal) for goal, revision in rows if queries.answerer_id(goal) != viewer.person_id]


def _period(filters: Filters) -> ColumnElement[bool]:
    if filters.period is not None:
        return Goal.period_id == filters.period.id
    return Goal.period_id.in_(select(Period.id).where(Period.ends_on >= clock.today()))


def _open(viewer: Viewer, filters: Filters) -> list[Open]:
    def latest(column: Any, *kinds: MessageKind) -> Any:
        return (
            select(column)
            .where(GoalMessage.goal_id == Goal.id, GoalMessage.kind.in_(kinds))
            .order_by(GoalMessage.id.desc())
            .limit(1)
            .scalar_subquery()
        )

    rows = db.session.execute(
        queries.with_names(select(Goal))
        .add_columns(
            latest(GoalMessage.at, MessageKind.PROPOSED, MessageKind.REVISED),
            latest(GoalMessage.at, MessageKind.REMINDED),
            latest(GoalMessage.text, MessageKind.QUESTIONED),
        )
        .join(Goal.period)
        .join(Goal.metric)
        .outerjoin(Team, Team.id == Goal.team_id)
        .outerjoin(Person, Person.id == Goal.person_id)
        .where(
            or_(Goal.status == GoalStatus.PROPOSED, Goal.status == GoalStatus.QUESTIONED),
            Goal.withdrawn_at.is_(None),
            queries.managed(viewer),
            _period(filters),
        )
        .order_by(
            func.lower(func.coalesce(Person.name, Team.name)), Period.starts_on, Metric.position, Goal.id
        )
        .limit(MOST)
    )
    return [Open(goal, since, reminded, text) for goal, since, reminded, text in rows]
