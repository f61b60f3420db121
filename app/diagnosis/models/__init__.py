"""Cases with what was concluded of them, and the reviews in which departments answer."""

from app.diagnosis.findings import Cause
from app.diagnosis.models.cases import (
    Case,
    CaseStatus,
    Contest,
    ContestStatus,
    Diagnosis,
    DiagnosisWhy,
    Finding,
)
from app.diagnosis.models.reviews import (
    ActionStatus,
    CorrectiveAction,
    MessageKind,
    Review,
    ReviewFinding,
    ReviewMessage,
    ReviewStatus,
)

__all__ = [
    "ActionStatus",
    "Case",
    "CaseStatus",
    "Cause",
    "Contest",
    "ContestStatus",
    "CorrectiveAction",
    "Diagnosis",
    "DiagnosisWhy",
    "Finding",
    "MessageKind",
    "Review",
    "ReviewFinding",
    "ReviewMessage",
    "ReviewStatus",
]
