"""HR cases that somebody may read, and whether one may be opened at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from app.coaching import access
from app.coaching.models import HrCase, HrCaseStatus, Plan, PlanCase, PlanKind, PlanStatus
from app.core.errors import NotFound
from app.core.permissions import GRANTS, Permission, Role
from app.core.viewer import Viewer
from app.diagnosis.models import Case, Cause, Diagnosis, Review, ReviewFinding, ReviewStatus
from app.extensions import db
from app.people.models import Person

PLANS_FIRST = 2
ENDED = (HrCaseStatus.DECIDED, HrCaseStatus.WITHDRAWN)
UNANSWERED = (ReviewStatus.OPEN,)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was looked at: a finished plan or a diagnosis, by key and name."""

    kind: str
    id: int
    name: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """What has to be there before HR may open a case; it never has to."""

    plans: Sequence[Plan]
    has_open_plan: bool
    main_cause: Cause | None  # of the latest diagnosis
    has_open_review: bool  # a department has not answered yet
    open_case_id: int | None

    @property
    def has_plans(self) -> bool:
        return len(self.plans) >= PLANS_FIRST and not self.has_open_plan

    @property
    def are_causes_ruled_out(self) -> bool:
        return self.main_cause is Cause.CAPABILITY and not self.has_open_review

    @property
    def may_open(self) -> bool:
        return self.has_plans and self.are_causes_ruled_out and self.open_case_id is None


def cases(viewer: Viewer) -> Sequence[tuple[HrCase, str]]:
    """Those one may read, open ones first, each with the person's name."""
    access.reading_as(viewer)
    stmt = (
        select(HrCase, Person.name)
        .join(Person, Person.id == HrCase.person_id)
        .where(_scope(viewer))
        .order_by(HrCase.status.in_(ENDED), HrCase.created_at.desc(), HrCase.id.desc())
    )
    return [(case, name) for case, name in db.session.execute(stmt)]


def case_for(viewer: Viewer, case_id: int) -> HrCase:
    """Raises NotFound for whoever is not HR, the person, their manager now or the named approver."""
    access.reading_as(viewer)
    found = db.session.scalars(select(HrCase).where(HrCase.id == case_id, _scope(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


def readiness(viewer: Viewer, person_id: int) -> Readiness:
    """For HR: the plans that were tried, what the latest diagnosis says, and who has still to answer."""
    access.reading_as(viewer)
    plans = db.session.scalars(
        select(Plan)
        .where(Plan.person_id == person_id, Plan.kind == PlanKind.COACHING)
        .order_by(Plan.starts_on, Plan.id)
    ).all()
    finished = [plan for plan in plans if plan.status in {PlanStatus.COMPLETED, PlanStatus.ENDED}]
    return Readiness(
        plans=finished,
        has_open_plan=len(finished) < len(plans),
        main_cause=_latest_cause(person_id),
        has_open_review=_has_open_review(person_id),
        open_case_id=db.session.scalar(
            select(HrCase.id).where(HrCase.person_id == person_id, HrCase.status.not_in(ENDED))
        ),
    )


def ready_people(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """Whom HR finds in the list of those with two finished plans: a list to look at, not a proposal."""
    access.reading_as(viewer)
    tried = (
        select(Plan.person_id)
        .where(Plan.kind == PlanKind.COACHING, Plan.status.in_((PlanStatus.COMPLETED, PlanStatus.ENDED)))
        .group_by(Plan.person_id)
        .having(func.count() >= PLANS_FIRST)
    )
    stmt = (
        select(Person.id, Person.name)
        .where(Person.id.in_(tried), Person.is_active, Person.id != viewer.person_id)
        .order_by(Person.name, Person.id)
    )
    return [(key, name) for key, name in db.session.execute(stmt)]


def diagnoses_of(person_id: int) -> Sequence[tuple[Diagnosis, Case]]:
    """The current diagnoses of a person's missed goals, the latest first."""
    stmt = (
        select(Diagnosis, Case)
        .join(Case, Case.id == Diagnosis.case_id)
        .where(Case.person_id == person_id, Case.withdrawn_at.is_(None), Diagnosis.is_current)
        .order_by(Case.period_id.desc(), Case.id.desc())
    )
    return [(diagnosis, case) for diagnosis, case in db.session.execute(stmt)]


def approvers(person_id: int, opened_by_id: int) -> Sequence[tuple[int, str]]:
    """Who may be the second person: HR or an executive outside the person's line, and not who opened it."""
    roles = [role for role in Role if Permission.HR_CASES_APPROVE in GRANTS[role]]
    line = line_of(person_id)
    stmt = (
        select(Person.id, Person.name)
        .where(
            Person.role.in_(roles),
            Person.is_active,
            Person.id.not_in({person_id, opened_by_id} | line),
        )
        .order_by(Person.name, Person.id)
    )
    return [(key, name) for key, name in db.session.execute(stmt)]


def line_of(person_id: int) -> set[int]:
    """Everybody above a person: their manager, that one's manager, and so on."""
    first = (
        select(Person.manager_id.label("id"))
        .where(Person.id == person_id, Person.manager_id.is_not(None))
        .cte("line", recursive=True)
    )
    above = aliased(Person)
    whole = first.union(
        select(above.manager_id).join(first, above.id == first.c.id).where(above.manager_id.is_not(None))
    )
    return set(db.session.scalars(select(whole.c.id)))


def _scope(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.HR:
        return HrCase.id.is_not(None)
    reports = select(Person.id).where(Person.manager_id == viewer.person_id)
    return or_(
        HrCase.person_id == viewer.person_id,
        HrCase.approver_id == viewer.person_id,
        HrCase.person_id.in_(reports),
    )


def _latest_cause(person_id: int) -> Cause | None:
    found: Cause | None = db.session.scalar(
        select(Diagnosis.main_cause)
        .join(Case, Case.id == Diagnosis.case_id)
        .where(Case.person_id == person_id, Case.withdrawn_at.is_(None), Diagnosis.is_current)
        .order_by(Case.period_id.desc(), Case.id.desc())
        .limit(1)
    )
    return found


def _has_open_review(person_id: int) -> bool:
    stmt = (
        select(Review.id)
        .join(ReviewFinding, ReviewFinding.review_id == Review.id)
        .join(Diagnosis, Diagnosis.findings.any(id=ReviewFinding.finding_id))
        .join(Case, Case.id == Diagnosis.case_id)
        .join(PlanCase, PlanCase.case_id == Case.id, isouter=True)
        .where(Case.person_id == person_id, Diagnosis.is_current, Review.status.in_(UNANSWERED))
        .limit(1)
    )
    return db.session.scalar(stmt) is not None
