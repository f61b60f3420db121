"""Plans whose cases have changed: departments have answered, a contest was settled, a result adjusted."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.coaching.models import (
    Plan,
    PlanCase,
    PlanGate,
    PlanKind,
    PlanMessage,
    PlanMessageKind,
    PlanStatus,
    PlanStepStatus,
)
from app.coaching.plans import standing
from app.coaching.proposals import desks, evidence
from app.coaching.proposals.choosing import For
from app.coaching.proposals.drawing import Desk, Drawing
from app.coaching.proposals.evidence import Missed
from app.coaching.proposals.proposing import OPEN, answer, begin, gate_of, has_changed
from app.coaching.proposals.sheet import Sheet
from app.core.events import Event
from app.core.transactions import atomic
from app.extensions import db


def on_cases_changed(events: Sequence[Event]) -> None:
    """case_changed: reviews answered, contests settled, adjustments."""
    reconsider([event.payload["case_id"] for event in events])


@atomic
def reconsider(case_ids: Collection[int]) -> None:
    """Look again at cases that have changed, and at those that nobody has looked at."""
    if not case_ids:
        return
    begin()
    found = evidence.missed(case_ids)
    if not found:
        return
    known = {
        row.case_id: row
        for row in db.session.scalars(
            select(PlanCase).where(PlanCase.case_id.in_([one.case_id for one in found]))
        )
    }
    plans = _plans({row.plan_id for row in known.values()} - {None})
    desk = desks.desk(found)
    sheet = Sheet(desk)
    fresh = []
    for one in found:
        row = known.get(one.case_id)
        plan = plans.get(row.plan_id) if row is not None and row.plan_id is not None else None
        if row is None or (row.plan_id is None and one.plan_for is not For.NOTHING):
            fresh.append(one)
        elif plan is not None and plan.status.is_open:
            _look_again(plan, row, one, desk, sheet)
    sheet.write()
    if fresh:
        answer(fresh, desk)


@atomic
def open_gates() -> None:
    """By the clock: a department's time is over, so what waited for it waits no longer."""
    begin()
    waiting = db.session.scalars(
        select(PlanCase.case_id)
        .join(Plan, Plan.id == PlanCase.plan_id)
        .where(Plan.gate == PlanGate.WAITING, Plan.status.in_(OPEN))
    ).all()
    reconsider(waiting)


def _look_again(found: Plan, row: PlanCase, one: Missed, desk: Desk, sheet: Sheet) -> None:
    """An open plan whose case has changed."""
    plan = standing.whole(found)
    desk.tried = {}
    drawing = desk.draw(one)
    is_new = row.diagnosis_id != one.diagnosis_id
    row.diagnosis_id = one.diagnosis_id
    is_untouched = (
        found.status is PlanStatus.PROPOSED
        and not found.is_edited
        and not (found.agreed_by_coach_at or found.agreed_by_person_at)
        and not _has_other_cases(found, one.case_id)
    )
    if (is_new or one.is_withdrawn) and is_untouched:
        _draw_anew(plan, one, drawing, sheet)
    elif found.gate is PlanGate.WAITING and not drawing.waits:
        _open(plan, drawing, sheet)
    elif is_new or (one.is_withdrawn and not _knows_that_it_was_reached(found, one.case_id)):
        why = "reached" if one.is_withdrawn else "other"
        sheet.say(found, PlanMessageKind.FINDINGS_CHANGED, case_id=one.case_id, why=why)
        sheet.tell("plan_changed", found)


def _draw_anew(found: standing.Whole, one: Missed, drawing: Drawing, sheet: Sheet) -> None:
    """Nobody has touched or agreed to the proposal: it becomes what the findings say now, or goes."""
    plan = found.plan
    has_changed(plan)
    if drawing.kind is For.NOTHING:
        plan.status, plan.end_reason = PlanStatus.ENDED, ""
        sheet.say(plan, PlanMessageKind.ENDED, why="reached" if one.is_withdrawn else "nothing_left")
        sheet.tell("plan_ended", plan)
        return
    plan.kind, plan.gate = PlanKind(drawing.kind.value), gate_of(drawing)
    sheet.replace_aims(plan, drawing, found.aims)
    sheet.drop([step for step in found.steps if step.status is PlanStepStatus.OPEN])
    sheet.add_steps(plan, drawing.steps, after=())
    sheet.say(plan, PlanMessageKind.FINDINGS_CHANGED, case_id=one.case_id, why="other")
    sheet.tell("plan_changed", plan)


def _open(found: standing.Whole, drawing: Drawing, sheet: Sheet) -> None:
    """The departments have answered, or their time is over: what is left for the person is added."""
    plan = found.plan
    plan.gate = gate_of(drawing)
    here = {(step.template_id, step.course_id) for step in found.steps}
    steps = [step for step in drawing.steps if step.what not in here]
    if drawing.kind is not For.COACHING:
        sheet.say(plan, PlanMessageKind.OPENED, steps=0)
        sheet.tell("plan_changed", plan)
        return
    plan.kind = PlanKind.COACHING
    has_changed(plan)
    sheet.replace_aims(plan, drawing, found.aims)
    sheet.add_steps(plan, steps, after=found.steps)
    sheet.say(plan, PlanMessageKind.OPENED, steps=len(steps))
    sheet.tell("plan_changed", plan)


def _has_other_cases(plan: Plan, case_id: int) -> bool:
    others = select(PlanCase.id).where(PlanCase.plan_id == plan.id, PlanCase.case_id != case_id)
    return bool(db.session.scalar(select(others.exists())))


def _plans(ids: Collection[Any]) -> dict[int, Plan]:
    if not ids:
        return {}
    rows = db.session.scalars(
        select(Plan)
        .where(Plan.id.in_(ids))
        .options(joinedload(Plan.metric))
        .order_by(Plan.id)
        .with_for_update(of=Plan)
        .execution_options(populate_existing=True)
    )
    return {plan.id: plan for plan in rows}


def _knows_that_it_was_reached(plan: Plan, case_id: int) -> bool:
    told = select(PlanMessage.id).where(
        PlanMessage.plan_id == plan.id,
        PlanMessage.kind == PlanMessageKind.FINDINGS_CHANGED,
        PlanMessage.details.contains({"case_id": case_id, "why": "reached"}),
    )
    return bool(db.session.scalar(select(told.exists())))
