"""The one thing to do next, found in one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import joinedload

from app.coaching.models import Session
from app.coaching.plans import queries as plans
from app.coaching.plans.words import plan_name
from app.coaching.sessions import queries as sessions
from app.coaching.sessions.words import when
from app.core import clock
from app.core.formats import day
from app.core.viewer import Viewer
from app.diagnosis.models import Case
from app.extensions import db
from app.goals.models import Acknowledgement, Goal, GoalStatus, Period, Revision
from app.goals.words import goal_name
from app.sales.models import Customer, Product, Sale, Stage

SESSION, REVISION, CASE, PLAN, SALE = range(5)
"""In the order in which they come."""


@dataclass(frozen=True, slots=True)
class Next:
    """A card with a link to an endpoint."""

    icon: str
    title: str
    text: str
    action: str
    endpoint: str
    arguments: dict[str, int]


def next_step(viewer: Viewer, goals: Sequence[Goal]) -> Next:
    """A session of today, a goal to answer, a change to read, why a goal was missed (the latest), a plan,
    an open sale, else the next sale.
    """
    found = _waiting(viewer)
    asked = next((goal for goal in goals if goal.status is GoalStatus.PROPOSED), None)
    if asked is not None and (found is None or found.kind != SESSION):
        return Next(
            "message-square",
            _("Your goal waits for your answer"),
            goal_name(asked),
            _("Answer"),
            "goals.show",
            {"goal_id": asked.id},
        )
    if found is None:
        return Next(
            "plus",
            _("Nothing waits for you"),
            _("Record the next sale as soon as it is won."),
            _("Record a sale"),
            "record.new",
            {},
        )
    if found.kind == SESSION:
        return _session(viewer)
    if found.kind == PLAN:
        return _plan(viewer, found)
    if found.kind == CASE:
        return _case(found.id)
    if found.kind == REVISION:
        return Next(
            "target",
            _("A goal has changed"),
            found.text,
            _("Read it"),
            "goals.show",
            {"goal_id": found.id},
        )
    return Next(
        "handshake",
        _("Your oldest open sale"),
        found.text,
        _("Open it"),
        "sales.show",
        {"sale_id": found.id},
    )


def _waiting(viewer: Viewer) -> Any:
    """(kind, id, text, other id, day) of what comes first."""
    nothing, no_day, no_text = cast(null(), Session.id.type), cast(null(), Date), cast(null(), String)
    session = sessions.upcoming(viewer, clock.today()).with_only_columns(
        literal(SESSION).label("kind"),
        Session.id.label("id"),
        no_text.label("text"),
        nothing.label("other"),
        no_day.label("day"),
    )
    revision = (
        select(literal(REVISION), Revision.goal_id, Revision.text, Revision.id, no_day)
        .join(Acknowledgement, Acknowledgement.revision_id == Revision.id)
        .where(Acknowledgement.person_id == viewer.person_id, Acknowledgement.at.is_(None))
    )
    case = (
        select(literal(CASE), Case.id, no_text.label("text"), nothing.label("other"), no_day.label("day"))
        .join(Period, Period.id == Case.period_id)
        .where(Case.person_id == viewer.person_id, Case.read_at.is_(None), Case.withdrawn_at.is_(None))
        .order_by(Period.ends_on.desc(), Period.starts_on, Case.id.desc())  # a quarter before its last month
        .limit(1)
    )
    planned = plans.next_of(viewer).subquery()
    plan_id, step_id, due_on = planned.c
    plan = select(literal(PLAN), plan_id, no_text, step_id, due_on)
    name = func.concat_ws(" · ", Customer.name, Product.name)
    sale = (
        select(literal(SALE), Sale.id, name, nothing, Sale.opened_on)
        .join(Product, Product.id == Sale.product_id)
        .outerjoin(Customer, Customer.id == Sale.customer_id)
        .where(Sale.rep_id == viewer.person_id, Sale.stage == Stage.OPEN, Sale.voided_at.is_(None))
        .order_by(Sale.opened_on.nulls_first(), Sale.id)
        .limit(1)
    )
    latest = case.subquery().select()
    found = union_all(session, revision, latest, plan, sale.subquery().select()).subquery()
    return db.session.execute(
        select(found).order_by(found.c.kind, found.c.day.nulls_first(), found.c.other, found.c.id).limit(1)
    ).one_or_none()


def _session(viewer: Viewer) -> Next:
    session = sessions.next_session(viewer, on=clock.today())
    assert session is not None
    with_whom = sessions.coach_of(session).name
    return Next(
        "calendar",
        _("A session today"),
        _("%(when)s, with %(name)s", when=when(session.starts_at), name=with_whom),
        _("Agenda"),
        "coaching_sessions.show",
        {"session_id": session.id},
    )


def _case(case_id: int) -> Next:
    goal = db.session.scalars(
        select(Goal)
        .join(Case, Case.goal_id == Goal.id)
        .where(Case.id == case_id)
        .options(joinedload(Goal.metric), joinedload(Goal.period))
    ).one()
    title = _("What the records say about a goal that was missed")
    return Next("compass", title, goal_name(goal), _("Read it"), "cases.show", {"case_id": case_id})


def _plan(viewer: Viewer, found: Any) -> Next:
    named = plans.step_named(viewer, found.id, found.other)
    place = {"plan_id": named.plan.id}
    if named.step is None:
        title, text = _("A plan waits for your word"), plan_name(named.plan)
        return Next("footprints", title, text, _("To the plan"), "coaching_plans.show", place)
    text = _("%(step)s, until %(day)s", step=named.step.title(), day=day(named.step.due_on))
    title = _("The next step of your plan")
    return Next("footprints", title, text, _("To the plan"), "coaching_plans.show", place)
