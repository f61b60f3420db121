"""What was to be done to a goal whose period is closed, as plain JSON."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.goals.models import Goal, GoalStatus, RevisionReason
from app.sales.closed_days import Asked


def revised(
    goal_id: int,
    *,
    target: Decimal,
    reason: RevisionReason | str,
    text: str,
    effective_on: date,
    version: int,
    **_: Any,
) -> Asked:
    change = {
        "target": str(target),
        "reason": RevisionReason(reason).value,
        "text": text.strip(),
        "effective_on": effective_on.isoformat(),
    }
    return Asked("goal.revised", change, goal_id, version, _person_id(goal_id))


def withdrawn(goal_id: int, **_: Any) -> Asked:
    goal = db.session.get_one(Goal, goal_id)
    return Asked("goal.withdrawn", {}, goal_id, goal.version, goal.person_id)


def proposed(goal_ids: Sequence[int], **_: Any) -> Asked:
    """Drafts with the targets that they have: another one is not what was asked for."""
    stmt = select(Goal).where(
        Goal.id.in_(goal_ids), Goal.status == GoalStatus.DRAFT, Goal.withdrawn_at.is_(None)
    )
    goals = db.session.scalars(stmt.order_by(Goal.id)).all()
    change = {"targets": {str(goal.id): str(goal.target) for goal in goals}}
    if len(goals) == 1:
        return Asked("goal.proposed", change, goals[0].id, goals[0].version, goals[0].person_id)
    return Asked("goal.proposed", change)


def weighed(weights: Mapping[int, int], **_: Any) -> Asked:
    goals = db.session.scalars(select(Goal).where(Goal.id.in_(weights)).order_by(Goal.id)).all()
    changed = {str(goal.id): weights[goal.id] for goal in goals if weights[goal.id] != goal.weight}
    people = {goal.person_id for goal in goals}
    return Asked("goal.weighed", {"weights": changed}, person_id=people.pop() if len(people) == 1 else None)


def _person_id(goal_id: int) -> int | None:
    return db.session.get_one(Goal, goal_id).person_id
