"""Corrective actions: what a department does about a cause, followed until it is done."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import audit, clock, events, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.diagnosis import settling
from app.diagnosis.answering import locked, say
from app.diagnosis.models import ActionStatus, CorrectiveAction, MessageKind, Review, ReviewStatus
from app.extensions import db
from app.people.models import Person


@atomic
def take_action(
    review: Review, *, text: str, owner: Person, due_on: date, by_id: int, key: UUID | None = None
) -> CorrectiveAction | None:
    """Plan an action, which answers the review: who acts has seen the cause. None when posted twice."""
    if key is not None and idempotency.earlier(key, by_id) is not None:
        return None
    review = locked(review.id)
    if review.status is ReviewStatus.REJECTED:
        raise Conflict(_("This cause was rejected; there is nothing to correct."))
    if not owner.is_active:
        raise Invalid(_("This person has left."), "owner")
    if due_on < clock.today():
        raise Invalid(_("Choose a day that is still to come."), "due_on")
    was_waiting = review.status in {ReviewStatus.OPEN, ReviewStatus.LAPSED}
    action = CorrectiveAction(
        review_id=review.id, text=text, owner_id=owner.id, due_on=due_on, created_by_id=by_id
    )
    db.session.add(action)
    if was_waiting:
        review.answer, review.answered_by_id, review.answered_at = text, by_id, clock.now()
    review.status = ReviewStatus.ACTING
    say(review, MessageKind.ACTION, text, by_id)
    audit.record("review.acting", review, actor_id=by_id, owner_id=owner.id, due_on=due_on.isoformat())
    if key is not None:
        idempotency.settle(key, review.id)
    db.session.flush()
    events.record("action_planned", action_id=action.id, review_id=review.id)
    if was_waiting:
        cases = settling.cases_asking(review.id)
        events.record("review_answered", review_id=review.id, status=review.status.value)
        settling.settle(cases)
        settling.tell(cases)
    changes.announce("diagnosis")
    return action


@atomic
def follow_action(action: CorrectiveAction, *, status: str, note: str, by_id: int) -> None:
    """Say how it stands. When all are over and one is done, so is the review."""
    status = ActionStatus(status)
    review = locked(action.review_id)
    action = db.session.scalars(
        select(CorrectiveAction)
        .where(CorrectiveAction.id == action.id)
        .execution_options(populate_existing=True)
    ).one()
    if action.status is status and not note:
        return
    if status is ActionStatus.DROPPED and not note:
        raise Invalid(_("Say why it is dropped."), "note")
    done_on = clock.today() if status is ActionStatus.DONE else None
    action.status, action.note, action.done_on = status, note or action.note, done_on
    db.session.flush()
    said = MessageKind.ACTION if status is ActionStatus.PLANNED else MessageKind(status.value)
    say(review, said, f"{action.text}\n{note}".strip(), by_id)
    _follow(review)
    audit.record(
        "action.followed", action, actor_id=by_id, status=status, review_id=review.id, note=note or None
    )
    events.record("action_followed", action_id=action.id, review_id=review.id, status=status.value)
    changes.announce("diagnosis")


def _follow(review: Review) -> None:
    actions = db.session.scalars(
        select(CorrectiveAction).where(CorrectiveAction.review_id == review.id)
    ).all()
    if not all(one.is_over for one in actions):
        review.status = ReviewStatus.ACTING
    elif any(one.status is ActionStatus.DONE for one in actions):
        review.status = ReviewStatus.DONE
    else:
        review.status = ReviewStatus.CONFIRMED  # all were dropped: what is to be done is open again
