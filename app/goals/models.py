import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Model
from app.metrics.models import Metric
from app.people.models import Person, Team


class PeriodKind(enum.StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class PeriodStatus(enum.StrEnum):
    OPEN = "open"
    CLOSING = "closing"  # over, late results still come in
    CLOSED = "closed"


class Period(Model):
    """`key` is 2026-09, 2026-Q3 or 2026; quarters and years are named by the fiscal year they lie in."""

    __tablename__ = "periods"
    __table_args__ = (
        UniqueConstraint("kind", "starts_on"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
    )

    kind: Mapped[PeriodKind]
    key: Mapped[str] = mapped_column(unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day
    status: Mapped[PeriodStatus] = mapped_column(server_default=PeriodStatus.OPEN.value)
    closed_at: Mapped[datetime | None]


class GoalStatus(enum.StrEnum):
    DRAFT = "draft"  # only its author and those above see it
    PROPOSED = "proposed"  # waits for an answer
    QUESTIONED = "questioned"
    ACCEPTED = "accepted"


class Goal(Model):
    """A target on a metric for a team or a person in a period."""

    __tablename__ = "goals"
    __table_args__ = (
        CheckConstraint("num_nonnulls(team_id, person_id) = 1", name="one_subject"),
        CheckConstraint("target > 0", name="target_positive"),
        CheckConstraint("weight BETWEEN 0 AND 10000", name="weight_range"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_goals_person",
            "person_id",
            "metric_id",
            "period_id",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL AND withdrawn_at IS NULL"),
        ),
        Index(
            "uq_goals_team",
            "team_id",
            "metric_id",
            "period_id",
            unique=True,
            postgresql_where=text("team_id IS NOT NULL AND withdrawn_at IS NULL"),
        ),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), index=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("goals.id"), index=True)  # cascaded from
    starts_on: Mapped[date]  # the period's, or the day a late joiner began
    ends_on: Mapped[date]
    target: Mapped[Decimal]  # in the metric's unit: minor units of money, a share for percent
    weight: Mapped[int] = mapped_column(SmallInteger, server_default="10000")  # in the scorecard
    status: Mapped[GoalStatus] = mapped_column(server_default=GoalStatus.DRAFT.value, index=True)
    is_fixed: Mapped[bool] = mapped_column(server_default=text("false"))  # by hand: a cascade leaves it
    arithmetic: Mapped[list[Any]] = mapped_column(server_default="[]")  # how the target came about
    version: Mapped[int] = mapped_column(server_default="1")
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]

    period: Mapped[Period] = relationship(lazy="raise_on_sql")
    metric: Mapped[Metric] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(foreign_keys=person_id, lazy="raise_on_sql")


class RevisionReason(enum.StrEnum):
    RESULTS = "results"
    ECONOMY = "economy"
    COMPETITION = "competition"
    TERRITORY = "territory"
    OTHER = "other"


class RevisionStatus(enum.StrEnum):
    WAITING = "waiting"  # needs a second person
    APPLIED = "applied"
    REFUSED = "refused"


class Revision(Model):
    """A change of a goal's target, with its reason."""

    __tablename__ = "goal_revisions"
    __table_args__ = (
        # One at a time: while one waits for its second person there is no other. A refused one makes none.
        Index(
            "uq_goal_revisions_goal_id_version",
            "goal_id",
            "version",
            unique=True,
            postgresql_where=text("status <> 'refused'"),
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> author_id", name="second_person"),
    )

    goal_id: Mapped[int] = mapped_column(ForeignKey("goals.id"))
    version: Mapped[int]  # of the goal that this makes
    target_before: Mapped[Decimal]
    target: Mapped[Decimal]
    reason: Mapped[RevisionReason]
    text: Mapped[str]
    effective_on: Mapped[date]
    status: Mapped[RevisionStatus]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def waits(self) -> bool:
        return self.status is RevisionStatus.WAITING


class MessageKind(enum.StrEnum):
    PROPOSED = "proposed"
    QUESTIONED = "questioned"
    ACCEPTED = "accepted"
    COMMENT = "comment"
    REVISED = "revised"  # or asked for, while the revision waits
    DECIDED = "decided"  # a second person on a revision
    REMINDED = "reminded"


class GoalMessage(Model):
    """One turn of the conversation about a goal; never changed (a trigger refuses)."""

    __tablename__ = "goal_messages"

    goal_id: Mapped[int] = mapped_column(ForeignKey("goals.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[MessageKind]
    text: Mapped[str] = mapped_column(server_default="")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("goal_revisions.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Acknowledgement(Model):
    """Somebody touched by a revision, and when they said that they have read it."""

    __tablename__ = "goal_acknowledgements"
    __table_args__ = (UniqueConstraint("revision_id", "person_id"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("goal_revisions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime | None]


class CompanyHoliday(Model):
    """A day the company is closed (or, with `is_working`, open) beside the country's holidays."""

    __tablename__ = "company_holidays"

    on: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str]
    is_working: Mapped[bool] = mapped_column(server_default=text("false"))


class Outcome(enum.StrEnum):
    EXCEEDED = "exceeded"
    REACHED = "reached"
    MISSED = "missed"
    NOT_JUDGED = "not_judged"


class NotJudged(enum.StrEnum):
    RAMP = "ramp"  # still learning for most of the period
    LEAVE = "leave"  # away, or not yet or no longer there, for most of it
    TOO_LITTLE_DATA = "too_little_data"
    WITHDRAWN = "withdrawn"  # the goal was taken back after the close, by an adjustment


class GoalResult(Model):
    """What a goal came to when its period closed. An adjustment makes a new version; none is rewritten."""

    __tablename__ = "goal_results"
    __table_args__ = (
        UniqueConstraint("goal_id", "version"),
        Index("uq_goal_results_current", "goal_id", unique=True, postgresql_where=text("is_current")),
        Index(
            "ix_goal_results_period_id_outcome", "period_id", "outcome", postgresql_where=text("is_current")
        ),
        CheckConstraint("(outcome = 'not_judged') = (not_judged IS NOT NULL)", name="reason_when_not_judged"),
    )

    goal_id: Mapped[int] = mapped_column(ForeignKey("goals.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    version: Mapped[int] = mapped_column(server_default="1")
    is_current: Mapped[bool] = mapped_column(server_default=text("true"))
    outcome: Mapped[Outcome]
    not_judged: Mapped[NotJudged | None]
    value: Mapped[Decimal]  # as in totals: the sum, or a ratio's numerator
    base: Mapped[Decimal]
    # The actual, in the metric's unit, as exact as a share is worth; None for a ratio of nothing.
    figure: Mapped[Decimal | None] = mapped_column(Numeric(24, 8))
    target: Mapped[Decimal]
    attainment: Mapped[Decimal | None] = mapped_column(Numeric(20, 6))  # 1 is exactly on target
    arithmetic: Mapped[list[Any]] = mapped_column(server_default="[]")
    adjustment_id: Mapped[int | None] = mapped_column(ForeignKey("adjustments.id"))  # what made this version
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    goal: Mapped[Goal] = relationship(lazy="raise_on_sql")


class AdjustmentStatus(enum.StrEnum):
    DRAFT = "draft"  # refused because the day is closed, and kept for its author to ask for it with a reason
    WAITING = "waiting"  # needs a second person
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # taken back by its author while it waited


class Adjustment(Model):
    """A change of what a closed period came to: asked for by one, decided by another, visible for ever."""

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> author_id", name="second_person"),
        CheckConstraint("(status IN ('draft', 'waiting')) = (decided_at IS NULL)", name="decided_once"),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), index=True)  # the shortest it touches
    action: Mapped[str]  # the operation that is to be done: "sale.voided", "goal.revised", ...
    subject_id: Mapped[int | None] = mapped_column(BigInteger)  # the sale, activity or goal; none: a new one
    subject_version: Mapped[int | None]  # as the author saw it: another one is not what was asked for
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # whose record it is
    change: Mapped[dict[str, Any]]  # what is to be done, whole
    days: Mapped[list[date]] = mapped_column(ARRAY(Date))  # closed ones that it alters; of a goal none
    reason: Mapped[str] = mapped_column(server_default="")
    status: Mapped[AdjustmentStatus] = mapped_column(server_default=AdjustmentStatus.DRAFT.value, index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    asked_at: Mapped[datetime | None]

    period: Mapped[Period] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    author: Mapped[Person] = relationship(foreign_keys=author_id, lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id, lazy="raise_on_sql")


class ClosingRules(Model):
    """When periods close and what counts as exceeded; one row, made with the defaults when first needed."""

    __tablename__ = "closing_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("grace_days BETWEEN 0 AND 60", name="grace_days_range"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_range"),
        CheckConstraint("exceeded_from >= 10000", name="exceeded_from_range"),
    )

    grace_days: Mapped[int] = mapped_column(SmallInteger, server_default="5")  # for late results
    hour: Mapped[int] = mapped_column(SmallInteger, server_default="6")  # in the company's zone
    exceeded_from: Mapped[int] = mapped_column(server_default="11000")  # hundredths of a per cent
