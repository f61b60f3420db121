"""Plans, their aims and steps, the rules by which steps are chosen."""

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Model
from app.metrics.models import Metric
from app.people.models import Person


class StepKind(enum.StrEnum):
    COURSE = "course"
    PRACTICE = "practice"
    SHADOWING = "shadowing"  # a peer who is strong exactly there
    JOINT_VISIT = "joint_visit"
    PIPELINE_REVIEW = "pipeline_review"
    SUPPORT = "support"  # what the company owes the person
    OTHER = "other"


class StepTemplate(Model):
    """What a step says, in each language; shipped ones have a key, and managers add and edit."""

    __tablename__ = "step_templates"

    key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[StepKind]
    titles: Mapped[dict[str, Any]]  # language -> text
    texts: Mapped[dict[str, Any]]
    days: Mapped[int] = mapped_column(SmallInteger, server_default="14")  # until it is due
    archived_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class StepChoice(Model):
    """A rule: where a finding is like this, this step is proposed, for this reason. Data, not code."""

    __tablename__ = "step_choices"

    key: Mapped[str | None] = mapped_column(unique=True)
    position: Mapped[int]
    cause: Mapped[str]  # training, capability, or `any` of the company's own
    aspect: Mapped[str | None]  # leads, activity, win_rate, deal_value, cancellations, ...
    least_share: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # per cent of the shortfall
    template_id: Mapped[int] = mapped_column(ForeignKey("step_templates.id"))
    reasons: Mapped[dict[str, Any]]  # language -> text with {figures}
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    template: Mapped[StepTemplate] = relationship(lazy="raise_on_sql")


class PlanKind(enum.StrEnum):
    COACHING = "coaching"  # something is left for the person or their training
    SUPPORT = "support"  # the miss was the system's


class PlanStatus(enum.StrEnum):
    PROPOSED = "proposed"  # waits for manager and rep
    ACTIVE = "active"  # agreed by both
    COMPLETED = "completed"
    ENDED = "ended"  # before its time, with a reason


class Plan(Model):
    """One open plan a person and metric; a second miss extends it."""

    __tablename__ = "plans"
    __table_args__ = (
        Index(
            "uq_plans_open",
            "person_id",
            "metric_id",
            unique=True,
            postgresql_where=text("status IN ('proposed', 'active')"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    kind: Mapped[PlanKind]
    status: Mapped[PlanStatus] = mapped_column(server_default=PlanStatus.PROPOSED.value)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # none: generated
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the manager when it began
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    agreed_by_coach_at: Mapped[datetime | None]
    agreed_by_person_at: Mapped[datetime | None]
    completed_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    coach: Mapped[Person | None] = relationship(foreign_keys=coach_id, lazy="raise_on_sql")
    metric: Mapped[Metric] = relationship(lazy="raise_on_sql")


class PlanCase(Model):
    """The missed goals that a plan answers: the first made it, each later one extended it."""

    __tablename__ = "plan_cases"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    tried: Mapped[list[Any]] = mapped_column(server_default="[]")  # steps and results before an extension
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Aim(Model):
    """Which number, from what, to what, by when."""

    __tablename__ = "plan_aims"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    starts_at: Mapped[Decimal]  # in the metric's unit
    aims_at: Mapped[Decimal]
    by_on: Mapped[date]

    metric: Mapped[Metric] = relationship(lazy="raise_on_sql")


class PlanStepStatus(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class PlanStep(Model):
    __tablename__ = "plan_steps"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[StepKind]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # whom to shadow
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    due_on: Mapped[date]
    status: Mapped[PlanStepStatus] = mapped_column(server_default=PlanStepStatus.OPEN.value)
    done_on: Mapped[date | None]
    dropped_why: Mapped[str | None]
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("step_choices.id"))  # why this step?
    reason: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # the figures that the rule saw


class PlanMessage(Model):
    """What was said, agreed and changed in a plan; never changed."""

    __tablename__ = "plan_messages"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
