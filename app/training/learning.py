"""What people do in a round: read, stop, hand in the quiz, complete."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core import audit, clock
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.training import quiz
from app.training.models import (
    Assignment,
    Attempt,
    Completion,
    Course,
    Lesson,
    LessonRead,
    Question,
)
from app.training.operations import open_round
from app.training.telling import tell_completed
from app.training.validity import expiry

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another


def asked(question: Question) -> quiz.Asked:
    choices = tuple(
        quiz.Choice(place, str(choice["text"]), bool(choice["is_right"]))
        for place, choice in enumerate(question.choices)
    )
    return quiz.Asked(question.id, question.text, choices, question.explanation)


@atomic
def read_lesson(person_id: int, lesson: Lesson) -> Assignment | None:
    """To its end, in the round that is open, which is given back. A second time changes nothing."""
    round_ = open_round(person_id, lesson.course_id)
    if round_ is None or lesson.archived_at is not None:
        return None
    values = {"assignment_id": round_.id, "lesson_id": lesson.id, "read_at": clock.now(), "part": 0}
    db.session.execute(
        insert(LessonRead)
        .values(values)
        .on_conflict_do_update(
            index_elements=["assignment_id", "lesson_id"],
            set_={
                "read_at": func.coalesce(LessonRead.read_at, values["read_at"]),
                "part": 0,
                "at": values["read_at"],
            },
        )
    )
    _complete_if_done(round_)
    changes.announce("training", people=[person_id])
    return round_


@atomic
def keep_place(person_id: int, lesson: Lesson, part: int) -> None:
    """Where somebody stopped in a lesson, to go on from there on any device."""
    round_ = open_round(person_id, lesson.course_id)
    if round_ is None or lesson.archived_at is not None or not 0 <= part <= 10_000:
        return
    now = clock.now()
    db.session.execute(
        insert(LessonRead)
        .values(assignment_id=round_.id, lesson_id=lesson.id, part=part, at=now)
        .on_conflict_do_update(index_elements=["assignment_id", "lesson_id"], set_={"part": part, "at": now})
    )


@atomic
def hand_in(person_id: int, course_id: int, number: int, answers: Mapping[int, Collection[int]]) -> Attempt:
    """A quiz filled in; the same attempt handed in twice is the first.

    Raises Invalid where a question has no answer, Conflict where there is no round to do it in.
    """
    round_ = open_round(person_id, course_id)
    if round_ is None:
        raise Conflict(_("This course is not open for you any more: start it again to take the quiz."))
    earlier = db.session.scalars(
        select(Attempt).where(Attempt.assignment_id == round_.id, Attempt.number == number)
    ).one_or_none()
    if earlier is not None:
        return earlier
    course = db.session.get_one(Course, course_id)
    questions = [asked(question) for question in questions_of(course_id)]
    if not questions:
        raise NotFound
    if any(not answers.get(question.key) for question in questions):
        raise Invalid(_("Answer every question."))
    result = quiz.result(questions, answers, course.pass_mark)
    made = Attempt(
        assignment_id=round_.id,
        number=next_attempt(round_.id),
        answers={str(question.key): sorted(answers[question.key]) for question in questions},
        score=result.score,
        pass_mark=course.pass_mark,
        has_passed=result.has_passed,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _complete_if_done(round_)
    changes.announce("training", people=[person_id])
    return made


def questions_of(course_id: int) -> list[Question]:
    stmt = (
        select(Question)
        .where(Question.course_id == course_id, Question.archived_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    return list(db.session.scalars(stmt))


@dataclass(frozen=True, slots=True)
class Answered:
    question: quiz.Asked
    chosen: frozenset[int]

    @property
    def is_right(self) -> bool:
        return self.question.is_right(self.chosen)


def answered(attempt: Attempt) -> list[Answered]:
    """What was asked then, in the order of that attempt, and what was chosen."""
    found = db.session.scalars(select(Question).where(Question.id.in_([int(key) for key in attempt.answers])))
    questions = quiz.shuffled([asked(row) for row in found], attempt.assignment_id, attempt.number)
    return [Answered(one, frozenset(attempt.answers[str(one.key)])) for one in questions]


def next_attempt(round_id: int) -> int:
    last = db.session.scalar(select(func.max(Attempt.number)).where(Attempt.assignment_id == round_id))
    return 1 + (last or 0)


def _complete_if_done(round_: Assignment) -> None:
    """All lessons read, and the quiz passed where there is one."""
    unread = exists().where(
        Lesson.course_id == round_.course_id,
        Lesson.archived_at.is_(None),
        ~exists().where(
            LessonRead.assignment_id == round_.id,
            LessonRead.lesson_id == Lesson.id,
            LessonRead.read_at.is_not(None),
        ),
    )
    has_quiz = exists().where(Question.course_id == round_.course_id, Question.archived_at.is_(None))
    best = (
        select(func.max(Attempt.score))
        .where(Attempt.assignment_id == round_.id, Attempt.has_passed)
        .scalar_subquery()
    )
    has_lessons = exists().where(Lesson.course_id == round_.course_id, Lesson.archived_at.is_(None))
    is_left, asks, reads, score = db.session.execute(select(unread, has_quiz, has_lessons, best)).one()
    course = db.session.get_one(Course, round_.course_id)
    if is_left or (asks and score is None) or not (asks or reads) or course.is_outside:
        return
    _complete(round_, course, clock.today(), Completion.LEARNED, score)
    audit.record("training.completed", round_, actor_id=round_.person_id, score=score)


def complete_where_done(course_id: int) -> None:
    """After a lesson or question went: those for whom nothing else was left are through."""
    db.session.flush()
    rounds = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.course_id == course_id,
            Assignment.completed_on.is_(None),
            Assignment.withdrawn_at.is_(None),
            or_(
                exists().where(LessonRead.assignment_id == Assignment.id),
                exists().where(Attempt.assignment_id == Assignment.id),
            ),
        )
        .order_by(Assignment.id)
        .with_for_update()
    ).all()
    for round_ in rounds:
        _complete_if_done(round_)


def _complete(
    round_: Assignment, course: Course, on: date, how: Completion, score: int | None = None
) -> None:
    round_.completed_on, round_.completion, round_.score = on, how, score
    round_.course_title, round_.course_version = course.title, course.version
    round_.expires_on = expiry(on, course.valid_months)
    round_.certificate = new_number()
    tell_completed(round_)
    changes.announce("training", people=[round_.person_id])


@atomic
def record_completion(round_: Assignment, *, on: date, by_id: int) -> None:
    """Of a course outside the portal: somebody who saw the proof says when. Never of oneself."""
    db.session.refresh(round_, with_for_update=True)
    course = db.session.get_one(Course, round_.course_id)
    if round_.completed_on is not None or round_.withdrawn_at is not None:
        raise Conflict(_("This is settled already."))
    if not course.is_outside or round_.person_id == by_id:
        raise NotFound
    if on > clock.today():
        raise Invalid(_("This day has not come yet."), "completed_on")
    _complete(round_, course, on, Completion.RECORDED)
    audit.record("training.recorded", round_, actor_id=by_id, on=on.isoformat())


def new_number() -> str:
    """Of a certificate: nobody guesses another one's."""
    drawn = "".join(secrets.choice(LETTERS) for _unused in range(12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))
