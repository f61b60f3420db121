"""A goal is talked about: accepted or questioned by whose it is, commented, and asked for again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.core import audit, clock, events, idempotency
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.goals import news, queries
from app.goals.models import Acknowledgement, Goal, GoalMessage, GoalStatus, MessageKind, Revision
from app.goals.operations import check_open, lock, say, tell

REMIND_EVERY = timedelta(hours=20)
"""A goal is asked for once a day at most."""


@atomic
def accept_goal(goal_id: int, *, by: int, text: str = "", version: int | None = None) -> Goal:
    """The person says yes. Saying it again changes nothing.

    Raises Conflict when the goal is no longer the `version` that they saw: nobody accepts unseen.
    """
    goal = _asked(goal_id, by)
    if version is not None and version != goal.version:
        raise Conflict(_("This goal was changed in the meantime. Look at it again before you accept it."))
    if goal.status is GoalStatus.ACCEPTED:
        return goal
    goal.status = GoalStatus.ACCEPTED
    _answered(goal, MessageKind.ACCEPTED, by=by, text=text)
    return goal


@atomic
def question_goal(goal_id: int, *, by: int, text: str, key: UUID | None = None) -> Goal:
    """The person does not agree yet, and says why. Raises Invalid without a text."""
    goal = _asked(goal_id, by)
    if not text.strip():
        raise Invalid(_("Say what you want to talk about."), "text")
    if key is not None and idempotency.earlier(key, by) is not None:
        return goal
    goal.status = GoalStatus.QUESTIONED
    _answered(goal, MessageKind.QUESTIONED, by=by, text=text)
    return goal


@atomic
def comment_goal(goal_id: int, *, by: int, text: str, key: UUID | None = None) -> Goal:
    """Whoever takes part in the conversation adds to it."""
    goal = lock(goal_id)
    if not text.strip():
        raise Invalid(_("Write a comment first."), "text")
    if key is not None and idempotency.earlier(key, by) is not None:
        return goal
    say(goal, MessageKind.COMMENT, by=by, text=text)
    audit.record("goal.commented", goal, actor_id=by)
    _tell_partners(goal, "comment", by=by)
    return goal


@atomic
def remind(goal_ids: Sequence[int], *, by: int) -> int:
    """Ask again those who have not answered; returns how many goals were asked for, each once a day."""
    asked = []
    for goal_id in sorted(goal_ids):
        goal = lock(goal_id)
        if goal.status is not GoalStatus.PROPOSED or _was_reminded(goal):
            continue
        say(goal, MessageKind.REMINDED, by=by)
        audit.record("goal.reminded", goal, actor_id=by)
        asked.append(goal)
    if asked:
        tell("goal_reminded", asked, by=by, period_id=asked[0].period_id)
        news.targets_stand()
    return len(asked)


def _asked(goal_id: int, by: int) -> Goal:
    goal = lock(goal_id)
    if goal.status is GoalStatus.DRAFT or queries.answerer_id(goal) != by:
        raise NotFound
    check_open(goal.period)
    return goal


def _answered(goal: Goal, kind: MessageKind, *, by: int, text: str) -> None:
    say(goal, kind, by=by, text=text)
    audit.record(f"goal.{kind.value}", goal, actor_id=by, version=goal.version)
    # Who answers the goal as it is now has read what changed it.
    revisions = select(Revision.id).where(Revision.goal_id == goal.id)
    db.session.execute(
        update(Acknowledgement)
        .where(
            Acknowledgement.person_id == by,
            Acknowledgement.at.is_(None),
            Acknowledgement.revision_id.in_(revisions),
        )
        .values(at=clock.now())
    )
    _tell_partners(goal, kind.value, by=by)


def _tell_partners(goal: Goal, kind: str, *, by: int) -> None:
    """The author, the person's manager and the answerer hear what is said, but not from themselves."""
    manager_id = goal.person.manager_id if goal.person else None
    people = {goal.created_by_id, manager_id, queries.answerer_id(goal)} - {None, by}
    if people:
        events.record(
            "goal_answered", goal_id=goal.id, kind=kind, people=sorted(filter(None, people)), author_id=by
        )
    news.targets_stand()


def _was_reminded(goal: Goal) -> bool:
    since = clock.now() - REMIND_EVERY
    return bool(
        db.session.scalar(
            select(GoalMessage.id)
            .where(
                GoalMessage.goal_id == goal.id,
                GoalMessage.kind == MessageKind.REMINDED,
                GoalMessage.at > since,
            )
            .limit(1)
        )
    )
