"""An entry of the audit in words: what it concerns, and the details."""

from collections.abc import Iterator, Mapping

from flask_babel import lazy_gettext as _l

from app.admin.values import Known, in_words
from app.admin.words import DETAILS
from app.core.audit import AuditEntry
from app.metrics.models import Metric
from app.people.models import Person

PEOPLE = ("person_id", "owner_id", "reviewer_id", "approver_id", "asked_by")  # details that name somebody

SILENT = ("results",)  # keys of records

SUBJECTS = {
    "activities": _l("Activity"),
    "adjustments": _l("Adjustment"),
    "assignments": _l("Assigned course"),
    "cases": _l("Case"),
    "coaching_sessions": _l("Session"),
    "commitments": _l("Commitment"),
    "company": _l("The company"),
    "company_holidays": _l("Holiday"),
    "contests": _l("Contest"),
    "corrective_actions": _l("Corrective action"),
    "courses": _l("Course"),
    "days_off": _l("Days off"),
    "exchange_rates": _l("Exchange rate"),
    "goals": _l("Goal"),
    "hr_cases": _l("HR case"),
    "imports": _l("Import"),
    "lessons": _l("Lesson"),
    "metrics": _l("Metric"),
    "notes": _l("Coaching note"),
    "outgoing_mails": _l("Mail"),
    "people": _l("Person"),
    "periods": _l("Period"),
    "plans": _l("Coaching plan"),
    "products": _l("Product"),
    "questions": _l("Question"),
    "requirements": _l("Required course"),
    "root_cause_reviews": _l("Root-cause review"),
    "sales": _l("Sale"),
    "session_templates": _l("Template of sessions"),
    "step_choices": _l("Rule of steps"),
    "step_rules": _l("Process rule"),
    "step_templates": _l("Template of steps"),
    "teams": _l("Team"),
    "tv_links": _l("Screen"),
}


def people_in(entry: AuditEntry) -> Iterator[int]:
    """Keys of all persons whom an entry names."""
    subject = entry.subject_id if entry.subject_type == "people" else None
    named = entry.details.get("people")
    several = named if isinstance(named, list) else []
    for key in (entry.actor_id, subject, *(entry.details.get(name) for name in PEOPLE), *several):
        if isinstance(key, int):
            yield key


def details(
    entry: AuditEntry, people: Mapping[int, Person], metrics: Mapping[int, Metric]
) -> Iterator[tuple[object, object]]:
    """What is said of an entry, a word and a value each. Keys of records but persons tell nothing.

    metrics: of the goals that the entries concern.
    """
    is_figure = entry.subject_type == "goals" and entry.action != "goal.weighed"
    known = Known(people, metrics.get(entry.subject_id or 0) if is_figure else None)
    for name, value in entry.details.items():
        if name in PEOPLE:
            if value in people:
                yield DETAILS[name], people[value].name
        elif not name.endswith("_id") and name not in SILENT:
            yield DETAILS.get(name, name.replace("_", " ")), in_words(entry, name, value, known)
