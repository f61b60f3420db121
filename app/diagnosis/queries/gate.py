"""The person comes last: the seventh cause stays closed until the first six are answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.diagnosis.models import (
    Case,
    Contest,
    ContestStatus,
    Diagnosis,
    Finding,
    Review,
    ReviewFinding,
    ReviewStatus,
)
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the person's own part may be spoken of as a verdict, and what it waits for."""

    is_open: bool
    reviews: Sequence[Review] = ()  # that departments have not answered
    contests: Sequence[Contest] = ()  # that a reviewer has not
    until: date | None = None  # the day after which it opens in any case; None: when they are answered


def unanswered(today: date) -> ColumnElement[bool]:
    """In time still. What nobody has seconded by then holds nothing up either."""
    return and_(
        Review.due_on >= today,
        or_(
            Review.status == ReviewStatus.OPEN,
            and_(Review.status == ReviewStatus.REJECTED, Review.accepted_at.is_(None)),
        ),
    )


def open_reviews_of(case_id: int) -> Sequence[Review]:
    """The reviews that a case's findings point to and that are not answered, the first due first."""
    return db.session.scalars(
        select(Review)
        .where(
            unanswered(clock.today()),
            Review.id.in_(
                select(ReviewFinding.review_id)
                .join(Finding, Finding.id == ReviewFinding.finding_id)
                .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
                .where(Diagnosis.case_id == case_id, Diagnosis.is_current)
            ),
        )
        .options(joinedload(Review.product), joinedload(Review.team), joinedload(Review.owner))
        .order_by(Review.due_on, Review.id)
    ).all()


def is_capability_open(case: Case) -> Gate:
    """Open once each department that was asked has answered or let its time pass, with nothing contested."""
    reviews = open_reviews_of(case.id)
    contests = db.session.scalars(
        select(Contest)
        .where(Contest.case_id == case.id, Contest.status == ContestStatus.WAITING)
        .options(joinedload(Contest.reviewer))
        .order_by(Contest.id)
    ).all()
    until = None if contests else max((review.due_on for review in reviews), default=None)
    return Gate(not reviews and not contests, reviews, contests, until)


def shut(case_ids: Collection[int]) -> set[int]:
    """Those of some cases whose seventh cause is closed still."""
    asked = db.session.scalars(
        select(Diagnosis.case_id)
        .join(Finding, Finding.diagnosis_id == Diagnosis.id)
        .join(ReviewFinding, ReviewFinding.finding_id == Finding.id)
        .join(Review, Review.id == ReviewFinding.review_id)
        .where(Diagnosis.case_id.in_(case_ids), Diagnosis.is_current, unanswered(clock.today()))
    )
    contested = db.session.scalars(
        select(Contest.case_id).where(Contest.case_id.in_(case_ids), Contest.status == ContestStatus.WAITING)
    )
    return {*asked, *contested}


def waits(today: date) -> ColumnElement[bool]:
    """Whether a case of another select waits for a department or a reviewer."""
    asked = (
        select(Diagnosis.id)
        .join(Finding, Finding.diagnosis_id == Diagnosis.id)
        .join(ReviewFinding, ReviewFinding.finding_id == Finding.id)
        .join(Review, Review.id == ReviewFinding.review_id)
        .where(Diagnosis.case_id == Case.id, Diagnosis.is_current, unanswered(today))
        .correlate(Case)
    )
    contested = select(Contest.id).where(Contest.case_id == Case.id, Contest.status == ContestStatus.WAITING)
    return or_(asked.exists(), contested.correlate(Case).exists())
