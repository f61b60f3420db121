"""HR cases: opened, answered, approved and decided by people, each step by hand and in the audit.

Nothing in here is called by a job, a rule or an event, and the database refuses whoever is no person
(migration 0014).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.coaching import access
from app.coaching.hr import queries
from app.coaching.models import HrCase, HrCaseStatus, HrOutcome
from app.core import audit, clock, events, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.permissions import Role
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.goals.holidays import company_calendar
from app.people.models import Person

REPLY_DAYS = 5  # working days
LEAST_REASONS = 200  # characters
LONGEST = 8000


def reply_until(today: date) -> date:
    """The fifth working day after today."""
    calendar = company_calendar(today, today + timedelta(days=60))
    days = list(calendar.days(today + timedelta(days=1), today + timedelta(days=60)))
    return days[REPLY_DAYS - 1] if len(days) >= REPLY_DAYS else today + timedelta(days=7)


@atomic
def open_case(
    person_id: int, *, reasons: str, evidence: Sequence[dict[str, Any]], by: Viewer, key: UUID | None = None
) -> HrCase:
    """Open a case in one's own words. The person is told and may reply for five working days.

    Raises Invalid with the field, Conflict where two plans have not been tried, an earlier cause is not ruled
    out or a case is open already.
    """
    access.reading_as(by)
    earlier = idempotency.earlier(key, by.person_id) if key is not None else None
    if earlier is not None and earlier.subject_id is not None:
        return queries.case_for(by, earlier.subject_id)
    person = db.session.scalars(
        select(Person).where(Person.id == person_id, Person.is_active).with_for_update(key_share=True)
    ).one_or_none()
    if person is None or person_id == by.person_id:
        raise NotFound
    if not queries.readiness(by, person_id).may_open:
        raise Conflict(_("Two plans and the earlier causes come first."))
    if len(reasons.strip()) < LEAST_REASONS:
        words = _("Say it in your own words, in %(num)s characters or more.", num=LEAST_REASONS)
        raise Invalid(words, "reasons")
    if not evidence:
        raise Invalid(_("Say what you have looked at."), "evidence")
    case = HrCase(
        person_id=person_id,
        opened_by_id=by.person_id,
        reasons=reasons.strip(),
        evidence=list(evidence),
        status=HrCaseStatus.WAITS_FOR_REPLY,
        reply_until=reply_until(clock.today()),
    )
    db.session.add(case)
    db.session.flush()
    audit.record("hr_case.opened", case, actor_id=by.person_id, person_id=person_id)
    _tell("hr_case_opened", case, [person_id, person.manager_id], by)
    if key is not None:
        idempotency.settle(key, case.id)
    return case


@atomic
def reply(case_id: int, text: str, *, by: Viewer) -> HrCase:
    """The person's own words, once. Raises Conflict when the case is over."""
    case = _locked(case_id, by)
    if by.person_id != case.person_id:
        raise NotFound
    if case.status in queries.ENDED:
        raise Conflict(_("This case is closed."))
    if case.reply is not None:
        raise Conflict(_("Your reply has been handed in."))
    if not text.strip():
        raise Invalid(_("Write your reply."), "text")
    case.reply, case.replied_at = text.strip(), clock.now()
    db.session.flush()
    audit.record("hr_case.replied", case, actor_id=by.person_id)
    _tell("hr_case_replied", case, [case.opened_by_id, case.approver_id], by)
    return case


@atomic
def ask_approval(case_id: int, approver_id: int, *, by: Viewer) -> HrCase:
    """Ask a second person outside the line, once the person has replied or has had their five days."""
    case = _of_hr(case_id, by)
    if case.status not in {HrCaseStatus.WAITS_FOR_REPLY, HrCaseStatus.WAITS_FOR_APPROVAL}:
        raise Conflict(_("This case has been approved or closed."))
    if not may_ask(case):
        raise Conflict(_("The person still has time to reply."))
    if approver_id not in dict(queries.approvers(case.person_id, case.opened_by_id)):
        raise Invalid(_("Choose somebody outside the person's line."), "approver")
    case.approver_id, case.status = approver_id, HrCaseStatus.WAITS_FOR_APPROVAL
    db.session.flush()
    audit.record("hr_case.approval_asked", case, actor_id=by.person_id, approver_id=approver_id)
    _tell("hr_case_approval_asked", case, [approver_id], by)
    return case


def may_ask(case: HrCase) -> bool:
    return case.reply is not None or clock.today() > case.reply_until


@atomic
def decide_approval(case_id: int, *, grant: bool, note: str, by: Viewer) -> HrCase:
    """The second person agrees that the case goes on, or that it does not: then it is withdrawn."""
    case = _locked(case_id, by)
    if case.approver_id != by.person_id:
        raise NotFound
    if case.status is not HrCaseStatus.WAITS_FOR_APPROVAL:
        raise Conflict(_("This case does not wait for an approval."))
    if by.person_id in queries.line_of(case.person_id) | {case.opened_by_id, case.person_id}:
        raise Conflict(_("You have come into the person's line: somebody else has to approve."))
    if not note.strip():
        raise Invalid(_("Say why, in a sentence."), "note")
    case.approval_note = note.strip()
    if grant:
        case.approved_at, case.status = clock.now(), HrCaseStatus.OPEN
    else:
        case.status, case.decided_at, case.decided_by_id = HrCaseStatus.WITHDRAWN, clock.now(), by.person_id
    db.session.flush()
    audit.record("hr_case.approved" if grant else "hr_case.declined", case, actor_id=by.person_id)
    people = [case.opened_by_id, case.person_id, _manager_of(case.person_id)]
    _tell("hr_case_approved" if grant else "hr_case_withdrawn", case, people, by)
    return case


@atomic
def decide_case(case_id: int, outcome: HrOutcome | str, text: str, *, by: Viewer) -> HrCase:
    """Choose what is done: more support, another role or territory, an agreement, something else."""
    case = _of_hr(case_id, by)
    if case.status is not HrCaseStatus.OPEN:
        raise Conflict(_("A second person approves first."))
    if not text.strip():
        raise Invalid(_("Say what was agreed."), "text")
    case.outcome, case.outcome_text = HrOutcome(outcome), text.strip()
    case.status, case.decided_at, case.decided_by_id = HrCaseStatus.DECIDED, clock.now(), by.person_id
    db.session.flush()
    audit.record("hr_case.decided", case, actor_id=by.person_id, outcome=case.outcome.value)
    _tell("hr_case_decided", case, [case.person_id, _manager_of(case.person_id), case.approver_id], by)
    return case


@atomic
def withdraw_case(case_id: int, reason: str, *, by: Viewer) -> HrCase:
    case = _of_hr(case_id, by)
    if case.status in queries.ENDED:
        raise Conflict(_("This case is closed."))
    if not reason.strip():
        raise Invalid(_("Say why, in a sentence."), "reason")
    case.status, case.decided_at, case.decided_by_id = HrCaseStatus.WITHDRAWN, clock.now(), by.person_id
    case.outcome_text = reason.strip()
    db.session.flush()
    audit.record("hr_case.withdrawn", case, actor_id=by.person_id)
    _tell("hr_case_withdrawn", case, [case.person_id, _manager_of(case.person_id), case.approver_id], by)
    return case


def _locked(case_id: int, by: Viewer) -> HrCase:
    queries.case_for(by, case_id)
    return db.session.scalars(
        select(HrCase)
        .where(HrCase.id == case_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _of_hr(case_id: int, by: Viewer) -> HrCase:
    case = _locked(case_id, by)
    if by.role is not Role.HR or by.person_id == case.person_id:
        raise NotFound
    return case


def _manager_of(person_id: int) -> int | None:
    found: int | None = db.session.scalar(select(Person.manager_id).where(Person.id == person_id))
    return found


def _tell(name: str, case: HrCase, people: Sequence[int | None], by: Viewer) -> None:
    told = sorted({person for person in people if person is not None and person != by.person_id})
    events.record(name, hr_case_id=case.id, people=told, author_id=by.person_id)
    changes.announce("coaching", people=[case.person_id, *told])
