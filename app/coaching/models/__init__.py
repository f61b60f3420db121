"""Who may read a row of notes, plans and HR cases is also kept by row-level security."""

from app.coaching.models.effects import EffectSummary, PlanEffect
from app.coaching.models.hr_cases import HrCase, HrCaseStatus, HrOutcome
from app.coaching.models.notes import Note, NoteAddition, NoteStatus
from app.coaching.models.plans import (
    Aim,
    Plan,
    PlanCase,
    PlanGate,
    PlanKind,
    PlanMessage,
    PlanMessageKind,
    PlanStatus,
    PlanStep,
    PlanStepStatus,
    StepChoice,
    StepKind,
    StepTemplate,
)
from app.coaching.models.sessions import (
    AgendaItem,
    Commitment,
    CommitmentStatus,
    Rhythm,
    Session,
    SessionStatus,
    SessionTemplate,
)

__all__ = [
    "AgendaItem",
    "Aim",
    "Commitment",
    "CommitmentStatus",
    "EffectSummary",
    "HrCase",
    "HrCaseStatus",
    "HrOutcome",
    "Note",
    "NoteAddition",
    "NoteStatus",
    "Plan",
    "PlanCase",
    "PlanEffect",
    "PlanGate",
    "PlanKind",
    "PlanMessage",
    "PlanMessageKind",
    "PlanStatus",
    "PlanStep",
    "PlanStepStatus",
    "Rhythm",
    "Session",
    "SessionStatus",
    "SessionTemplate",
    "StepChoice",
    "StepKind",
    "StepTemplate",
]
