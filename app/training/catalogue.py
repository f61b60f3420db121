"""Courses, for those who take them and those who write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Team
from app.sales.models import Product
from app.training.models import Assignment, Course, Lesson, Question, Requirement


def can_be_taken() -> ColumnElement[bool]:
    return and_(Course.published_at.is_not(None), Course.archived_at.is_(None))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Published courses; drafts and archived ones for authors; what one has a round of in any case."""
    if viewer.can(Permission.TRAINING_MANAGE):
        return Course.id.is_not(None)
    own = exists().where(Assignment.course_id == Course.id, Assignment.person_id == viewer.person_id)
    return and_(Course.published_at.is_not(None), or_(Course.archived_at.is_(None), own))


def course_for(viewer: Viewer, course_id: int) -> Course:
    """Raises NotFound for one that the viewer cannot see."""
    found = db.session.scalars(
        select(Course).where(Course.id == course_id, visible(viewer)).options(joinedload(Course.product))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lesson_for(viewer: Viewer, lesson_id: int) -> tuple[Lesson, Course]:
    """Raises NotFound; an archived lesson is its authors' only."""
    found = db.session.get(Lesson, lesson_id)
    if found is None or (found.archived_at is not None and not viewer.can(Permission.TRAINING_MANAGE)):
        raise NotFound
    return found, course_for(viewer, found.course_id)


def question_for(viewer: Viewer, question_id: int) -> tuple[Question, Course]:
    found = db.session.get(Question, question_id)
    if found is None or not viewer.can(Permission.TRAINING_MANAGE):
        raise NotFound
    return found, course_for(viewer, found.course_id)


def requirement_for(viewer: Viewer, requirement_id: int) -> tuple[Requirement, Course]:
    found = db.session.get(Requirement, requirement_id)
    if found is None or not viewer.can(Permission.TRAINING_MANAGE):
        raise NotFound
    return found, course_for(viewer, found.course_id)


def lessons_of(course_id: int) -> Sequence[Lesson]:
    stmt = (
        select(Lesson)
        .where(Lesson.course_id == course_id, Lesson.archived_at.is_(None))
        .order_by(Lesson.position, Lesson.id)
    )
    return db.session.scalars(stmt).all()


@dataclass(frozen=True, slots=True)
class Offer:
    """A course in the catalogue, and how the viewer stands with it."""

    course: Course
    product: str | None
    lessons: int
    has_quiz: bool
    is_open: bool
    counts: bool  # completed, and not expired


def offers(viewer: Viewer, words: str = "") -> Select[Any]:
    """Courses that can be taken up here; those outside the portal are assigned."""
    own = Assignment.person_id == viewer.person_id
    is_open = exists().where(
        own,
        Assignment.course_id == Course.id,
        Assignment.completed_on.is_(None),
        Assignment.withdrawn_at.is_(None),
    )
    counts = exists().where(
        own,
        Assignment.course_id == Course.id,
        Assignment.completed_on.is_not(None),
        or_(Assignment.expires_on.is_(None), Assignment.expires_on > clock.today()),
    )
    lessons = (
        select(func.count())
        .where(Lesson.course_id == Course.id, Lesson.archived_at.is_(None))
        .correlate(Course)
        .scalar_subquery()
    )
    has_quiz = exists().where(Question.course_id == Course.id, Question.archived_at.is_(None))
    stmt = (
        select(Course, Product.name, lessons, has_quiz, is_open, counts)
        .outerjoin(Product, Product.id == Course.product_id)
        .where(can_be_taken(), ~Course.is_outside)
        .order_by(func.lower(Course.title), Course.id)
    )
    for word in words.split():
        like = (
            f"%{word.replace(chr(92), chr(92) * 2).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%"
        )
        stmt = stmt.where(or_(Course.title.ilike(like), Course.summary.ilike(like), Product.name.ilike(like)))
    return stmt


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as its authors see it in the list."""

    course: Course
    product: str | None
    lessons: int
    questions: int
    requirements: int
    open: int
    completed: int


def all_courses(*, archived: bool) -> Select[Any]:
    def number(stmt: Select[int]) -> Any:
        return stmt.correlate(Course).scalar_subquery()

    count = func.count()
    stmt = (
        select(
            Course,
            Product.name,
            number(select(count).where(Lesson.course_id == Course.id, Lesson.archived_at.is_(None))),
            number(select(count).where(Question.course_id == Course.id, Question.archived_at.is_(None))),
            number(select(count).where(Requirement.course_id == Course.id, Requirement.ended_at.is_(None))),
            number(
                select(count).where(
                    Assignment.course_id == Course.id,
                    Assignment.completed_on.is_(None),
                    Assignment.withdrawn_at.is_(None),
                )
            ),
            number(
                select(count).where(Assignment.course_id == Course.id, Assignment.completed_on.is_not(None))
            ),
        )
        .outerjoin(Product, Product.id == Course.product_id)
        .order_by(func.lower(Course.title), Course.id)
    )
    return stmt.where(Course.archived_at.is_not(None) if archived else Course.archived_at.is_(None))


@dataclass(frozen=True, slots=True)
class RequirementRow:
    requirement: Requirement
    team: str | None
    product: str | None
    open: int
    completed: int


def requirements_of(course_id: int) -> list[RequirementRow]:
    """Those in force, the first made first."""

    def rounds(is_completed: bool) -> Any:
        which = Assignment.completed_on.is_not(None) if is_completed else Assignment.completed_on.is_(None)
        return (
            select(func.count())
            .where(Assignment.requirement_id == Requirement.id, Assignment.withdrawn_at.is_(None), which)
            .correlate(Requirement)
            .scalar_subquery()
        )

    rows = db.session.execute(
        select(Requirement, Team.name, Product.name, rounds(False), rounds(True))
        .outerjoin(Team, Team.id == Requirement.team_id)
        .outerjoin(Product, Product.id == Requirement.sells_product_id)
        .where(Requirement.course_id == course_id, Requirement.ended_at.is_(None))
        .order_by(Requirement.id)
    )
    return [RequirementRow(*row) for row in rows]


def product_options() -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Product.id, Product.name).where(Product.is_active).order_by(Product.name, Product.id)
    )
    return [(key, name) for key, name in rows]


def assignable(viewer: Viewer) -> list[tuple[int, str]]:
    """Courses that can be given to people."""
    if not viewer.can(Permission.TRAINING_ASSIGN):
        return []
    rows = db.session.execute(
        select(Course.id, Course.title).where(can_be_taken()).order_by(func.lower(Course.title))
    )
    return [(key, title) for key, title in rows]
