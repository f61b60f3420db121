"""What still waited for somebody when its period closed."""

from sqlalchemy import select

from app.core import audit, clock, events
from app.extensions import db
from app.goals import queries
from app.goals.models import Goal, GoalMessage, MessageKind, Period, Revision, RevisionStatus


def refuse_waiting(period: Period) -> None:
    """Revisions that nobody has decided on lapse: the goals are judged as they stand."""
    waiting = db.session.scalars(
        select(Revision)
        .join(Goal, Goal.id == Revision.goal_id)
        .where(Goal.period_id == period.id, Revision.status == RevisionStatus.WAITING, queries.stands)
        .order_by(Revision.id)
        .with_for_update(of=Revision)
    ).all()
    for revision in waiting:
        revision.status, revision.decided_at = RevisionStatus.REFUSED, clock.now()
        db.session.add(
            GoalMessage(
                goal_id=revision.goal_id,
                author_id=None,
                kind=MessageKind.DECIDED,
                revision_id=revision.id,
                at=clock.now(),
            )
        )
        audit.record("goal.revision_lapsed", revision, actor_id=None, asked_by=revision.author_id)
        events.record(
            "goal_revision_refused",
            goal_id=revision.goal_id,
            revision_id=revision.id,
            people=[revision.author_id],
            author_id=None,
        )
