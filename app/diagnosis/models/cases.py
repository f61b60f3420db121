import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Model
from app.diagnosis.findings import Cause, Verdict
from app.goals.models import Goal, GoalResult, Period
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.sales.models import LeadSource, Product


class CaseStatus(enum.StrEnum):
    OPEN = "open"
    CONTESTED = "contested"  # reopened by the person, for a named reviewer
    SETTLED = "settled"  # every department asked has answered or let its time pass, and so has the person


class Case(Model):
    """A missed goal as a question. Its diagnoses are versions; the current one is what is shown."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, team_id) = 1", name="one_subject"),
        Index("ix_cases_status", "status", postgresql_where=text("status <> 'settled'")),
    )

    goal_id: Mapped[int] = mapped_column(ForeignKey("goals.id"), unique=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), index=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    status: Mapped[CaseStatus] = mapped_column(server_default=CaseStatus.OPEN.value)
    withdrawn_at: Mapped[datetime | None]  # an adjustment showed that the goal was reached
    read_at: Mapped[datetime | None]  # the person opened it first
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
    ANSWERED = "answered"  # a department rejected its part, and a second person agreed


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
    expected: Mapped[Decimal | None]  # what the metric would have been by history
    main_cause: Mapped[Cause]
    split: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # of the change, as `findings.Split`
    method: Mapped[str]  # the method's version
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who made this version necessary
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    result: Mapped[GoalResult] = relationship(lazy="raise_on_sql")
    findings: Mapped[list["Finding"]] = relationship(lazy="raise_on_sql", order_by="Finding.position")


class Finding(Model):
    """A cause's part of the shortfall, how sure it is, what it rests on. All amounts make the shortfall."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("diagnosis_id", "position"),)

    diagnosis_id: Mapped[int] = mapped_column(ForeignKey("diagnoses.id"))
    position: Mapped[int] = mapped_column(SmallInteger)  # as the method orders them
    cause: Mapped[Cause] = mapped_column(index=True)
    why: Mapped[str]  # `findings.Why`: what about the cause it was
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("lead_sources.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))  # where it acts, if in one team only
    amount: Mapped[Decimal]
    verdict: Mapped[Verdict]
    confidence: Mapped[Decimal] = mapped_column(Numeric(6, 5))
    figures: Mapped[list[Any]] = mapped_column(server_default="[]")
    charts: Mapped[list[Any]] = mapped_column(server_default="[]")
    records: Mapped[list[Any]] = mapped_column(server_default="[]")  # which records are behind it
    moved_from: Mapped[list[Any]] = mapped_column(server_default="[]")  # amounts that a ruling put here

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    source: Mapped[LeadSource | None] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


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
        CheckConstraint("(status = 'upheld') = (moved_to IS NOT NULL)", name="moved_when_upheld"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[ContestStatus] = mapped_column(server_default=ContestStatus.WAITING.value)
    moved_to: Mapped[Cause | None]  # where the amount went
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    finding: Mapped[Finding] = relationship(lazy="raise_on_sql")
    author: Mapped[Person] = relationship(foreign_keys=author_id, lazy="raise_on_sql")
    reviewer: Mapped[Person] = relationship(foreign_keys=reviewer_id, lazy="raise_on_sql")
