"""Courses and rounds for tests."""

import itertools
from datetime import date
from typing import Any

from app.core import clock
from app.extensions import db
from app.people.models import Person
from app.training.models import (
    Assignment,
    AssignmentOrigin,
    Attempt,
    Completion,
    Course,
    Lesson,
    LessonRead,
    Question,
    Requirement,
)
from app.training.validity import expiry

_number = itertools.count(1)


def make_course(title: str | None = None, *, lessons: int = 0, questions: int = 0, **values: Any) -> Course:
    """Published, with so many lessons, and questions whose first choice is right."""
    values.setdefault("published_at", clock.now())
    course = Course(title=title or f"Course {next(_number)}", **values)
    db.session.add(course)
    db.session.flush()
    for number in range(lessons):
        make_lesson(course, f"Lesson {number + 1}")
    for number in range(questions):
        make_question(course, f"Question {number + 1}?")
    db.session.commit()
    return course


def make_lesson(
    course: Course, title: str = "A lesson", body: str = "Read **this**.", **values: Any
) -> Lesson:
    values.setdefault("position", next(_number))
    lesson = Lesson(course_id=course.id, title=title, body=body, **values)
    db.session.add(lesson)
    db.session.commit()
    return lesson


def make_question(
    course: Course, text: str = "Which?", right: str = "This one", *wrong: str, **values: Any
) -> Question:
    values.setdefault("position", next(_number))
    values.setdefault("explanation", "Because it is.")
    choices = [{"text": right, "is_right": True}]
    choices += [{"text": one, "is_right": False} for one in wrong or ("Not this one", "Nor that one")]
    question = Question(course_id=course.id, text=text, choices=choices, **values)
    db.session.add(question)
    db.session.commit()
    return question


def make_requirement(course: Course, **values: Any) -> Requirement:
    requirement = Requirement(course_id=course.id, **values)
    db.session.add(requirement)
    db.session.commit()
    return requirement


def make_round(
    person: Person,
    course: Course,
    *,
    completed_on: date | None = None,
    origin: AssignmentOrigin = AssignmentOrigin.MANAGER,
    **values: Any,
) -> Assignment:
    values.setdefault("assigned_on", completed_on or clock.today())
    if completed_on is not None:
        values.setdefault("completion", Completion.LEARNED)
        values.setdefault("course_title", course.title)
        values.setdefault("course_version", course.version)
        values.setdefault("expires_on", expiry(completed_on, course.valid_months))
    found = Assignment(
        person_id=person.id, course_id=course.id, origin=origin, completed_on=completed_on, **values
    )
    db.session.add(found)
    db.session.commit()
    return found


def make_read(round_: Assignment, lesson: Lesson, part: int = 0) -> LessonRead:
    read = LessonRead(assignment_id=round_.id, lesson_id=lesson.id, part=part, read_at=clock.now())
    db.session.add(read)
    db.session.commit()
    return read


def make_attempt(round_: Assignment, number: int = 1, score: int = 0, **values: Any) -> Attempt:
    values.setdefault("pass_mark", 80)
    attempt = Attempt(
        assignment_id=round_.id, number=number, answers={}, score=score, has_passed=score >= 80, **values
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt
