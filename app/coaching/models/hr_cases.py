"""HR cases."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model


class HrCaseStatus(enum.StrEnum):
    WAITS_FOR_REPLY = "waits_for_reply"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    OPEN = "open"  # approved: the outcome is to be chosen
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class HrOutcome(enum.StrEnum):
    MORE_SUPPORT = "more_support"
    OTHER_ROLE = "other_role"
    OTHER_TERRITORY = "other_territory"
    IMPROVEMENT_AGREEMENT = "improvement_agreement"
    OTHER = "other"


class HrCase(Model):
    """Opened by a person of HR, in their own words.

    No job, rule, API or default opens, fills or advances it.
    """

    __tablename__ = "hr_cases"
    __table_args__ = (
        CheckConstraint("char_length(reasons) >= 200", name="reasons_said"),
        CheckConstraint(
            "approver_id IS NULL OR (approver_id <> opened_by_id AND approver_id <> person_id)",
            name="second_person",
        ),
        Index(
            "uq_hr_cases_open",
            "person_id",
            unique=True,
            postgresql_where=text("status NOT IN ('decided', 'withdrawn')"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reasons: Mapped[str]
    evidence: Mapped[list[Any]]  # what they looked at: plans, cases, reviews
    status: Mapped[HrCaseStatus] = mapped_column(server_default=HrCaseStatus.WAITS_FOR_REPLY.value)
    reply_until: Mapped[date]  # five working days
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    approval_note: Mapped[str | None]
    outcome: Mapped[HrOutcome | None]
    outcome_text: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
