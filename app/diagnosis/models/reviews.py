import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import Base, Model
from app.diagnosis.findings import Cause, Verdict
from app.goals.models import Period
from app.people.models import Person, Team
from app.sales.models import Product


class ReviewStatus(enum.StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"  # with evidence; it counts once a second person agrees (`accepted_at`)
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
        CheckConstraint("accepted_by_id <> answered_by_id", name="second_person"),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    cause: Mapped[Cause]
    why: Mapped[str]  # `findings.Why`
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)  # the department
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date]
    status: Mapped[ReviewStatus] = mapped_column(server_default=ReviewStatus.OPEN.value, index=True)
    verdict: Mapped[Verdict]
    stake: Mapped[int] = mapped_column(BigInteger, server_default="0")  # expected revenue lost, minor units
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # figures, charts, records
    figure: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # which is watched, see `watching`
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # of a rejection
    accepted_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=func.now())

    period: Mapped[Period] = relationship(lazy="raise_on_sql")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id, lazy="raise_on_sql")
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id, lazy="raise_on_sql")
    accepted_by: Mapped[Person | None] = relationship(foreign_keys=accepted_by_id, lazy="raise_on_sql")

    @property
    def waits(self) -> bool:
        """For the department, or for a second person's word on its rejection."""
        return self.status is ReviewStatus.OPEN or self.waits_for_a_second

    @property
    def waits_for_a_second(self) -> bool:
        return self.status is ReviewStatus.REJECTED and self.accepted_at is None


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
    """What a department does about a cause, who, until when."""

    __tablename__ = "corrective_actions"
    __table_args__ = (CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),)

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

    review: Mapped[Review] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person] = relationship(foreign_keys=owner_id, lazy="raise_on_sql")

    @property
    def is_over(self) -> bool:
        return self.status in {ActionStatus.DONE, ActionStatus.DROPPED}


class MessageKind(enum.StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ACCEPTED = "accepted"  # a second person agrees with the rejection
    RETURNED = "returned"  # and does not
    ACTION = "action"  # planned
    DOING = "doing"  # an action moved on, was done, was dropped
    DONE = "done"
    DROPPED = "dropped"
    COMMENT = "comment"
    LAPSED = "lapsed"
    HANDED_OVER = "handed_over"


class ReviewMessage(Model):
    """One turn of what was said and done about a review; never changed."""

    __tablename__ = "review_messages"

    review_id: Mapped[int] = mapped_column(ForeignKey("root_cause_reviews.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[MessageKind]
    text: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=func.now())

    author: Mapped[Person | None] = relationship(lazy="raise_on_sql")
