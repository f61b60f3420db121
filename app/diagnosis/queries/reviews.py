"""Root-cause reviews: who may see, answer and decide on which, and the lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Permission, Role
from app.core.viewer import Viewer
from app.diagnosis.models import (
    Case,
    CorrectiveAction,
    Diagnosis,
    Finding,
    Review,
    ReviewFinding,
    ReviewMessage,
    ReviewStatus,
)
from app.diagnosis.queries.cases import visible as visible_case
from app.extensions import db
from app.people.models import Person
from app.people.queries import led_teams, sees_all, visible_people


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """All for those who see everybody; the others those of their department, those in which they have an
    action, and, who leads people, those that a case of theirs points to.
    """
    if sees_all(viewer):
        return true()
    acting = select(CorrectiveAction.review_id).where(CorrectiveAction.owner_id == viewer.person_id)
    found = [
        Review.owner_id == viewer.person_id,
        Review.team_id.in_(led_teams(viewer.person_id)),
        Review.id.in_(acting),
    ]
    if viewer.role is not Role.REP:
        touching = (
            select(ReviewFinding.review_id)
            .join(Finding, Finding.id == ReviewFinding.finding_id)
            .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
            .join(Case, Case.id == Diagnosis.case_id)
            .where(Diagnosis.is_current, visible_case(viewer))
        )
        found.append(Review.id.in_(touching))
    return or_(*found)


def review_for(viewer: Viewer, review_id: int) -> Review:
    """A review the viewer may read, with its names. Raises NotFound for all others."""
    found = db.session.scalars(_with_names().where(Review.id == review_id, visible(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


def review_answered_by(viewer: Viewer, review_id: int) -> Review:
    """A review that this viewer may answer for its department. Raises NotFound."""
    review = review_for(viewer, review_id)
    if not may_answer(viewer, review):
        raise NotFound
    return review


def review_decided_by(viewer: Viewer, review_id: int) -> Review:
    """A review whose rejection this viewer may decide on. Raises NotFound."""
    review = review_for(viewer, review_id)
    if review.answered_by_id == viewer.person_id:
        raise NotFound
    return review


def may_answer(viewer: Viewer, review: Review) -> bool:
    """The owner, whatever their role, who leads the department or one above it, and the executive."""
    if review.owner_id == viewer.person_id:
        return True
    if not viewer.can(Permission.REVIEWS_ANSWER):
        return False
    if viewer.role is Role.EXECUTIVE:
        return True
    led = led_teams(viewer.person_id).subquery()
    return review.team_id is not None and bool(
        db.session.scalar(select(func.count()).select_from(led).where(led.c.id == review.team_id))
    )


def action_for(viewer: Viewer, action_id: int) -> CorrectiveAction:
    """An action that is the viewer's, or of a review that they may answer. Raises NotFound."""
    found = db.session.scalars(
        select(CorrectiveAction)
        .join(Review, Review.id == CorrectiveAction.review_id)
        .where(CorrectiveAction.id == action_id, visible(viewer))
        .options(joinedload(CorrectiveAction.review), joinedload(CorrectiveAction.owner))
    ).one_or_none()
    if found is None or not (found.owner_id == viewer.person_id or may_answer(viewer, found.review)):
        raise NotFound
    return found


MOST = 500


@dataclass(frozen=True, slots=True)
class Filter:
    period_id: int | None = None
    team_id: int | None = None


def tab_of(review: Review) -> str:
    """Whether it waits for somebody's word, is being acted on, or is over."""
    if review.waits:
        return "waiting"
    return "acting" if review.status in {ReviewStatus.CONFIRMED, ReviewStatus.ACTING} else "over"


def reviews(viewer: Viewer, wanted: Filter) -> Sequence[Review]:
    """The most money at stake first."""
    stmt = _with_names().where(visible(viewer)).order_by(Review.stake.desc(), Review.due_on, Review.id)
    if wanted.period_id is not None:
        stmt = stmt.where(Review.period_id == wanted.period_id)
    if wanted.team_id is not None:
        stmt = stmt.where(Review.team_id == wanted.team_id)
    return db.session.scalars(stmt.limit(MOST)).all()


@dataclass(frozen=True, slots=True)
class DepartmentSum:
    """How a department stands with its answers; `age` is that of its oldest one that waits, in days."""

    team_id: int | None
    name: str | None
    waiting: int
    late: int
    acting: int
    age: int | None
    stake: int


def by_department(found: Sequence[Review], today: date | None = None) -> list[DepartmentSum]:
    """Of some reviews, the most money at stake first."""
    today = today or clock.today()
    groups: dict[int | None, list[Review]] = {}
    for review in found:
        groups.setdefault(review.team_id, []).append(review)
    sums = []
    for team_id, of_team in groups.items():
        waiting = [review for review in of_team if review.waits]
        sums.append(
            DepartmentSum(
                team_id,
                of_team[0].team.name if of_team[0].team else None,
                len(waiting),
                sum(review.due_on < today for review in waiting),
                sum(review.status is ReviewStatus.ACTING for review in of_team),
                max(((today - clock.day_of(review.created_at)).days for review in waiting), default=None),
                sum(review.stake for review in of_team),
            )
        )
    return sorted(sums, key=lambda each: (-each.stake, each.name or ""))


def waiting_for(viewer: Viewer, limit: int = 5) -> Sequence[Review]:
    """Reviews that wait for this viewer's answer as owner, the first due first."""
    return db.session.scalars(
        _with_names()
        .where(Review.owner_id == viewer.person_id, Review.status == ReviewStatus.OPEN)
        .order_by(Review.due_on, Review.id)
        .limit(limit)
    ).all()


def to_decide(viewer: Viewer, limit: int = 5) -> Sequence[Review]:
    """Rejections that wait for a second person, who is not the one who rejected."""
    return db.session.scalars(
        _with_names()
        .where(
            visible(viewer),
            Review.status == ReviewStatus.REJECTED,
            Review.accepted_at.is_(None),
            Review.answered_by_id != viewer.person_id,
        )
        .order_by(Review.due_on, Review.id)
        .limit(limit)
    ).all()


def messages_of(review_id: int) -> Sequence[ReviewMessage]:
    return db.session.scalars(
        select(ReviewMessage)
        .where(ReviewMessage.review_id == review_id)
        .options(joinedload(ReviewMessage.author))
        .order_by(ReviewMessage.id)
    ).all()


def actions_of(review_ids: Sequence[int]) -> Sequence[CorrectiveAction]:
    """Of some reviews, the first due first, with their owners."""
    return db.session.scalars(
        select(CorrectiveAction)
        .where(CorrectiveAction.review_id.in_(review_ids))
        .options(joinedload(CorrectiveAction.owner))
        .order_by(CorrectiveAction.due_on, CorrectiveAction.id)
    ).all()


def own_actions(viewer: Viewer, limit: int = 20) -> Sequence[CorrectiveAction]:
    """Those that this viewer is to do."""
    return db.session.scalars(
        select(CorrectiveAction)
        .where(
            CorrectiveAction.owner_id == viewer.person_id, CorrectiveAction.status.in_(["planned", "doing"])
        )
        .options(joinedload(CorrectiveAction.review).joinedload(Review.product))
        .order_by(CorrectiveAction.due_on, CorrectiveAction.id)
        .limit(limit)
    ).all()


def reviews_of_case(case_id: int) -> Sequence[Review]:
    """All that the current findings of a case point to, or an earlier version's did, in order of cause."""
    pointing = (
        select(ReviewFinding.review_id)
        .join(Finding, Finding.id == ReviewFinding.finding_id)
        .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
        .where(Diagnosis.case_id == case_id)
    )
    return db.session.scalars(_with_names().where(Review.id.in_(pointing)).order_by(Review.id)).all()


def touched(viewer: Viewer, review_id: int) -> Sequence[tuple[int, str, Decimal]]:
    """(case, whose, share of the shortfall) of the cases in the viewer's sight that point to a review."""
    rows = db.session.execute(
        select(Case.id, Person.name, Finding.amount, Diagnosis.shortfall)
        .join(Diagnosis, Diagnosis.case_id == Case.id)
        .join(Finding, Finding.diagnosis_id == Diagnosis.id)
        .join(ReviewFinding, ReviewFinding.finding_id == Finding.id)
        .join(Person, Person.id == Case.person_id)
        .where(
            ReviewFinding.review_id == review_id,
            Diagnosis.is_current,
            Case.withdrawn_at.is_(None),
            Case.person_id.in_(visible_people(viewer)),
        )
        .order_by(Finding.amount.desc(), Case.id)
        .limit(50)
    )
    return [(key, name, amount / whole if whole else Decimal(0)) for key, name, amount, whole in rows]


def owners_for(review: Review) -> Sequence[Person]:
    """Who may be given the review or an action: the people of its department, its lead first."""
    stmt = select(Person).where(Person.is_active).order_by(func.lower(Person.name), Person.id).limit(200)
    leads = [key for key in (review.owner_id, review.team.lead_id if review.team else None) if key]
    if review.team_id is None:
        return db.session.scalars(stmt.where(Person.id.in_(leads))).all()
    return db.session.scalars(stmt.where(or_(Person.team_id == review.team_id, Person.id.in_(leads)))).all()


def _with_names() -> Select[Review]:
    return select(Review).options(
        joinedload(Review.period),
        joinedload(Review.product),
        joinedload(Review.team),
        joinedload(Review.owner),
        joinedload(Review.answered_by),
        joinedload(Review.accepted_by),
    )


def goals_of(review_id: int) -> int:
    """How many missed goals point to a review."""
    found = db.session.scalar(
        select(func.count(Diagnosis.case_id.distinct()))
        .join(Finding, Finding.diagnosis_id == Diagnosis.id)
        .join(ReviewFinding, ReviewFinding.finding_id == Finding.id)
        .join(Case, Case.id == Diagnosis.case_id)
        .where(ReviewFinding.review_id == review_id, Diagnosis.is_current, Case.withdrawn_at.is_(None))
    )
    return found or 0
