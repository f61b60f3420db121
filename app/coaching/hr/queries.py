"""HR cases that somebody may read, and whether one may be opened at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.coaching import access
from app.coaching.models import (
    HrCase,
    HrCaseStatus,
    Plan,
    PlanKind,
    PlanMessage,
    PlanMessageKind,
    PlanStatus,
)
from app.core.errors import NotFound
from app.core.permissions import GRANTS, Permission, Role
from app.core.viewer import Viewer
from app.diagnosis.models import Case, Cause, Diagnosis
from app.diagnosis.queries import shut
from app.extensions import db
from app.goals.models import Period
from app.people.models import Person

PLANS_FIRST = 2
ENDED = (HrCaseStatus.DECIDED, HrCaseStatus.WITHDRAWN)


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
    has_open_question: bool  # a department has not answered yet, or a finding is contested
    open_case_id: int | None

    @property
    def has_plans(self) -> bool:
        return len(self.plans) >= PLANS_FIRST and not self.has_open_plan

    @property
    def are_causes_ruled_out(self) -> bool:
        return self.main_cause is Cause.CAPABILITY and not self.has_open_question

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
    of_coaching = (Plan.person_id == person_id, Plan.kind == PlanKind.COACHING)
    tried = db.session.scalars(
        select(Plan).where(*of_coaching, _was_tried()).order_by(Plan.starts_on, Plan.id)
    ).all()
    still_open = select(Plan.id).where(
        *of_coaching, Plan.status.in_((PlanStatus.PROPOSED, PlanStatus.ACTIVE))
    )
    diagnoses = diagnoses_of(person_id)
    return Readiness(
        plans=tried,
        has_open_plan=db.session.scalar(still_open.limit(1)) is not None,
        main_cause=diagnoses[0].main_cause if diagnoses else None,
        has_open_question=bool(shut([one.case_id for one in diagnoses])),
        open_case_id=db.session.scalar(
            select(HrCase.id).where(HrCase.person_id == person_id, HrCase.status.not_in(ENDED))
        ),
    )


def _was_tried() -> ColumnElement[bool]:
    """Carried out to its end, or ended early once its person had agreed to it."""
    agreed = select(PlanMessage.id).where(
        PlanMessage.plan_id == Plan.id,
        PlanMessage.kind == PlanMessageKind.AGREED,
        PlanMessage.author_id == Plan.person_id,
    )
    return or_(
        Plan.status == PlanStatus.COMPLETED,
        and_(Plan.status == PlanStatus.ENDED, agreed.exists()),
    )


def ready_people(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """Whom HR finds in the list of those with two finished plans: a list to look at, not a proposal."""
    access.reading_as(viewer)
    tried = (
        select(Plan.person_id)
        .where(Plan.kind == PlanKind.COACHING, _was_tried())
        .group_by(Plan.person_id)
        .having(func.count() >= PLANS_FIRST)
    )
    stmt = (
        select(Person.id, Person.name)
        .where(Person.id.in_(tried), Person.is_active, Person.id != viewer.person_id)
        .order_by(Person.name, Person.id)
    )
    return [(key, name) for key, name in db.session.execute(stmt)]


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


def diagnoses_of(person_id: int) -> Sequence[Diagnosis]:
    """The current diagnoses of a person's missed goals with their cases, the latest period first."""
    return db.session.scalars(
        select(Diagnosis)
        .join(Case, Case.id == Diagnosis.case_id)
        .join(Period, Period.id == Case.period_id)
        .where(Case.person_id == person_id, Case.withdrawn_at.is_(None), Diagnosis.is_current)
        .options(contains_eager(Diagnosis.case))
        .order_by(Period.ends_on.desc(), Period.starts_on.desc(), Case.id.desc())
    ).all()
