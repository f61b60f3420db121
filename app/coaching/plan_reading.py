"""Plans as a viewer may read them: their own, those of the people they manage now; HR everybody's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.coaching import measures, plan_words, scope, standing
from app.coaching.access import reading_as
from app.coaching.measures import Measured
from app.coaching.models import (
    Aim,
    Plan,
    PlanCase,
    PlanGate,
    PlanMessage,
    PlanStatus,
    PlanStep,
    PlanStepStatus,
    Session,
    SessionStatus,
)
from app.coaching.standing import AimStand, Whole
from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.diagnosis import queries as diagnosis
from app.diagnosis.models import Case
from app.diagnosis.queries import Gate
from app.extensions import db
from app.metrics.models import Metric
from app.metrics.queries import active_metrics
from app.people.models import Person
from app.people.queries import people_by_id
from app.sales.models import Product
from app.training.models import Course

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
class Progress:
    """The part of a plan that moves: aims by what is sold, steps by what is done."""

    whole: Whole
    stands: Sequence[AimStand]
    here: Standpoint
    peers: Mapping[int, str]
    today: date

    @property
    def plan(self) -> Plan:
        return self.whole.plan

    @property
    def may_change(self) -> bool:
        return self.here.is_coach and self.plan.status.is_open

    @property
    def waits_for_me(self) -> bool:
        asked = (self.here.is_person and not self.plan.agreed_by_person_at) or (
            self.here.is_coach and not self.plan.agreed_by_coach_at
        )
        return asked and self.plan.status.is_open


def progress(viewer: Viewer, plan: Plan) -> Progress:
    whole = standing.whole(plan)
    peers = people_by_id({step.peer_id for step in whole.steps if step.peer_id is not None})
    return Progress(
        whole,
        standing.stands([whole]).get(plan.id, []),
        standpoint(viewer, plan),
        {key: peer.name for key, peer in peers.items()},
        clock.today(),
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried before a miss, as sentences."""

    case: Case
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What a plan's page shows besides its progress."""

    plan: Plan
    here: Standpoint
    cases: Sequence[Case]
    tried: Sequence[Tried]
    gate: Gate | None  # where the person's own part waits
    earlier: Sequence[Plan]
    sessions: Sequence[Session]
    other: str | None  # the one who is to agree as well

    @property
    def may_end(self) -> bool:
        return self.here.is_coach and self.plan.status.is_open


def page(viewer: Viewer, plan: Plan) -> Page:
    here = standpoint(viewer, plan)
    rows = db.session.scalars(select(PlanCase).where(PlanCase.plan_id == plan.id).order_by(PlanCase.id)).all()
    cases = _cases([row.case_id for row in rows])
    gate = None
    if plan.gate is PlanGate.WAITING and plan.status.is_open:
        gates = [diagnosis.is_capability_open(case) for case in cases.values()]
        gate = next((found for found in reversed(gates) if not found.is_open), None)
    return Page(
        plan=plan,
        here=here,
        cases=[cases[row.case_id] for row in rows if row.case_id in cases],
        tried=_tried(rows, cases),
        gate=gate,
        earlier=_earlier(viewer, plan),
        sessions=_sessions(plan),
        other=_other(plan, here),
    )


def _other(plan: Plan, here: Standpoint) -> str | None:
    if here.is_coach:
        return plan.person.name
    return plan.person.manager.name if plan.person.manager else None


def _cases(ids: Sequence[int]) -> dict[int, Case]:
    rows = db.session.scalars(diagnosis.with_names(select(Case)).where(Case.id.in_(ids)))
    return {case.id: case for case in rows}


def _tried(rows: Sequence[PlanCase], cases: Mapping[int, Case]) -> list[Tried]:
    said = [one for row in rows for one in row.tried if one.get("of") == "aim"]
    names = standing.product_names({one["product_id"] for one in said if one.get("product_id")})
    keys = {one["metric_id"] for one in said if one.get("metric_id")}
    metrics = {metric.id: metric for metric in db.session.scalars(select(Metric).where(Metric.id.in_(keys)))}
    return [
        Tried(
            cases[row.case_id],
            [plan_words.tried_words(one, *_counted(one, metrics, names)) for one in row.tried],
        )
        for row in rows
        if row.tried and row.case_id in cases
    ]


def _counted(
    one: Mapping[str, Any], metrics: Mapping[int, Metric], names: Mapping[int, str]
) -> tuple[Measured | None, str | None]:
    if one.get("of") != "aim":
        return None, None
    metric = metrics.get(one.get("metric_id") or 0)
    if metric is None and one["measure"] == measures.METRIC:
        return None, None
    product = one.get("product_id")
    return measures.measured(one["measure"], metric, product), names.get(product or 0)


def _earlier(viewer: Viewer, plan: Plan) -> Sequence[Plan]:
    return db.session.scalars(
        named(select(Plan))
        .where(
            visible(viewer),
            Plan.person_id == plan.person_id,
            Plan.metric_id == plan.metric_id,
            Plan.id < plan.id,
        )
        .order_by(Plan.id.desc())
        .limit(5)
    ).all()


def _sessions(plan: Plan) -> Sequence[Session]:
    """One-to-ones of this plan, the next first."""
    return db.session.scalars(
        select(Session)
        .where(
            Session.plan_id == plan.id,
            Session.person_id == plan.person_id,
            Session.status != SessionStatus.CANCELLED,
        )
        .order_by(Session.starts_at.desc())
        .limit(5)
    ).all()


@dataclass(frozen=True, slots=True)
class Turn:
    message: PlanMessage
    words: str
    icon: str


def turns(plan: Plan, *, since: int = 0) -> list[Turn]:
    """What was said and done, the latest first; `since` a version: only what came after it."""
    stmt = select(PlanMessage).where(PlanMessage.plan_id == plan.id, PlanMessage.version > since)
    rows = db.session.scalars(stmt.order_by(PlanMessage.id.desc())).all()
    names = people_by_id({row.author_id for row in rows if row.author_id is not None})
    return [
        Turn(
            row,
            plan_words.message_words(
                row, names[row.author_id].name if row.author_id in names else None, plan.person.name
            ),
            plan_words.MESSAGE_ICONS[row.kind],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan in a list."""

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


def courses_offered() -> Sequence[tuple[int, str]]:
    """Keys and titles of the courses that can be taken."""
    rows = db.session.execute(
        select(Course.id, Course.title)
        .where(Course.published_at.is_not(None), Course.archived_at.is_(None))
        .order_by(func.lower(Course.title))
    )
    return [(row.id, row.title) for row in rows]


def peers_offered(plan: Plan) -> Sequence[tuple[int, str]]:
    """Colleagues of the person's team, and those whom a step names already."""
    named_already = select(PlanStep.peer_id).where(PlanStep.plan_id == plan.id)
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(
            or_(Person.team_id == plan.person.team_id, Person.id.in_(named_already)),
            Person.is_active,
            Person.id != plan.person_id,
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(row.id, row.name) for row in rows]


def measures_offered() -> Sequence[tuple[str, str]]:
    """What an aim can count: the company's metrics and our own, by key and name."""
    own = [(key, measures.measured(key, None).label()) for key in measures.OWN]
    shared = [
        (f"{measures.METRIC}:{metric.id}", measures.measured(measures.METRIC, metric).label())
        for metric in active_metrics()
    ]
    return [*shared, *own]


def measured(key: str, product_id: int | None) -> Measured:
    """Raises NotFound for what is not counted."""
    name, _colon, number = key.partition(":")
    if name in measures.OWN:
        return measures.measured(name, None, product_id)
    metric = db.session.get(Metric, int(number)) if number.isdigit() else None
    if metric is None:
        raise NotFound
    return measures.measured(measures.METRIC, metric, product_id)


def products_offered() -> Sequence[tuple[int, str]]:
    rows = db.session.execute(
        select(Product.id, Product.name)
        .where(Product.is_active)
        .order_by(func.lower(Product.name), Product.id)
    )
    return [(row.id, row.name) for row in rows]
