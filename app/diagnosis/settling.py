"""When a case is settled, and who is told that the person's own part may be spoken of now."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app.core import clock, events
from app.core.changes import changes
from app.core.transactions import atomic
from app.diagnosis.models import (
    Case,
    CaseStatus,
    Diagnosis,
    Finding,
    ReviewFinding,
)
from app.diagnosis.queries.gate import waits
from app.extensions import db

CONTEST_DAYS = 14
"""So long a case stays open for the person's word, even when no department is asked."""


@atomic
def settle(case_ids: Collection[int] | None = None) -> int:
    """Settle the open cases (of some, or all) that wait for nobody any more; returns how many."""
    before = clock.now() - timedelta(days=CONTEST_DAYS)
    stmt = (
        update(Case)
        .where(Case.status == CaseStatus.OPEN, Case.created_at < before, ~waits(clock.today()))
        .values(status=CaseStatus.SETTLED)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    if case_ids is not None:
        stmt = stmt.where(Case.id.in_(case_ids))
    settled = db.session.scalars(stmt).all()
    if settled:
        changes.announce("diagnosis")
    return len(settled)


def cases_asking(review_id: int) -> list[int]:
    """The cases whose current findings point to a review."""
    stmt: Any = (
        select(Diagnosis.case_id)
        .join(Finding, Finding.diagnosis_id == Diagnosis.id)
        .join(ReviewFinding, ReviewFinding.finding_id == Finding.id)
        .join(Case, Case.id == Diagnosis.case_id)
        .where(ReviewFinding.review_id == review_id, Diagnosis.is_current, Case.withdrawn_at.is_(None))
        .distinct()
        .order_by(Diagnosis.case_id)
    )
    return list(db.session.scalars(stmt))


def tell(case_ids: Collection[int]) -> None:
    """Something about these cases changed: their versions, or what they wait for."""
    events.record_many("case_changed", [{"case_id": key} for key in case_ids])
    changes.announce("diagnosis")
