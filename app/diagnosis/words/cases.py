"""How a case stands, and why it was concluded anew."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.diagnosis.models import CaseStatus, DiagnosisWhy

STATUS: Mapping[str, Any] = {
    CaseStatus.OPEN: _l("Open"),
    CaseStatus.CONTESTED: _l("Contested"),
    CaseStatus.SETTLED: _l("Settled"),
}
STATUS_TONE: Mapping[str, str | None] = {
    CaseStatus.OPEN: "info",
    CaseStatus.CONTESTED: "gold",
    CaseStatus.SETTLED: "good",
}
STATUS_ICON: Mapping[str, str] = {
    CaseStatus.OPEN: "circle-dot",
    CaseStatus.CONTESTED: "message-square",
    CaseStatus.SETTLED: "check",
}
VERSION_WHY: Mapping[str, Any] = {
    DiagnosisWhy.CLOSED: _l("The period closed"),
    DiagnosisWhy.ADJUSTED: _l("The result was adjusted"),
    DiagnosisWhy.CONTESTED: _l("A finding was contested, and the reviewer agreed"),
    DiagnosisWhy.ANSWERED: _l("A department showed that it was not the cause"),
}
STAGES: Mapping[str, Any] = {"open": _l("Open"), "won": _l("Won"), "lost": _l("Lost")}
KINDS: Mapping[str, Any] = {"call": _l("Call"), "meeting": _l("Meeting"), "demo": _l("Demo")}
