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
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")


class Lesson(Model):
    __tablename__ = "lessons"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]  # Markdown
    archived_at: Mapped[datetime | None]


class Question(Model):
    """One question of a course's quiz. `choices`: [{"text", "is_right"}]."""

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

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    role: Mapped[Role | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    sells_product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
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


class Assignment(Model):
    """A round of a person through a course: open until completed or withdrawn. Due again is a new round."""

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
        CheckConstraint("score BETWEEN 0 AND 100", name="score_range"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    origin: Mapped[AssignmentOrigin]
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"))
    assigned_on: Mapped[date]
    due_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    score: Mapped[int | None] = mapped_column(SmallInteger)  # of the quiz that passed, per cent
    expires_on: Mapped[date | None]
    certificate: Mapped[str | None] = mapped_column(unique=True)  # its number
    withdrawn_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")


class LessonRead(Base):
    """A lesson that was read to its end, in a round; `position` is where somebody stopped otherwise."""

    __tablename__ = "lesson_reads"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Attempt(Model):
    """A quiz handed in. `answers`: question key -> chosen choice."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    number: Mapped[int]
    answers: Mapped[dict[str, Any]]
    score: Mapped[int] = mapped_column(SmallInteger)
    has_passed: Mapped[bool]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
