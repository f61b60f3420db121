"""The demo company learns: three courses, who needs them, and people at every stage of them."""

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from app.core import clock
from app.core.permissions import Role
from app.demo import courses, words
from app.demo.company import Cast
from app.demo.story import SEED, UNTRAINED, Story, months_before
from app.demo.words import Words
from app.extensions import db
from app.people.models import Person
from app.training import authoring, learning, requiring
from app.training.models import (
    Assignment,
    AssignmentOrigin,
    Attempt,
    Completion,
    Course,
    Lesson,
    LessonRead,
    Requirement,
)
from app.training.validity import expiry, months_after

DAY = timedelta(days=1)


def write(story: Story, said: Words, cast: Cast) -> None:
    """Runs inside the demo's transaction, after the records: who sells what is known then."""
    boots, talk, data = (_course(one, cast) for one in (courses.ES if said is words.ES else courses.EN))
    chance = random.Random(SEED)
    reps = [
        (rep.number, person) for rep, person in zip(story.reps, cast.reps, strict=True) if rep.left_on is None
    ]
    sold = _require(boots, cast, sells_product_id=cast.products[courses.BOOT].id, due_days=30)
    all_reps = _require(talk, cast, role=Role.REP, due_days=45)
    everybody = _require(data, cast, due_days=30)
    today = story.today
    long_ago = months_before(today, 10)
    for number, person in reps:
        since = max(person.hired_on or today, today - timedelta(days=190))
        late = today - timedelta(days=chance.randint(4, 21))
        if number == 0:  # who is shown first: one under way, one done, one about to expire
            _begun(person, boots, sold, today)
            _done(person, talk, all_reps, today - 70 * DAY, today - 49 * DAY, 100)
            _done(person, data, everybody, today - 380 * DAY, months_after(today, -12) + 16 * DAY, 100)
            continue
        if number in UNTRAINED:
            _round(person, boots, sold, long_ago, long_ago + 30 * DAY)
        elif number % 9 == 4:
            _round(person, boots, sold, late - 30 * DAY, late)
        elif number % 9 == 7:
            _round(person, boots, sold, today - 12 * DAY, today + 18 * DAY)
        else:
            on = min(since + timedelta(days=chance.randint(8, 40)), today - DAY)
            _done(person, boots, sold, min(since, on), on, chance.choice((75, 100, 100)))
        if number % 4 != 2:
            on = today - timedelta(days=chance.randint(3, 60))
            _done(person, talk, all_reps, max(on - 20 * DAY, person.hired_on or on), on, 100)
        else:
            _round(person, talk, all_reps, today - 20 * DAY, today + 25 * DAY)
    others = [*(person for _number, person in reps[1:]), *_others(cast)]
    for number, person in enumerate(others):
        if number % 11 == 5:
            _round(person, data, everybody, today - 38 * DAY, today - 8 * DAY)
        else:
            on = today - timedelta(days=chance.randint(20, 300))
            _done(person, data, everybody, on - 9 * DAY, on, 100)
    db.session.flush()
    requiring.evaluate()


def _others(cast: Cast) -> list[Person]:
    known = {person.id for person in cast.reps}
    found = db.session.scalars(db.select(Person).where(Person.is_active).order_by(Person.id))
    return [person for person in found if person.id not in known]


def _course(told: courses.Course, cast: Cast) -> Course:
    author = cast.admin.id
    course = authoring.save_course(
        None,
        title=told.title,
        summary=told.summary,
        product_id=cast.products[told.product].id if told.product is not None else None,
        is_outside=False,
        pass_mark=75,
        valid_months=told.valid_months,
        by_id=author,
    )
    for lesson in told.lessons:
        authoring.save_lesson(course, None, title=lesson.title, body=lesson.body, by_id=author)
    for question in told.questions:
        choices = [(text, place == 0) for place, text in enumerate(question.choices)]
        authoring.save_question(
            course, None, text=question.text, choices=choices, explanation=question.explanation, by_id=author
        )
    authoring.publish(course, by_id=author)
    return course


def _require(course: Course, cast: Cast, **rule: object) -> Requirement:
    made = Requirement(course_id=course.id, created_by_id=cast.admin.id, **rule)
    db.session.add(made)
    db.session.flush()
    return made


def _round(person: Person, course: Course, rule: Requirement, since: date, due_on: date) -> Assignment:
    made = Assignment(
        person_id=person.id,
        course_id=course.id,
        origin=AssignmentOrigin.REQUIREMENT,
        requirement_id=rule.id,
        assigned_on=since,
        due_on=due_on,
        created_at=_noon(since),
        reminded_on=due_on + DAY if due_on < clock.today() else None,
    )
    db.session.add(made)
    return made


def _done(person: Person, course: Course, rule: Requirement, since: date, on: date, score: int) -> None:
    made = _round(person, course, rule, since, since + timedelta(days=rule.due_days))
    made.reminded_on, made.completed_on, made.completion, made.score = None, on, Completion.LEARNED, score
    made.course_title, made.course_version = course.title, course.version
    made.expires_on = expiry(on, course.valid_months)
    made.certificate = _number(f"{person.id}:{course.id}")


def _begun(person: Person, course: Course, rule: Requirement, today: date) -> None:
    """The first lesson read, the second begun, and the quiz tried too early."""
    made = _round(person, course, rule, today - 25 * DAY, today + 5 * DAY)
    db.session.flush()
    first, second, *_rest = _lessons(course)
    db.session.add(LessonRead(assignment_id=made.id, lesson_id=first.id, read_at=_noon(today - 3 * DAY)))
    db.session.add(LessonRead(assignment_id=made.id, lesson_id=second.id, part=2, at=_noon(today - 2 * DAY)))
    questions = learning.questions_of(course.id)
    db.session.add(
        Attempt(
            assignment_id=made.id,
            number=1,
            answers={str(one.id): [0 if place < 2 else 1] for place, one in enumerate(questions)},
            score=100 * 2 // len(questions),
            pass_mark=course.pass_mark,
            has_passed=False,
            at=_noon(today - 2 * DAY),
        )
    )


def _lessons(course: Course) -> Iterable[Lesson]:
    return db.session.scalars(
        db.select(Lesson).where(Lesson.course_id == course.id).order_by(Lesson.position)
    )


def _number(whose: str) -> str:
    """Of a certificate, the same in each telling."""
    drawn = "".join(random.Random(f"{SEED}:{whose}").choices(learning.LETTERS, k=12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.zone())
