"""What a plan's page shows: how it stands, what it came from, what was said and done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.coaching.models import Plan, PlanCase, PlanGate, PlanMessage, Session, SessionStatus
from app.coaching.plans import history_words, measures, standing
from app.coaching.plans.measures import Measured
from app.coaching.plans.queries import Standpoint, named, standpoint, visible
from app.coaching.plans.standing import AimStand, Whole
from app.core import clock
from app.core.viewer import Viewer
from app.diagnosis import queries as diagnosis
from app.diagnosis.models import Case
from app.diagnosis.queries import Gate
from app.extensions import db
from app.metrics.models import Metric
from app.people.queries import people_by_id


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


def plan_page(viewer: Viewer, plan: Plan) -> Page:
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
            [history_words.tried_words(one, *_counted(one, metrics, names)) for one in row.tried],
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
            history_words.message_words(
                row, names[row.author_id].name if row.author_id in names else None, plan.person.name
            ),
            history_words.MESSAGE_ICONS[row.kind],
        )
        for row in rows
    ]
