"""A department answers for a cause: it confirms, or rejects with evidence, on which a second one decides."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import audit, clock, events
from app.core.changes import changes
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.transactions import atomic
from app.diagnosis import settling, versions
from app.diagnosis.models import DiagnosisWhy, MessageKind, Review, ReviewMessage, ReviewStatus
from app.diagnosis.opening import hold
from app.diagnosis.rulings import Ruling
from app.extensions import db
from app.people.models import Person

DECISION_DAYS = 7
"""So long the second person has at least; then the case goes on, and the finding stands."""


@atomic
def confirm_review(review: Review, *, text: str, version: int, by_id: int) -> None:
    """The department agrees that it was the cause."""
    review = locked(review.id, version)
    if review.status not in {ReviewStatus.OPEN, ReviewStatus.LAPSED}:
        raise Conflict(_("This review has been answered already."))
    _answer(review, ReviewStatus.CONFIRMED, text, by_id)
    _answered(review)


@atomic
def reject_review(review: Review, *, text: str, version: int, by_id: int) -> None:
    """The department disagrees, with its evidence. The findings stand until a second person agrees."""
    review = locked(review.id, version)
    if review.status not in {ReviewStatus.OPEN, ReviewStatus.LAPSED}:
        raise Conflict(_("This review has been answered already."))
    review.due_on = max(review.due_on, clock.today() + timedelta(days=DECISION_DAYS))
    _answer(review, ReviewStatus.REJECTED, text, by_id)
    events.record("review_answered", review_id=review.id, status=review.status.value)
    changes.announce("diagnosis")


@atomic
def accept_rejection(review: Review, *, text: str, version: int, by_id: int) -> int:
    """The second person agrees: what the cause explained goes on to what the figures support beside it, or
    stays unexplained, in a new version of every case. Returns how many.
    """
    hold(review.period_id)
    review = locked(review.id, version)
    _check_second(review, by_id)
    review.accepted_by_id, review.accepted_at = by_id, clock.now()
    say(review, MessageKind.ACCEPTED, text, by_id)
    cases = settling.cases_asking(review.id)
    after = versions.ruled(versions.standing(cases), [Ruling(review.cause, review.product_id, "answered")])
    diagnoses = versions.write(after, versions.reviews_of(review.period_id), DiagnosisWhy.ANSWERED, by_id)
    versions.record_audit("case.concluded", diagnoses, by_id)
    audit.record("review.rejection_accepted", review, actor_id=by_id, cases=len(cases))
    events.record("review_decided", review_id=review.id, is_accepted=True)
    settling.settle(cases)
    settling.tell(cases)
    return len(cases)


@atomic
def return_rejection(review: Review, *, text: str, version: int, by_id: int) -> None:
    """The second person does not agree: the department is asked again."""
    review = locked(review.id, version)
    _check_second(review, by_id)
    review.status, review.reminded_on = ReviewStatus.OPEN, None
    review.due_on = max(review.due_on, clock.today() + timedelta(days=DECISION_DAYS))
    say(review, MessageKind.RETURNED, text, by_id)
    audit.record("review.rejection_returned", review, actor_id=by_id)
    events.record("review_decided", review_id=review.id, is_accepted=False)
    changes.announce("diagnosis")


@atomic
def hand_over(review: Review, *, to: Person, version: int, by_id: int) -> None:
    review = locked(review.id, version)
    if not to.is_active:
        raise Invalid(_("This person has left."), "owner")
    if to.id == review.owner_id:
        return
    review.owner_id = to.id
    say(review, MessageKind.HANDED_OVER, to.name, by_id)
    audit.record("review.handed_over", review, actor_id=by_id, owner_id=to.id)
    events.record("review_asked", review_id=review.id)
    changes.announce("diagnosis")


@atomic
def comment_review(review: Review, *, text: str, by_id: int) -> None:
    say(review, MessageKind.COMMENT, text, by_id)
    audit.record("review.commented", review, actor_id=by_id)
    changes.announce("diagnosis")


def locked(review_id: int, version: int | None = None) -> Review:
    """Raises Conflict when somebody has changed it since the page was shown."""
    review = db.session.scalars(
        select(Review)
        .where(Review.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if version is not None and review.version != version:
        raise Conflict(_("Somebody else has changed this review meanwhile. Please look at it again."))
    review.version += 1
    return review


def say(review: Review, kind: MessageKind, text: str, by_id: int | None) -> None:
    db.session.add(ReviewMessage(review_id=review.id, author_id=by_id, kind=kind, text=text))


def _answer(review: Review, status: ReviewStatus, text: str, by_id: int) -> None:
    review.status, review.answer = status, text
    review.answered_by_id, review.answered_at = by_id, clock.now()
    say(review, MessageKind(status.value), text, by_id)
    audit.record(f"review.{status.value}", review, actor_id=by_id)


def _answered(review: Review) -> None:
    """The cases that waited for it go on."""
    cases = settling.cases_asking(review.id)
    events.record("review_answered", review_id=review.id, status=review.status.value)
    settling.settle(cases)
    settling.tell(cases)


def _check_second(review: Review, by_id: int) -> None:
    if not review.waits_for_a_second:
        raise Conflict(_("This has been decided already."))
    if review.answered_by_id == by_id:
        raise Forbidden(_("A second person decides on this."))


def is_late(review: Review, today: date) -> bool:
    return review.waits and review.due_on < today
