"""What is kept of a change, in words: kinds, states and fields by name, days and figures as elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.admin.words import ACTIONS, DETAILS
from app.coaching.hr import words as hr
from app.coaching.models import HrOutcome
from app.coaching.plans.words import ASPECTS
from app.core import formats
from app.core.audit import AuditEntry
from app.diagnosis.words.causes import CAUSES
from app.diagnosis.words.reviews import ACTION_STATUS
from app.goals.models import RevisionReason
from app.goals.verdict_words import OUTCOMES
from app.goals.words import REASONS, SOURCES, exact
from app.imports import kinds
from app.metrics.models import Metric
from app.people.models import Person
from app.people.words import ROLES
from app.sales.words import COLUMNS, KINDS, STEPS

FIELDS: Mapping[str, Any] = {
    **DETAILS,
    **COLUMNS,
    "address": _l("address of the portal"),
    "country": _l("country"),
    "email": _l("e-mail"),
    "employee_number": _l("employee number"),
    "fiscal_start_month": _l("first month of the business year"),
    "hired_on": _l("hired on"),
    "locale": _l("language and region"),
    "timezone": _l("time zone"),
    "series": _l("series"),
    "by_itself": _l("by itself"),
}

PLAN = {
    "dates": _l("its end"),
    "step_added": _l("a step added"),
    "step_changed": _l("a step changed"),
    "step_dropped": _l("a step dropped"),
    "step_restored": _l("a step restored"),
    "step_moved": _l("the order of steps"),
    "aim_added": _l("an aim added"),
    "aim_changed": _l("an aim changed"),
    "aim_dropped": _l("an aim dropped"),
}

CONTESTS = {
    "waiting": _l("waiting"),
    "upheld": _l("the person is right"),
    "kept": _l("the finding stands"),
}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Known:
    """What the values of an entry speak of: `metric` of the goal that it concerns."""

    people: Mapping[int, Person]
    metric: Metric | None = None


def in_words(entry: AuditEntry, name: str, value: Any, known: Known) -> str:
    """A detail's value; what nobody has words for stays as it is."""
    if value is None or value == "" or value == [] or value == {}:
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return ", ".join(f"{_field(key)}: {in_words(entry, key, each, known)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_each(entry, name, each, known) for each in value)
    if known.metric is not None and name in {"target", "before", "after"}:
        return _figure(value, known.metric)
    if isinstance(value, str):
        if _DAY.fullmatch(value):
            return formats.day(date.fromisoformat(value))
        return _word(entry.action, name, value)
    return str(formats.number(value)) if isinstance(value, int) and name != "version" else str(value)


def _each(entry: AuditEntry, name: str, value: Any, known: Known) -> str:
    if name == "people" and value in known.people:
        return known.people[value].name
    if name in {"fields", "changed"}:
        return _field(value)
    return in_words(entry, name, value, known)


def _field(name: str) -> str:
    return str(FIELDS.get(name, name.replace("_", " ")))


def _figure(value: Any, metric: Metric) -> str:
    try:
        return exact(Decimal(str(value)), metric)
    except InvalidOperation:
        return str(value)


def _word(action: str, name: str, value: str) -> str:
    area = action.partition(".")[0]
    if name == "kind" and area == "import":
        return str(kinds.kind(value).label) if kinds.is_kind(value) else value
    if name == "outcome" and area == "hr_case":
        return hr.outcome(HrOutcome(value)) if value in set(HrOutcome) else value
    if name == "reason" and area == "goal":
        return str(REASONS[RevisionReason(value)]) if value in set(RevisionReason) else value
    return str(_TABLES.get(name, {}).get(value, value))


_TABLES: Mapping[str, Mapping[str, Any]] = {
    "kind": KINDS,
    "role": {str(role): words for role, words in ROLES.items()},
    "step": STEPS,
    "way": SOURCES,
    "what": PLAN,
    "why": {"left": _l("left the company")},
    "outcome": {**CONTESTS, **{str(outcome): words for outcome, words in OUTCOMES.items()}},
    "status": {str(status): words for status, words in ACTION_STATUS.items()},
    "cause": {str(cause): words for cause, words in CAUSES.items()},
    "main_cause": {str(cause): words for cause, words in CAUSES.items()},
    "moved_to": {str(cause): words for cause, words in CAUSES.items()},
    "aspect": ASPECTS,
    "action_asked": ACTIONS,
}
