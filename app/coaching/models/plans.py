"""Plans, their aims and steps, the rules by which steps are chosen."""

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.locales import language
from app.core.models import Model
from app.metrics.models import Metric
from app.people.models import Person


def _said(words: dict[str, Any]) -> str:
    """In the reader's language, else in the one that there is."""
    return str(words.get(language()) or next(iter(words.values()), ""))


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
    titles: Mapped[dict[str, Any]]  # language -> text, with {product}, {peer}, {course}
    texts: Mapped[dict[str, Any]]
    days: Mapped[int] = mapped_column(SmallInteger, server_default="14")  # until it is due
    archived_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    def title(self) -> str:
        return _said(self.titles)

    def text(self) -> str:
        return _said(self.texts)


class StepChoice(Model):
    """A rule: where a finding is like this, this step is proposed, for this reason. Data, not code."""

    __tablename__ = "step_choices"
    __table_args__ = (CheckConstraint("least_share BETWEEN 0 AND 100", name="least_share_range"),)

    key: Mapped[str | None] = mapped_column(unique=True)
    position: Mapped[int]
    cause: Mapped[str]  # training, capability, one of the company's own, or `company`: any of these
    aspect: Mapped[str | None]  # win_rate, activity, deal_value, cancellations, ...; none: whatever it is
    least_share: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # per cent of the shortfall
    template_id: Mapped[int] = mapped_column(ForeignKey("step_templates.id"))
    reasons: Mapped[dict[str, Any]]  # language -> text with {figures}
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    template: Mapped[StepTemplate] = relationship(lazy="raise_on_sql")

    def reason(self) -> str:
        return _said(self.reasons)


class PlanKind(enum.StrEnum):
    COACHING = "coaching"  # something is left for the person or their training
    SUPPORT = "support"  # the miss was the system's


class PlanStatus(enum.StrEnum):
    PROPOSED = "proposed"  # waits for manager and rep
    ACTIVE = "active"  # agreed by both
    COMPLETED = "completed"
    ENDED = "ended"  # before its time, with a reason

    @property
    def is_open(self) -> bool:
        return self in {PlanStatus.PROPOSED, PlanStatus.ACTIVE}


class PlanGate(enum.StrEnum):
    """The part about the person's own ability: closed until the departments have answered for theirs."""

    NONE = "none"  # there is no such part
    WAITING = "waiting"
    OPEN = "open"


class Plan(Model):
    """One open plan a person and metric; a second miss extends it.

    `version` grows with every change of what is agreed; each of the two agrees to what they saw.
    """

    __tablename__ = "plans"
    __table_args__ = (
        Index(
            "uq_plans_open",
            "person_id",
            "metric_id",
            unique=True,
            postgresql_where=text("status IN ('proposed', 'active')"),
        ),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(status = 'ended') = (end_reason IS NOT NULL)", name="ended_with_reason"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    kind: Mapped[PlanKind]
    status: Mapped[PlanStatus] = mapped_column(server_default=PlanStatus.PROPOSED.value)
    gate: Mapped[PlanGate] = mapped_column(server_default=PlanGate.NONE.value)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # none: generated
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the manager when it began
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    session_on: Mapped[date | None]  # proposed for the first one-to-one
    is_edited: Mapped[bool] = mapped_column(server_default=text("false"))  # by a person since it was proposed
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
    """A missed goal that was looked at for a plan: the first made it, each later one extended it.

    Without a plan nothing was left to be done by the person or for them.
    """

    __tablename__ = "plan_cases"

    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    diagnosis_id: Mapped[int] = mapped_column(ForeignKey("diagnoses.id"))  # the version that was looked at
    tried: Mapped[list[Any]] = mapped_column(server_default="[]")  # steps and results before an extension
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Aim(Model):
    """Which number, from what, to what, by when.

    `measure` is `metric` for one of the company's metrics, else one of `measures.OWN`. A sum or count is a
    week's; `reason` holds what its arithmetic started from.
    """

    __tablename__ = "plan_aims"
    __table_args__ = (CheckConstraint("(measure = 'metric') = (metric_id IS NOT NULL)", name="what_counts"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    measure: Mapped[str] = mapped_column(server_default="metric")
    metric_id: Mapped[int | None] = mapped_column(ForeignKey("metrics.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    starts_at: Mapped[Decimal]  # in the metric's unit
    aims_at: Mapped[Decimal]
    from_on: Mapped[date]  # the first day that counts
    by_on: Mapped[date]
    reason: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

    metric: Mapped[Metric | None] = relationship(lazy="raise_on_sql")


class PlanStepStatus(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class PlanStep(Model):
    """A step as it was proposed or written: its words and its reason stay, whatever becomes of the rule."""

    __tablename__ = "plan_steps"
    __table_args__ = (
        CheckConstraint("(status = 'dropped') = (dropped_why IS NOT NULL)", name="dropped_with_reason"),
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[StepKind]
    titles: Mapped[dict[str, Any]]  # language -> text; what a person has written is in one language
    texts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    template_id: Mapped[int | None] = mapped_column(ForeignKey("step_templates.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # whom to shadow
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    due_on: Mapped[date]
    status: Mapped[PlanStepStatus] = mapped_column(server_default=PlanStepStatus.OPEN.value)
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # none: a course was completed
    dropped_why: Mapped[str | None]
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("step_choices.id"))  # why this step?
    # {"words": the rule's text by language, "figures": what it saw}
    reason: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

    def title(self) -> str:
        return _said(self.titles)

    def text(self) -> str:
        return _said(self.texts)


class PlanMessageKind(enum.StrEnum):
    PROPOSED = "proposed"
    EXTENDED = "extended"  # by a second miss
    OPENED = "opened"  # the departments have answered: the person's part was added
    FINDINGS_CHANGED = "findings_changed"
    CHANGED = "changed"  # steps, aims or dates, by the manager
    COMMENT = "comment"
    AGREED = "agreed"
    STEP_DONE = "step_done"
    STEP_REOPENED = "step_reopened"
    COMPLETED = "completed"
    ENDED = "ended"


class PlanMessage(Model):
    """What was said, agreed and changed in a plan; never changed (a trigger refuses)."""

    __tablename__ = "plan_messages"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # none: the portal
    kind: Mapped[PlanMessageKind]
    text: Mapped[str] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}"
    )  # what was changed, from what, to what
    version: Mapped[int] = mapped_column(server_default="1")  # of the plan afterwards
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=func.now())
