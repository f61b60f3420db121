"""The scorecard of one person or team in one period."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import progress, queries
from app.goals.models import Goal, GoalStatus, Period, PeriodStatus
from app.goals.progress import Progress
from app.goals.scorecard import FULL_WEIGHT, Entry, Row, Scorecard, scorecard
from app.metrics.models import Metric


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    goals: Sequence[Progress]
    result: Scorecard
    may_weigh: bool

    @property
    def rows(self) -> list[tuple[Progress, Row]]:
        return list(zip(self.goals, self.result.rows, strict=True))

    @property
    def weight(self) -> int:
        """What the weights add up to, in basis points."""
        return sum(each.goal.weight for each in self.goals)

    @property
    def is_whole(self) -> bool:
        return self.weight == FULL_WEIGHT


def card_for(viewer: Viewer, period: Period, kind: str, key: int) -> Card:
    """Raises NotFound where the viewer may see no goal of this subject."""
    subject = Goal.person_id if kind == "person" else Goal.team_id
    goals = db.session.scalars(
        queries.with_names(select(Goal))
        .join(Goal.metric)
        .where(
            subject == key,
            Goal.period_id == period.id,
            Goal.status != GoalStatus.DRAFT,
            queries.visible(viewer),
        )
        .order_by(Metric.position, Metric.id, Goal.id)
    ).all()
    if not goals:
        raise NotFound
    found = progress.for_goals(goals)
    entries = [Entry(each.goal.id, each.pace.attainment, each.goal.weight) for each in found]
    owner = goals[0].person or goals[0].team
    may_weigh = period.status is not PeriodStatus.CLOSED and all(
        queries.is_managed(viewer, goal) for goal in goals
    )
    return Card(owner.name if owner else "", found, scorecard(entries), may_weigh)
