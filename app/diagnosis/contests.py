"""The person says that a finding is wrong: the case opens again, and a named reviewer answers."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import audit, clock, events, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.permissions import Permission, Role, allows
from app.core.transactions import atomic
from app.diagnosis import asking, settling, versions
from app.diagnosis.asking import Pointer
from app.diagnosis.findings import Cause
from app.diagnosis.models import (
    Case,
    CaseStatus,
    Contest,
    ContestStatus,
    Diagnosis,
    DiagnosisWhy,
    Finding,
)
from app.diagnosis.opening import hold
from app.diagnosis.rulings import TARGETS, Ruling
from app.extensions import db
from app.metrics.definition import Unit
from app.people.models import Person

MOST_REVIEWERS = 4


def author_of(case: Case) -> int | None:
    """Who may contest: the person whose goal it was; for a team its lead. Names are loaded."""
    if case.person_id is not None:
        return case.person_id
    return case.team.lead_id if case.team else None


def reviewers_for(case: Case) -> Sequence[Person]:
    """Who may answer, the usual one first: the manager's manager, then HR, then the executive.

    Never the author, and never the manager who coaches them by these findings.
    """
    author = db.session.get(Person, author_of(case) or 0)
    if author is None:
        return []
    above = db.session.scalar(select(Person.manager_id).where(Person.id == author.manager_id))
    answering = [role for role in Role if allows(role, Permission.CONTESTS_ANSWER)]
    people = db.session.scalars(
        select(Person)
        .where(
            Person.is_active,
            Person.role.in_(answering),
            (Person.id == above) | Person.role.in_([Role.HR, Role.EXECUTIVE]),
            Person.id.not_in([author.id, author.manager_id or 0]),
        )
        .order_by(Person.id)
    ).all()
    order = {Role.HR: 1, Role.EXECUTIVE: 2}
    ranked = sorted(people, key=lambda one: (0 if one.id == above else order.get(one.role, 3), one.id))
    return ranked[:MOST_REVIEWERS]


def still_answers(contest: Contest) -> bool:
    """Whether its reviewer is there, may answer, and does not coach the author by these findings."""
    reviewer = db.session.get_one(Person, contest.reviewer_id)
    manager_id = db.session.scalar(select(Person.manager_id).where(Person.id == contest.author_id))
    may = reviewer.is_active and allows(reviewer.role, Permission.CONTESTS_ANSWER)
    return may and reviewer.id != manager_id


@atomic
def contest_finding(
    case: Case, finding: Finding, *, text: str, reviewer_id: int | None, by_id: int, key: UUID
) -> int:
    """Returns the key of the contest. Raises Conflict where it cannot be contested (any more)."""
    if (earlier := idempotency.earlier(key, by_id)) is not None and earlier.subject_id:
        return earlier.subject_id
    if author_of(case) != by_id:
        raise NotFound
    case = _locked(case.id)
    if case.withdrawn_at is not None:
        raise Conflict(_("This case was withdrawn: the goal counts as reached."))
    standing = db.session.scalar(
        select(Diagnosis.id).where(Diagnosis.id == finding.diagnosis_id, Diagnosis.is_current)
    )
    if standing is None or finding.amount <= 0:
        raise Conflict(_("The findings have changed in the meantime. Please look at them again."))
    waiting = db.session.scalar(
        select(Contest.id).where(Contest.finding_id == finding.id, Contest.status == ContestStatus.WAITING)
    )
    if waiting is not None:
        raise Conflict(_("You have contested this finding already; an answer is on its way."))
    candidates = [person.id for person in reviewers_for(case)]
    if not candidates:
        raise Conflict(
            _("There is nobody yet who could answer: ask your administrator to name an HR partner.")
        )
    if reviewer_id is not None and reviewer_id not in candidates:
        raise Invalid(_("Choose one of these people."), "reviewer")
    contest = Contest(
        case_id=case.id,
        finding_id=finding.id,
        author_id=by_id,
        text=text,
        reviewer_id=reviewer_id or candidates[0],
    )
    db.session.add(contest)
    case.status = CaseStatus.CONTESTED
    db.session.flush()
    idempotency.settle(key, contest.id)
    audit.record(
        "case.contested",
        case,
        actor_id=by_id,
        contest_id=contest.id,
        cause=finding.cause,
        reviewer_id=contest.reviewer_id,
    )
    events.record("contest_asked", contest_id=contest.id, case_id=case.id)
    changes.announce("diagnosis")
    return contest.id


@atomic
def answer_contest(contest: Contest, *, answer: str, to: Cause | None, by_id: int) -> Contest:
    """Uphold it, and the amount goes `to` another cause or stays unexplained; or keep the finding (None)."""
    hold(db.session.scalars(select(Case.period_id).where(Case.id == contest.case_id)).one())
    case = _locked(contest.case_id)
    contest = db.session.scalars(
        select(Contest)
        .where(Contest.id == contest.id)
        .options(joinedload(Contest.finding))
        .execution_options(populate_existing=True)
    ).one()
    if contest.status is not ContestStatus.WAITING:
        raise Conflict(_("This has been answered already."))
    if contest.reviewer_id != by_id:
        raise NotFound
    if to is not None and (to not in TARGETS or to is contest.finding.cause):
        raise Invalid(_("Choose where the amount belongs."), "to")
    contest.status = ContestStatus.KEPT if to is None else ContestStatus.UPHELD
    contest.moved_to, contest.answer, contest.answered_at = to, answer, clock.now()
    db.session.flush()
    if to is not None:
        _conclude(case, contest, to, by_id)
    waiting = db.session.scalar(
        select(Contest.id).where(Contest.case_id == case.id, Contest.status == ContestStatus.WAITING).limit(1)
    )
    if waiting is None:
        case.status = CaseStatus.OPEN
        db.session.flush()
    settling.settle([case.id])
    audit.record(
        "contest.answered",
        contest,
        actor_id=by_id,
        case_id=case.id,
        outcome=contest.status,
        moved_to=to,
        cause=contest.finding.cause,
    )
    events.record("contest_answered", contest_id=contest.id, case_id=case.id)
    settling.tell([case.id])
    return contest


def _conclude(case: Case, contest: Contest, to: Cause, by_id: int) -> None:
    """A new version in which the amount is elsewhere; a department that it points to now is asked."""
    (now,) = versions.standing([case.id])
    ruling = Ruling(contest.finding.cause, contest.finding.product_id, "contested", to)
    (after,) = versions.ruled([now], [ruling])
    pointers = [Pointer(one, case.person_id, case.metric.unit is Unit.MONEY) for one in after.findings]
    reviews = asking.open_reviews(case.period, pointers, ())
    diagnoses = versions.write([after], reviews, DiagnosisWhy.CONTESTED, by_id)
    versions.record_audit("case.concluded", diagnoses, by_id)


def _locked(case_id: int) -> Case:
    return db.session.scalars(
        select(Case)
        .where(Case.id == case_id)
        .options(joinedload(Case.period), joinedload(Case.metric), joinedload(Case.team))
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()
