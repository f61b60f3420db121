"""Plans come from missed goals: made, extended by a second miss, opened once the departments have answered.

All of a period's at once, and each case once however often it is told: whoever comes second waits for the
first and finds nothing left to do.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.coaching.access import as_worker
from app.coaching.models import (
    Plan,
    PlanCase,
    PlanGate,
    PlanKind,
    PlanMessageKind,
    PlanStatus,
    PlanStep,
    PlanStepStatus,
)
from app.coaching.plans import standing
from app.coaching.proposals import desks, evidence, first_session
from app.coaching.proposals.choosing import For
from app.coaching.proposals.drawing import Desk, Drawing
from app.coaching.proposals.evidence import Missed
from app.coaching.proposals.sheet import Sheet
from app.core import clock
from app.core.events import Event
from app.core.transactions import atomic
from app.diagnosis.models import Case, Diagnosis
from app.extensions import db
from app.goals.calendar import WorkingCalendar
from app.goals.holidays import company_calendar, days_off

AT_ONCE = 1000
REMEMBERED = timedelta(days=400)
"""What was tried in plans that ended longer ago may be tried again."""

OPEN = (PlanStatus.PROPOSED, PlanStatus.ACTIVE)
Key = tuple[int, int]  # person, metric


def on_cases_opened(events: Sequence[Event]) -> None:
    """case_opened: this chunk's cases, and all of their periods' that nobody has looked at yet."""
    propose([event.payload["case_id"] for event in events if event.payload.get("person_id")])


@atomic
def propose(case_ids: Collection[int]) -> None:
    if not case_ids:
        return
    begin()
    found = evidence.missed(_pending(case_ids))
    if not found:
        return
    desk = desks.desk(found)
    for _period, cases in groupby(found, key=lambda one: one.period_id):
        together = list(cases)
        for start in range(0, len(together), AT_ONCE):
            answer(together[start : start + AT_ONCE], desk)


def begin() -> None:
    """One generation at a time, all over the company."""
    as_worker()
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('coaching.proposing'))"))


def _pending(case_ids: Collection[int]) -> Sequence[int]:
    """These and the others of their periods, as far as they are persons' and not looked at."""
    periods = select(Case.period_id).where(Case.id.in_(case_ids))
    return db.session.scalars(
        select(Case.id)
        .join(Diagnosis, Diagnosis.case_id == Case.id)
        .where(
            or_(Case.id.in_(case_ids), Case.period_id.in_(periods)),
            Case.person_id.is_not(None),
            Case.withdrawn_at.is_(None),
            Diagnosis.is_current,
            ~exists().where(PlanCase.case_id == Case.id),
        )
    ).all()


def answer(cases: Sequence[Missed], desk: Desk) -> None:
    """Cases of one period that no plan answers yet: a new plan each, or more of the one that is open."""
    running = _running({(one.person_id, one.metric_id) for one in cases})
    tried = _tried_before({one.person_id for one in cases})
    for key, plan in running.items():
        tried[key] |= {(step.template_id, step.course_id) for step in plan.steps if step.template_id}
    desk.tried = tried
    drawn = [(one, desk.draw(one)) for one in cases]
    sheet = Sheet(desk)
    sheet.nothing([one for one, drawing in drawn if drawing.kind is For.NOTHING])
    wanted = [(one, drawing) for one, drawing in drawn if drawing.kind is not For.NOTHING]
    new = [(one, drawing) for one, drawing in wanted if (one.person_id, one.metric_id) not in running]
    for one, drawing, plan_id in _made(new):
        sheet.begin(plan_id, one, drawing)
    more = [(one, drawing) for one, drawing in wanted if (one.person_id, one.metric_id) in running]
    results = standing.in_words([running[one.person_id, one.metric_id] for one, _ in more])
    for one, drawing in more:
        plan = running[one.person_id, one.metric_id]
        _extend(plan, one, drawing, results.get(plan.plan.id, []), sheet)
    sheet.write()


def _made(wanted: Sequence[tuple[Missed, Drawing]]) -> list[tuple[Missed, Drawing, int]]:
    """The plans' rows; the database lets a person have one open plan a metric."""
    if not wanted:
        return []
    today = clock.today()
    days = _session_days([one for one, _ in wanted], today)
    rows = [
        {
            "person_id": one.person_id,
            "metric_id": one.metric_id,
            "kind": PlanKind(drawing.kind.value),
            "gate": gate_of(drawing),
            "coach_id": one.manager_id,
            "starts_on": today,
            "ends_on": today + timedelta(weeks=drawing.weeks),
            "session_on": days.get(one.case_id),
        }
        for one, drawing in wanted
    ]
    made = db.session.execute(
        insert(Plan.__table__).returning(Plan.id, Plan.person_id, Plan.metric_id),
        rows,
    ).all()
    ids = {(row.person_id, row.metric_id): row.id for row in made}
    return [(one, drawing, ids[one.person_id, one.metric_id]) for one, drawing in wanted]


def gate_of(drawing: Drawing) -> PlanGate:
    if drawing.waits:
        return PlanGate.WAITING
    return PlanGate.OPEN if drawing.has_own else PlanGate.NONE


def _extend(
    found: standing.Whole, one: Missed, drawing: Drawing, results: list[dict[str, Any]], sheet: Sheet
) -> None:
    """A second miss: the same plan goes on, with what was tried so far and how it came out."""
    plan = found.plan
    has_begun = plan.status is PlanStatus.ACTIVE or any(
        step.status is PlanStepStatus.DONE for step in found.steps
    )
    here = {(step.template_id, step.course_id) for step in found.steps if step.status is PlanStepStatus.OPEN}
    steps = [step for step in drawing.steps if step.what not in here]
    plan.ends_on = max(plan.ends_on, clock.today() + timedelta(weeks=drawing.weeks))
    if drawing.kind is For.COACHING:
        plan.kind = PlanKind.COACHING
    plan.gate = gate_of(drawing)
    has_changed(plan)
    sheet.link(plan.id, one, results if has_begun else [])
    sheet.replace_aims(plan, drawing, found.aims)
    sheet.add_steps(plan, steps, after=found.steps)
    sheet.say(plan, PlanMessageKind.EXTENDED, steps=len(steps), case_id=one.case_id)
    sheet.tell("plan_extended", plan)


def has_changed(plan: Plan) -> None:
    """What the two agreed to is not what it says now."""
    plan.version += 1
    plan.agreed_by_coach_at = plan.agreed_by_person_at = None


def _running(keys: Iterable[Key]) -> dict[Key, standing.Whole]:
    """The open plans of these persons and metrics, locked."""
    wanted = set(keys)
    rows = db.session.scalars(
        select(Plan)
        .where(Plan.status.in_(OPEN), Plan.person_id.in_({person_id for person_id, _ in wanted}))
        .options(joinedload(Plan.metric))
        .order_by(Plan.id)
        .with_for_update(of=Plan)
        .execution_options(populate_existing=True)
    )
    plans = [plan for plan in rows if (plan.person_id, plan.metric_id) in wanted]
    return {(found.plan.person_id, found.plan.metric_id): found for found in standing.wholes(plans)}


def _tried_before(people: Collection[int]) -> dict[Key, set[tuple[int, int | None]]]:
    """What earlier plans went through, by person and metric."""
    found: dict[Key, set[tuple[int, int | None]]] = defaultdict(set)
    rows = db.session.execute(
        select(Plan.person_id, Plan.metric_id, PlanStep.template_id, PlanStep.course_id)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(
            Plan.person_id.in_(people),
            Plan.status.not_in(OPEN),
            Plan.ends_on >= clock.today() - REMEMBERED,
            PlanStep.template_id.is_not(None),
            PlanStep.status == PlanStepStatus.DONE,
        )
    )
    for person_id, metric_id, template_id, course_id in rows:
        if template_id is not None:
            found[person_id, metric_id].add((template_id, course_id))
    return found


def _session_days(cases: Sequence[Missed], today: date) -> dict[int, date]:
    """By case, a day for the first one-to-one."""
    last = today + timedelta(days=first_session.AT_MOST)
    calendar: WorkingCalendar = company_calendar(today, last)
    coaches = {one.manager_id for one in cases if one.manager_id is not None}
    away = days_off({*coaches, *(one.person_id for one in cases)}, today, last)
    taken: dict[int, Counter[date]] = defaultdict(Counter)
    rows = db.session.execute(
        select(Plan.coach_id, Plan.session_on, func.count())
        .where(Plan.coach_id.in_(coaches), Plan.session_on > today, Plan.status.in_(OPEN))
        .group_by(Plan.coach_id, Plan.session_on)
    )
    for coach_id, day, number in rows:
        if coach_id is not None and day is not None:
            taken[coach_id][day] += number
    found = {}
    for one in cases:
        if one.manager_id is None:
            continue
        off = [away[key] for key in (one.person_id, one.manager_id) if key in away]
        day = first_session.free_day(today, calendar, off, taken[one.manager_id])
        if day is not None:
            taken[one.manager_id][day] += 1
            found[one.case_id] = day
    return found
