"""What was to be done to a goal whose period is closed, as plain JSON."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.extensions import db
from app.goals.models import Goal, RevisionReason
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


def _person_id(goal_id: int) -> int | None:
    return db.session.get_one(Goal, goal_id).person_id
