"""A draft that somebody sets by hand."""

from decimal import Decimal

from app.goals import operations
from app.goals.lines import Line
from app.goals.models import Goal
from app.goals.words import stored


def set_by_hand(goal: Goal, target: Decimal, *, by: int) -> Goal:
    """The steps that led to the draft stay, and the hand is their last."""
    lines = [line for line in goal.arithmetic if line.get("key") != "hand"]
    return operations.change_draft(
        goal.id, target=target, by=by, arithmetic=[*lines, *stored([Line("hand", target)])]
    )
