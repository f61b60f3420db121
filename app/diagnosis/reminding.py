"""Every morning: who is reminded, what lapses, what is settled. Run twice, it does nothing more."""

from datetime import date, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from app.core import audit, clock, events
from app.core.changes import changes
from app.core.transactions import atomic
from app.diagnosis import contests, settling
from app.diagnosis.answering import say
from app.diagnosis.departments import answerers
from app.diagnosis.models import (
    ActionStatus,
    Case,
    Contest,
    ContestStatus,
    CorrectiveAction,
    MessageKind,
    Review,
    ReviewStatus,
)
from app.extensions import db
from app.people.models import Person

BEFORE_DUE = timedelta(days=7)
ACTION_BEFORE = timedelta(days=3)
AGAIN_AFTER = timedelta(days=3)
CONTEST_AFTER = timedelta(days=5)


def run() -> None:
    """Each part in a transaction of its own."""
    today = clock.today()
    rehome()
    rename_reviewers()
    lapse(today)
    remind_of_reviews(today)
    remind_of_actions(today)
    remind_of_contests(today)
    settling.settle()


@atomic
def rehome() -> int:
    """Reviews that wait and whose owner has left, or never was, go to who answers for the cause now."""
    waiting = db.session.scalars(
        select(Review)
        .outerjoin(Person, Person.id == Review.owner_id)
        .where(
            Review.status.in_([ReviewStatus.OPEN, ReviewStatus.ACTING, ReviewStatus.CONFIRMED]),
            or_(Review.owner_id.is_(None), ~Person.is_active),
        )
        .options(joinedload(Review.owner))
        .with_for_update(of=Review)
    ).all()
    if not waiting:
        return 0
    who, moved = answerers(), 0
    for review in waiting:
        answerer = who[review.cause]
        if answerer.owner_id is None or answerer.owner_id == review.owner_id:
            continue
        review.owner_id, review.team_id = answerer.owner_id, answerer.team_id or review.team_id
        moved += 1
        audit.record("review.handed_over", review, actor_id=None, owner_id=review.owner_id)
        events.record("review_asked", review_id=review.id)
    if moved:
        changes.announce("diagnosis")
    return moved


@atomic
def rename_reviewers() -> int:
    """Contests whose reviewer has left, may not answer any more or coaches the person go to the next."""
    waiting = db.session.scalars(
        select(Contest)
        .where(Contest.status == ContestStatus.WAITING)
        .options(joinedload(Contest.case).joinedload(Case.team))
        .order_by(Contest.id)
        .with_for_update(of=Contest)
    ).all()
    moved = 0
    for contest in waiting:
        if contests.still_answers(contest):
            continue
        who = [person.id for person in contests.reviewers_for(contest.case) if person.id != contest.author_id]
        if not who:
            continue
        contest.reviewer_id, contest.reminded_on = who[0], None
        moved += 1
        audit.record("contest.handed_over", contest, actor_id=None, reviewer_id=contest.reviewer_id)
        events.record("contest_asked", contest_id=contest.id, case_id=contest.case_id)
    if moved:
        changes.announce("diagnosis")
    return moved


@atomic
def lapse(today: date) -> int:
    """What was not answered in time: the cases go on without the department."""
    late = db.session.scalars(
        select(Review)
        .where(Review.status == ReviewStatus.OPEN, Review.due_on < today)
        .order_by(Review.id)
        .with_for_update()
    ).all()
    touched: set[int] = set()
    for review in late:
        review.status = ReviewStatus.LAPSED
        review.version += 1
        say(review, MessageKind.LAPSED, "", None)
        audit.record("review.lapsed", review, actor_id=None)
        events.record("review_lapsed", review_id=review.id)
        touched |= set(settling.cases_asking(review.id))
    if late:
        settling.settle(touched)
        settling.tell(sorted(touched))
    return len(late)


@atomic
def remind_of_reviews(today: date) -> int:
    """Those that are due within a week, every third day."""
    found = db.session.scalars(
        update(Review)
        .where(
            or_(
                Review.status == ReviewStatus.OPEN,
                (Review.status == ReviewStatus.REJECTED) & Review.accepted_at.is_(None),
            ),
            Review.due_on >= today,
            Review.due_on <= today + BEFORE_DUE,
            or_(Review.reminded_on.is_(None), Review.reminded_on <= today - AGAIN_AFTER),
        )
        .values(reminded_on=today)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    ).all()
    for review_id in found:
        events.record("review_reminded", review_id=review_id)
    return len(found)


@atomic
def remind_of_actions(today: date) -> int:
    found = db.session.scalars(
        update(CorrectiveAction)
        .where(
            CorrectiveAction.status.in_([ActionStatus.PLANNED, ActionStatus.DOING]),
            CorrectiveAction.due_on <= today + ACTION_BEFORE,
            or_(CorrectiveAction.reminded_on.is_(None), CorrectiveAction.reminded_on <= today - AGAIN_AFTER),
        )
        .values(reminded_on=today)
        .returning(CorrectiveAction.id)
        .execution_options(synchronize_session=False)
    ).all()
    for action_id in found:
        events.record("action_due", action_id=action_id)
    return len(found)


@atomic
def remind_of_contests(today: date) -> int:
    begun = clock.now() - CONTEST_AFTER
    found = db.session.scalars(
        update(Contest)
        .where(
            Contest.status == ContestStatus.WAITING,
            Contest.created_at < begun,
            or_(Contest.reminded_on.is_(None), Contest.reminded_on <= today - AGAIN_AFTER),
        )
        .values(reminded_on=today)
        .returning(Contest.id)
        .execution_options(synchronize_session=False)
    ).all()
    for contest_id in found:
        events.record("contest_reminded", contest_id=contest_id)
    return len(found)
