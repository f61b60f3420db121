import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Model
from app.goals.models import Goal, GoalResult, Period
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.sales.models import Product


class Cause(enum.StrEnum):
    """In the order in which they are searched; the person comes last."""

    PRODUCT = "product"
    PRICE = "price"
    DELIVERY = "delivery"
    SERVICE = "service"
    MARKETING = "marketing"
    TRAINING = "training"
    CAPABILITY = "capability"
    NONE = "none"


class CaseStatus(enum.StrEnum):
    OPEN = "open"
    CONTESTED = "contested"  # reopened by the person, for a named reviewer
    SETTLED = "settled"


class Case(Model):
    """A missed goal as a question. Its diagnoses are versions; the current one is what is shown."""

    __tablename__ = "cases"
    __table_args__ = (CheckConstraint("num_nonnulls(person_id, team_id) = 1", name="one_subject"),)

    goal_id: Mapped[int] = mapped_column(ForeignKey("goals.id"), unique=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), index=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    status: Mapped[CaseStatus] = mapped_column(server_default=CaseStatus.OPEN.value)
    withdrawn_at: Mapped[datetime | None]  # an adjustment showed that the goal was reached
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    goal: Mapped[Goal] = relationship(lazy="raise_on_sql")
    period: Mapped[Period] = relationship(lazy="raise_on_sql")
    metric: Mapped[Metric] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class DiagnosisWhy(enum.StrEnum):
    CLOSED = "closed"
    ADJUSTED = "adjusted"
    CONTESTED = "contested"
    ANSWERED = "answered"  # a department rejected its part, with evidence


class Diagnosis(Model):
    """What was concluded of a case, and when; never changed, only followed by the next version."""

    __tablename__ = "diagnoses"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        Index("uq_diagnoses_current", "case_id", unique=True, postgresql_where=text("is_current")),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int] = mapped_column(server_default="1")
    is_current: Mapped[bool] = mapped_column(server_default=text("true"))
    why: Mapped[DiagnosisWhy]
    result_id: Mapped[int] = mapped_column(ForeignKey("goal_results.id"))
    target: Mapped[Decimal]
    actual: Mapped[Decimal | None]
    shortfall: Mapped[Decimal]
    main_cause: Mapped[Cause]
    figures: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # the split, whole
    method: Mapped[str]  # the method's version
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    result: Mapped[GoalResult] = relationship(lazy="raise_on_sql")
    findings: Mapped[list["Finding"]] = relationship(lazy="raise_on_sql", order_by="Finding.position")


class Finding(Model):
    """A cause's part of the shortfall, how sure it is, what it rests on. All amounts make the shortfall."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("diagnosis_id", "position"),)

    diagnosis_id: Mapped[int] = mapped_column(ForeignKey("diagnoses.id"))
    position: Mapped[int] = mapped_column(SmallInteger)  # largest first
    cause: Mapped[Cause] = mapped_column(index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    amount: Mapped[Decimal]
    verdict: Mapped[str]
    confidence: Mapped[Decimal | None] = mapped_column(Numeric(6, 5))
    figures: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    chart: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    records: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # which records are behind it

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")


class ContestStatus(enum.StrEnum):
    WAITING = "waiting"
    UPHELD = "upheld"  # the reviewer agrees with the person
    KEPT = "kept"  # the finding stands, with an answer


class Contest(Model):
    """The person says that a finding is wrong; a named reviewer answers."""

    __tablename__ = "contests"
    __table_args__ = (
        Index("uq_contests_waiting", "finding_id", unique=True, postgresql_where=text("status = 'waiting'")),
        CheckConstraint("reviewer_id <> author_id", name="not_oneself"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[ContestStatus] = mapped_column(server_default=ContestStatus.WAITING.value)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ReviewStatus(enum.StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"  # with evidence
    ACTING = "acting"  # a corrective action is under way
    DONE = "done"
    LAPSED = "lapsed"  # its time is over without an answer


class Review(Model):
    """A department answers for a cause: one a cause, product and period, however many goals point to it."""

    __tablename__ = "root_cause_reviews"
    __table_args__ = (
        Index(
            "uq_root_cause_reviews_subject",
            "period_id",
            "cause",
            text("coalesce(product_id, 0)"),
            unique=True,
        ),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    cause: Mapped[Cause]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)  # the department
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date]
    status: Mapped[ReviewStatus] = mapped_column(server_default=ReviewStatus.OPEN.value, index=True)
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    figure: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # which is watched, from what
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    period: Mapped[Period] = relationship(lazy="raise_on_sql")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id, lazy="raise_on_sql")


class ReviewFinding(Base):
    """The findings that point to a review."""

    __tablename__ = "review_findings"

    review_id: Mapped[int] = mapped_column(ForeignKey("root_cause_reviews.id"), primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), primary_key=True, index=True)


class ActionStatus(enum.StrEnum):
    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class CorrectiveAction(Model):
    __tablename__ = "corrective_actions"

    review_id: Mapped[int] = mapped_column(ForeignKey("root_cause_reviews.id"), index=True)
    text: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date]
    status: Mapped[ActionStatus] = mapped_column(server_default=ActionStatus.PLANNED.value)
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    reminded_on: Mapped[date | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ReviewMessage(Model):
    """One turn of what was said and done about a review; never changed."""

    __tablename__ = "review_messages"

    review_id: Mapped[int] = mapped_column(ForeignKey("root_cause_reviews.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
