"""What everybody is told when goals change: whose targets boards have to read again, where these are few."""

from app.core.changes import changes
from app.goals.models import Goal, GoalStatus

FEW = 500  # more are read all together


def targets_changed(*goals: Goal) -> None:
    """Goals came to stand, stand no more, or have another target. A draft is on no board."""
    out = [goal for goal in goals if goal.status is not GoalStatus.DRAFT]
    if len(out) > FEW:
        changes.announce("goals")
    elif out:
        people = sorted({goal.person_id for goal in out if goal.person_id is not None})
        teams = sorted({goal.team_id for goal in out if goal.team_id is not None})
        changes.announce("goals", targets={"people": people, "teams": teams})
    else:
        targets_stand()


def targets_stand() -> None:
    """Something about goals changed that no board shows."""
    changes.announce("goals", boards=False)
