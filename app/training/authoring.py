"""Courses as their authors make them. What people did in a course stays when the course changes."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.core import audit, clock, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.sales.models import Product
from app.training.learning import complete_where_done
from app.training.models import Assignment, Attempt, Course, Lesson, Question
from app.training.requiring import evaluate
from app.training.text import LONGEST

MOST_CHOICES = 6
Made = TypeVar("Made", Course, Lesson, Question)


@atomic
def save_course(
    course: Course | None,
    *,
    title: str,
    summary: str,
    product_id: int | None,
    is_outside: bool,
    pass_mark: int,
    valid_months: int | None,
    key: UUID | None = None,
    by_id: int,
) -> Course:
    """Make a draft, or change a course. How long a completion counts is settled on the day of completion."""
    if course is None and (earlier := _made_before(Course, key, by_id)) is not None:
        return earlier
    title = " ".join(title.split())
    taken = select(Course.id).where(func.lower(Course.title) == func.lower(title))
    if course is not None:
        taken = taken.where(Course.id != course.id)
    if db.session.scalar(taken) is not None:
        raise Invalid(_("Another course has this title."), "title")
    if product_id is not None and db.session.get(Product, product_id) is None:
        raise Invalid(_("Choose a product."), "product_id")
    if course is not None and course.is_outside != is_outside and is_outside and _has_content(course):
        raise Invalid(_("This course has lessons or questions: archive them first."), "is_outside")
    is_new = course is None
    if course is None:
        course = Course(created_by_id=by_id)
        db.session.add(course)
    course.title, course.summary, course.product_id = title, summary.strip(), product_id
    course.is_outside, course.pass_mark, course.valid_months = is_outside, pass_mark, valid_months
    audit.record("course.made" if is_new else "course.changed", course, actor_id=by_id, title=title)
    if is_new and key is not None:
        idempotency.settle(key, course.id)
    changes.announce("training")
    return course


@atomic
def publish(course: Course, *, by_id: int) -> None:
    """From now on it can be taken, and who needs it has it. Raises Conflict for an empty one."""
    if course.published_at is not None:
        return
    if not course.is_outside and not _has_content(course):
        raise Conflict(_("Write a lesson or a question first."))
    course.published_at = clock.now()
    audit.record("course.published", course, actor_id=by_id)
    changes.announce("training")
    evaluate(course.id)


@atomic
def archive_course(course: Course, *, by_id: int) -> None:
    """Nobody takes it any more; who has completed it keeps that, and rounds under way are withdrawn."""
    if course.archived_at is not None:
        return
    course.archived_at = clock.now()
    audit.record("course.archived", course, actor_id=by_id)
    changes.announce("training")
    evaluate(course.id)


@atomic
def restore_course(course: Course, *, by_id: int) -> None:
    """With the rounds that went when it was archived."""
    if course.archived_at is None:
        return
    at, course.archived_at = course.archived_at, None
    for round_ in db.session.scalars(
        select(Assignment).where(
            Assignment.course_id == course.id,
            Assignment.withdrawn_at >= at,
            ~_other_open_round(course.id),
        )
    ):
        round_.withdrawn_at = None
    audit.record("course.restored", course, actor_id=by_id)
    changes.announce("training")
    evaluate(course.id)


@atomic
def save_lesson(
    course: Course,
    lesson: Lesson | None,
    *,
    title: str,
    body: str,
    is_read_again: bool = False,
    key: UUID | None = None,
    by_id: int,
) -> Lesson:
    """`is_read_again`: whoever is in the course reads the new text; marks on the old one stay with it."""
    if lesson is None and (earlier := _made_before(Lesson, key, by_id)) is not None:
        return earlier
    title, body = " ".join(title.split()), body.replace("\r\n", "\n").strip()
    if course.is_outside:
        raise Conflict(_("This course is taken outside the portal: it has no lessons here."))
    if len(body) > LONGEST:
        raise Invalid(_("This is too long for one lesson: make two of it."), "body")
    if lesson is not None and (lesson.title, lesson.body) == (title, body):
        return lesson
    action = "lesson.made" if lesson is None else "lesson.changed"
    if lesson is None or is_read_again:
        position = lesson.position if lesson is not None else _last_position(course.id) + 1
        if lesson is not None:
            lesson.archived_at = clock.now()
        lesson = Lesson(course_id=course.id, position=position)
        db.session.add(lesson)
    lesson.title, lesson.body = title, body
    course.version += 1
    audit.record(action, lesson, actor_id=by_id, title=title, course_id=course.id)
    if key is not None and action == "lesson.made":
        idempotency.settle(key, lesson.id)
    changes.announce("training")
    return lesson


@atomic
def move_lesson(lesson: Lesson, by: int, *, by_id: int) -> None:
    """One place up (-1) or down (1); at the end it stays."""
    order = list(
        db.session.scalars(
            select(Lesson)
            .where(Lesson.course_id == lesson.course_id, Lesson.archived_at.is_(None))
            .order_by(Lesson.position, Lesson.id)
            .with_for_update()
        )
    )
    at = order.index(lesson) if lesson in order else -1
    if at < 0 or not 0 <= at + by < len(order):
        return
    order.insert(at + by, order.pop(at))
    for place, each in enumerate(order, 1):
        each.position = place
    audit.record("lesson.moved", lesson, actor_id=by_id, by=by)
    changes.announce("training")


@atomic
def archive_lesson(lesson: Lesson, *, by_id: int) -> None:
    if lesson.archived_at is None:
        lesson.archived_at = clock.now()
        _changed(lesson.course_id)
        audit.record("lesson.archived", lesson, actor_id=by_id, title=lesson.title)
        complete_where_done(lesson.course_id)


@atomic
def restore_lesson(lesson: Lesson, *, by_id: int) -> None:
    if lesson.archived_at is not None:
        lesson.archived_at = None
        _changed(lesson.course_id)
        audit.record("lesson.restored", lesson, actor_id=by_id, title=lesson.title)


@atomic
def save_question(
    course: Course,
    question: Question | None,
    *,
    text: str,
    choices: Sequence[tuple[str, bool]],
    explanation: str,
    key: UUID | None = None,
    by_id: int,
) -> Question:
    """`choices`: text, is right; empty ones are left out. An answer keeps the question it was given to."""
    if question is None and (earlier := _made_before(Question, key, by_id)) is not None:
        return earlier
    if course.is_outside:
        raise Conflict(_("This course is taken outside the portal: it has no quiz here."))
    given = [
        {"text": " ".join(words.split()), "is_right": is_right}
        for words, is_right in choices
        if words.strip()
    ]
    _check_choices(given)
    if question is not None and question.archived_at is not None:
        raise Conflict(_("This question was changed in the meantime."))
    said = (" ".join(text.split()), given, explanation.strip())
    if question is not None and (question.text, question.choices, question.explanation) == said:
        return question
    action = "question.made" if question is None else "question.changed"
    if question is None or _is_answered(question):
        position = question.position if question is not None else _last_question(course.id) + 1
        if question is not None:
            question.archived_at = clock.now()
        question = Question(course_id=course.id, position=position)
        db.session.add(question)
    question.text, question.choices, question.explanation = said
    course.version += 1
    audit.record(action, question, actor_id=by_id, course_id=course.id)
    if key is not None and action == "question.made":
        idempotency.settle(key, question.id)
    changes.announce("training")
    return question


def _check_choices(given: Sequence[dict[str, object]]) -> None:
    texts = [str(choice["text"]).casefold() for choice in given]
    if len(given) < 2:
        raise Invalid(_("Write at least two choices."), "choices")
    if len(set(texts)) < len(texts):
        raise Invalid(_("Two choices are the same."), "choices")
    if not any(choice["is_right"] for choice in given):
        raise Invalid(_("Mark the choice that is right."), "choices")
    if all(choice["is_right"] for choice in given):
        raise Invalid(_("At least one choice has to be wrong."), "choices")


@atomic
def archive_question(question: Question, *, by_id: int) -> None:
    if question.archived_at is None:
        question.archived_at = clock.now()
        _changed(question.course_id)
        audit.record("question.archived", question, actor_id=by_id)
        complete_where_done(question.course_id)


@atomic
def restore_question(question: Question, *, by_id: int) -> None:
    if question.archived_at is not None:
        question.archived_at = None
        _changed(question.course_id)
        audit.record("question.restored", question, actor_id=by_id)


def _changed(course_id: int) -> None:
    db.session.get_one(Course, course_id).version += 1
    changes.announce("training")


def _has_content(course: Course) -> bool:
    lessons = exists().where(Lesson.course_id == course.id, Lesson.archived_at.is_(None))
    questions = exists().where(Question.course_id == course.id, Question.archived_at.is_(None))
    return bool(db.session.scalar(select(lessons | questions)))


def _last_position(course_id: int) -> int:
    return db.session.scalar(select(func.max(Lesson.position)).where(Lesson.course_id == course_id)) or 0


def _last_question(course_id: int) -> int:
    return db.session.scalar(select(func.max(Question.position)).where(Question.course_id == course_id)) or 0


def _is_answered(question: Question) -> bool:
    answered = exists().where(
        Attempt.assignment_id == Assignment.id,
        Assignment.course_id == question.course_id,
        Attempt.answers.cast(JSONB).has_key(str(question.id)),
    )
    return bool(db.session.scalar(select(answered)))


def _other_open_round(course_id: int) -> ColumnElement[bool]:
    other = Assignment.__table__.alias("other")
    return exists().where(
        other.c.course_id == course_id,
        other.c.person_id == Assignment.person_id,
        other.c.completed_on.is_(None),
        other.c.withdrawn_at.is_(None),
    )


def _made_before(model: type[Made], key: UUID | None, by_id: int) -> Made | None:
    """What the same post made earlier; else the key is taken."""
    earlier = idempotency.earlier(key, by_id) if key is not None else None
    return (
        db.session.get_one(model, earlier.subject_id) if earlier and earlier.subject_id is not None else None
    )
