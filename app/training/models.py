import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Model
from app.core.permissions import Role
from app.people.models import Person
from app.sales.models import Product


class Course(Model):
    """Lessons and, perhaps, a quiz. An outside course has neither: somebody says when it was completed."""

    __tablename__ = "courses"
    __table_args__ = (
        Index("uq_courses_title", text("lower(title)"), unique=True),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark_range"),
        CheckConstraint("valid_months > 0", name="valid_months_positive"),
    )

    title: Mapped[str]
    summary: Mapped[str] = mapped_column(server_default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)  # what it is about
    is_outside: Mapped[bool] = mapped_column(server_default=text("false"))
    pass_mark: Mapped[int] = mapped_column(SmallInteger, server_default="80")  # per cent of the questions
    valid_months: Mapped[int | None] = mapped_column(SmallInteger)  # none: for good
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    import_id: Mapped[int | None] = mapped_column(BigInteger)  # the import that made it
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")


class Lesson(Model):
    """A lesson that is to be read again after a change is another row; the old one is archived."""

    __tablename__ = "lessons"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]  # Markdown
    archived_at: Mapped[datetime | None]


class Question(Model):
    """One question of a course's quiz. `choices`: [{"text", "is_right"}], one or several of them right.

    What somebody has answered is never changed: an edited question is another row, the old one is archived.
    """

    __tablename__ = "questions"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    choices: Mapped[list[Any]]
    explanation: Mapped[str] = mapped_column(server_default="")
    archived_at: Mapped[datetime | None]


class Requirement(Model):
    """Who must take a course: a role, a team and those below it, whoever sells a product; all that is set."""

    __tablename__ = "requirements"
    __table_args__ = (
        CheckConstraint("due_days BETWEEN 0 AND 730", name="due_days_range"),
        CheckConstraint("sells_months BETWEEN 1 AND 60", name="sells_months_range"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    role: Mapped[Role | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    sells_product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    # A sale of it, open or decided, in so many months up to today.
    sells_months: Mapped[int] = mapped_column(SmallInteger, server_default="12")
    due_days: Mapped[int] = mapped_column(SmallInteger, server_default="30")  # from when it first applies
    ended_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AssignmentOrigin(enum.StrEnum):
    REQUIREMENT = "requirement"
    MANAGER = "manager"
    PLAN = "plan"  # a step of a coaching plan
    OWN = "own"  # taken up by oneself
    IMPORT = "import"


class Completion(enum.StrEnum):
    LEARNED = "learned"  # read, and passed where there is a quiz
    RECORDED = "recorded"  # somebody said so, of a course outside the portal
    IMPORTED = "imported"


class Assignment(Model):
    """A round of a person through a course: open until completed or withdrawn. Due again is a new round.

    A completed round keeps what it was: the course's title and version of that day.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_open",
            "person_id",
            "course_id",
            unique=True,
            postgresql_where=text("completed_on IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_assignments_course_id_completed_on", "course_id", "completed_on"),
        Index(
            "ix_assignments_due_on",
            "due_on",
            postgresql_where=text("completed_on IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_assignments_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_range"),
        CheckConstraint("(completed_on IS NULL) = (completion IS NULL)", name="completed_somehow"),
        CheckConstraint("completed_on IS NULL OR withdrawn_at IS NULL", name="completed_or_withdrawn"),
        CheckConstraint("expires_on > completed_on", name="expires_after_completed"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    origin: Mapped[AssignmentOrigin]
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"))
    assigned_on: Mapped[date]
    due_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    completion: Mapped[Completion | None]
    course_title: Mapped[str | None]  # as it was called when it was completed
    course_version: Mapped[int | None]
    score: Mapped[int | None] = mapped_column(SmallInteger)  # of the quiz that passed, per cent
    expires_on: Mapped[date | None]  # the first day on which it counts no more
    certificate: Mapped[str | None] = mapped_column(unique=True)  # its number
    withdrawn_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")


class LessonRead(Base):
    """How far somebody is in a lesson, in a round."""

    __tablename__ = "lesson_reads"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # of its text, where they stopped
    read_at: Mapped[datetime | None]  # to its end
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Attempt(Model):
    """A quiz handed in. `answers`: question key -> chosen choices, by their place in the question."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    number: Mapped[int]
    answers: Mapped[dict[str, Any]]
    score: Mapped[int] = mapped_column(SmallInteger)
    pass_mark: Mapped[int] = mapped_column(SmallInteger)  # of that day
    has_passed: Mapped[bool]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
