"""Plans as a viewer may read them: their own, those of the people they manage now; HR everybody's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.coaching import scope
from app.coaching.access import reading_as
from app.coaching.models import Aim, Plan, PlanStatus, PlanStep, PlanStepStatus
from app.coaching.plans import standing
from app.coaching.plans.standing import AimStand, Whole
from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person
from app.sales.models import Product

OPEN = (PlanStatus.PROPOSED, PlanStatus.ACTIVE)
A_PAGE = 30


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Plans that this viewer may read."""
    reading_as(viewer)
    return Plan.person_id.in_(scope.readable_people(viewer))


def named(stmt: Select[Plan]) -> Select[Plan]:
    """With whom and what a plan is about."""
    return stmt.options(
        joinedload(Plan.person).joinedload(Person.manager), joinedload(Plan.metric), joinedload(Plan.coach)
    )


def plan_for(viewer: Viewer, plan_id: int) -> Plan:
    """A plan the viewer may read. Raises NotFound for all others."""
    found = db.session.scalars(named(select(Plan)).where(Plan.id == plan_id, visible(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a viewer is to a plan."""

    is_person: bool
    is_coach: bool

    @property
    def takes_part(self) -> bool:
        return self.is_person or self.is_coach


def standpoint(viewer: Viewer, plan: Plan) -> Standpoint:
    return Standpoint(plan.person_id == viewer.person_id, scope.leads(viewer, plan.person))


@dataclass(frozen=True, slots=True)
class Listed:
    whole: Whole
    stands: Sequence[AimStand]
    waits_for: str  # "you", "other", "end", ""

    @property
    def plan(self) -> Plan:
        return self.whole.plan


def listed(viewer: Viewer, plans: Sequence[Plan]) -> list[Listed]:
    wholes = standing.wholes(plans)
    stands = standing.stands(wholes)
    today = clock.today()
    return [Listed(one, stands.get(one.plan.id, []), _waits_for(viewer, one, today)) for one in wholes]


def _waits_for(viewer: Viewer, one: Whole, today: date) -> str:
    plan = one.plan
    if not plan.status.is_open:
        return ""
    here = standpoint(viewer, plan)
    own = plan.agreed_by_person_at if here.is_person else plan.agreed_by_coach_at
    if here.takes_part and own is None:
        return "you"
    if here.is_coach and plan.status is PlanStatus.ACTIVE and (one.is_over(today) or one.is_all_done):
        return "end"
    return "other" if not (plan.agreed_by_person_at and plan.agreed_by_coach_at) else ""


def plans_of(viewer: Viewer, person_id: int) -> Sequence[Plan]:
    """Somebody's plans that the viewer may read, open ones first."""
    return db.session.scalars(
        named(select(Plan))
        .where(visible(viewer), Plan.person_id == person_id)
        .order_by(Plan.status.in_(OPEN).desc(), Plan.id.desc())
    ).all()


def mine(viewer: Viewer) -> list[Listed]:
    """One's own open plans, with how they stand."""
    return listed(viewer, [plan for plan in plans_of(viewer, viewer.person_id) if plan.status.is_open])


@dataclass(frozen=True, slots=True)
class Team:
    """Open plans of those whom one manages or, for HR, of all: a page of them."""

    waiting: Sequence[Listed]
    running: Sequence[Listed]
    number: int
    has_next: bool


def others(viewer: Viewer, *, number: int = 1, team_id: int | None = None) -> Team:
    """What waits for the viewer first, then by the day on which it ends."""
    stmt = (
        named(select(Plan))
        .join(Person, Person.id == Plan.person_id)
        .where(visible(viewer), Plan.person_id != viewer.person_id, Plan.status.in_(OPEN))
    )
    if team_id is not None:
        stmt = stmt.where(Person.team_id == team_id)
    waits = or_(
        Plan.agreed_by_coach_at.is_(None),
        (Plan.status == PlanStatus.ACTIVE) & (Plan.ends_on < clock.today()),
    )
    stmt = stmt.order_by(waits.desc(), Plan.ends_on, func.lower(Person.name), Plan.id)
    rows = db.session.scalars(stmt.limit(A_PAGE + 1).offset((max(number, 1) - 1) * A_PAGE)).all()
    found = listed(viewer, rows[:A_PAGE])
    waiting = [one for one in found if one.waits_for in ("you", "end")]
    running = [one for one in found if one.waits_for not in ("you", "end")]
    return Team(waiting, running, max(number, 1), len(rows) > A_PAGE)


def ended(viewer: Viewer) -> Sequence[Plan]:
    """The latest that are over, one's own and one's people's."""
    return db.session.scalars(
        named(select(Plan))
        .where(visible(viewer), Plan.status.not_in(OPEN))
        .order_by(func.coalesce(Plan.completed_on, Plan.ends_on).desc(), Plan.id.desc())
        .limit(20)
    ).all()


def reads_all(viewer: Viewer) -> bool:
    return viewer.role is Role.HR


def aim_for(viewer: Viewer, plan: Plan, aim_id: int) -> Aim:
    """Raises NotFound for an aim of another plan."""
    reading_as(viewer)
    found = db.session.scalars(
        select(Aim).where(Aim.id == aim_id, Aim.plan_id == plan.id).options(joinedload(Aim.metric))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def waiting_for(viewer: Viewer) -> dict[str, int]:
    """For a home page: how many plans wait for the viewer's word ("you"), how many for their end ("end")."""
    stmt = named(select(Plan)).where(visible(viewer), Plan.status.in_(OPEN))
    today, counts = clock.today(), defaultdict[str, int](int)
    for one in standing.wholes(db.session.scalars(stmt).all()):
        counts[_waits_for(viewer, one, today)] += 1
    return dict(counts)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Of one's own plans: one to agree to, or the step that is due first."""

    plan: Plan
    step: PlanStep | None


def next_of(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """(plan, step, day) of one's own plans: those to agree to (no step), and steps that are due in a week."""
    is_asked = Plan.agreed_by_person_at.is_(None)
    return (
        select(
            Plan.id, case((is_asked, None), else_=PlanStep.id), case((is_asked, None), else_=PlanStep.due_on)
        )
        .outerjoin(PlanStep, and_(PlanStep.plan_id == Plan.id, PlanStep.status == PlanStepStatus.OPEN))
        .where(
            visible(viewer),
            Plan.person_id == viewer.person_id,
            Plan.status.in_(OPEN),
            or_(is_asked, PlanStep.due_on <= clock.today() + timedelta(days=7)),
        )
    )


def step_named(viewer: Viewer, plan_id: int, step_id: int | None) -> NextStep:
    """A plan and a step that `next_of` has named."""
    plan = plan_for(viewer, plan_id)
    return NextStep(plan, db.session.get(PlanStep, step_id) if step_id is not None else None)


def products_offered() -> Sequence[tuple[int, str]]:
    rows = db.session.execute(
        select(Product.id, Product.name)
        .where(Product.is_active)
        .order_by(func.lower(Product.name), Product.id)
    )
    return [(row.id, row.name) for row in rows]
