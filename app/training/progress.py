"""How far a person is: their rounds, what is done in each, and where they go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person
from app.people.queries import visible_people
from app.sales.models import Product
from app.training.models import (
    Assignment,
    AssignmentOrigin,
    Attempt,
    Course,
    Lesson,
    LessonRead,
    Question,
)

SOON = 7  # days


@dataclass(frozen=True, slots=True)
class Mark:
    """A lesson of a round. `part` is where they stopped in it; None where they never opened it."""

    lesson_id: int
    title: str
    is_read: bool
    part: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A round as a page shows it. Marks and quiz are those of today's course, only for an open round."""

    id: int
    person_id: int
    course_id: int
    title: str
    product: str | None
    origin: AssignmentOrigin
    author: str | None
    assigned_on: date
    due_on: date | None
    completed_on: date | None
    expires_on: date | None
    score: int | None
    certificate: str | None
    is_outside: bool
    is_archived: bool
    marks: tuple[Mark, ...] = ()
    has_quiz: bool = False
    has_passed: bool = False
    attempts: int = 0
    last_attempt: int | None = None
    going_on: Mark | None = None  # the lesson in which they stopped last

    @property
    def steps(self) -> int:
        return len(self.marks) + self.has_quiz

    @property
    def done(self) -> int:
        return sum(mark.is_read for mark in self.marks) + (self.has_quiz and self.has_passed)

    @property
    def share(self) -> float:
        if self.completed_on is not None:
            return 1.0
        return self.done / self.steps if self.steps else 0.0

    @property
    def is_begun(self) -> bool:
        return bool(self.done or self.attempts or any(mark.part is not None for mark in self.marks))

    @property
    def next_mark(self) -> Mark | None:
        """The lesson to go on with; None where only the quiz is left, or nothing."""
        if self.going_on is not None:
            return self.going_on
        return next((mark for mark in self.marks if not mark.is_read), None)

    @property
    def days_left(self) -> int | None:
        return None if self.due_on is None else (self.due_on - clock.today()).days

    @property
    def due_state(self) -> str:
        """overdue, soon, later, or none without a day."""
        left = self.days_left
        if left is None or self.completed_on is not None:
            return "none"
        return "overdue" if left < 0 else "soon" if left <= SOON else "later"

    @property
    def counts(self) -> bool:
        """Whether a completed round still does."""
        return self.completed_on is not None and (self.expires_on is None or self.expires_on > clock.today())


def lines_of(person_id: int, course_ids: Iterable[int] | None = None) -> list[Line]:
    """All rounds that were not taken back; the open ones first, by due day, then the latest completed."""
    author = aliased(Person)
    stmt = (
        select(Assignment, Course, Product.name, author.name)
        .join(Course, Course.id == Assignment.course_id)
        .outerjoin(Product, Product.id == Course.product_id)
        .outerjoin(author, author.id == Assignment.created_by_id)
        .where(Assignment.person_id == person_id, Assignment.withdrawn_at.is_(None))
        .order_by(
            Assignment.completed_on.desc().nulls_first(),
            Assignment.due_on.nulls_last(),
            Assignment.assigned_on,
            Assignment.id,
        )
    )
    if course_ids is not None:
        stmt = stmt.where(Assignment.course_id.in_(list(course_ids)))
    rows = db.session.execute(stmt).all()
    open_rounds = [round_ for round_, *_rest in rows if round_.completed_on is None]
    marks = _marks(open_rounds)
    quizzes = _quizzes(open_rounds)
    going_on = _going_on(open_rounds)
    lines = []
    for round_, course, product, name in rows:
        found = marks.get(round_.id, ())
        stopped = going_on.get(round_.id)
        has_quiz, has_passed, attempts, last = quizzes.get(round_.id, (False, False, 0, None))
        lines.append(
            Line(
                id=round_.id,
                person_id=round_.person_id,
                course_id=course.id,
                title=round_.course_title or course.title,
                product=product,
                origin=round_.origin,
                author=name if round_.origin is AssignmentOrigin.MANAGER else None,
                assigned_on=round_.assigned_on,
                due_on=round_.due_on,
                completed_on=round_.completed_on,
                expires_on=round_.expires_on,
                score=round_.score,
                certificate=round_.certificate,
                is_outside=course.is_outside,
                is_archived=course.archived_at is not None,
                marks=tuple(found),
                has_quiz=has_quiz,
                has_passed=has_passed,
                attempts=attempts,
                last_attempt=last,
                going_on=next((mark for mark in found if mark.lesson_id == stopped), None),
            )
        )
    return lines


def line_of(person_id: int, course_id: int) -> Line | None:
    """The round that is open, or the last completed one."""
    return next(iter(lines_of(person_id, [course_id])), None)


def _marks(rounds: Sequence[Assignment]) -> dict[int, list[Mark]]:
    if not rounds:
        return {}
    read = aliased(LessonRead)
    rows = db.session.execute(
        select(Assignment.id, Lesson.id, Lesson.title, read.read_at, read.part)
        .join(Lesson, and_(Lesson.course_id == Assignment.course_id, Lesson.archived_at.is_(None)))
        .outerjoin(read, and_(read.assignment_id == Assignment.id, read.lesson_id == Lesson.id))
        .where(Assignment.id.in_([round_.id for round_ in rounds]))
        .order_by(Assignment.id, Lesson.position, Lesson.id)
    )
    found: dict[int, list[Mark]] = {}
    for round_id, lesson_id, title, read_at, part in rows:
        mark = Mark(lesson_id, title, read_at is not None, part)
        found.setdefault(round_id, []).append(mark)
    return found


def _quizzes(rounds: Sequence[Assignment]) -> dict[int, tuple[bool, bool, int, int | None]]:
    """By round: has a quiz, is passed, attempts, the last of them."""
    if not rounds:
        return {}
    asking = select(Question.course_id).where(Question.archived_at.is_(None))
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.course_id.in_(asking),
            func.coalesce(func.bool_or(Attempt.has_passed), False),
            func.count(Attempt.id),
            func.max(Attempt.id),
        )
        .outerjoin(Attempt, Attempt.assignment_id == Assignment.id)
        .where(Assignment.id.in_([round_.id for round_ in rounds]))
        .group_by(Assignment.id)
    )
    return {round_id: tuple(found) for round_id, *found in rows}


def _going_on(rounds: Sequence[Assignment]) -> dict[int, int]:
    """By round: the unread lesson that was open last."""
    if not rounds:
        return {}
    rows = db.session.execute(
        select(LessonRead.assignment_id, LessonRead.lesson_id)
        .join(Lesson, Lesson.id == LessonRead.lesson_id)
        .where(
            LessonRead.assignment_id.in_([round_.id for round_ in rounds]),
            LessonRead.read_at.is_(None),
            Lesson.archived_at.is_(None),
        )
        .ext(distinct_on(LessonRead.assignment_id))
        .order_by(LessonRead.assignment_id, LessonRead.at.desc())
    )
    return {row.assignment_id: row.lesson_id for row in rows}


def round_for(viewer: Viewer, round_id: int) -> Assignment:
    """A round of somebody else in sight, for who may assign. Raises NotFound for all others."""
    found = db.session.get(Assignment, round_id)
    if found is None or not viewer.can(Permission.TRAINING_ASSIGN) or found.person_id == viewer.person_id:
        raise NotFound
    stmt = select(Person.id).where(Person.id == found.person_id, Person.id.in_(visible_people(viewer)))
    if db.session.scalar(stmt) is None:
        raise NotFound
    return found


def attempt_for(viewer: Viewer, attempt_id: int) -> tuple[Attempt, Assignment]:
    """One's own. What others answered is theirs."""
    row = db.session.execute(
        select(Attempt, Assignment)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Attempt.id == attempt_id, Assignment.person_id == viewer.person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    attempt, round_ = row
    return attempt, round_


@dataclass(frozen=True, slots=True)
class Certificate:
    number: str
    person: str
    title: str
    completed_on: date
    expires_on: date | None

    @property
    def counts(self) -> bool:
        return self.expires_on is None or self.expires_on > clock.today()


def certificate(number: str) -> Certificate | None:
    """Of whoever it is: who was shown its number knows it. In any case, with or without dashes."""
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    key = "-".join((plain[:4], plain[4:8], plain[8:]))
    row = db.session.execute(
        select(
            Assignment.certificate,
            Person.name,
            Assignment.course_title,
            Assignment.completed_on,
            Assignment.expires_on,
        )
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.certificate == key, Assignment.completed_on.is_not(None))
    ).one_or_none()
    return None if row is None else Certificate(*row)  # type: ignore[arg-type]  # a completed round has all
