"""The steps of a plan: added, changed, dropped, put in order by the manager; done by either of the two."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.coaching.access import as_worker
from app.coaching.models import Plan, PlanMessageKind, PlanStatus, PlanStep, PlanStepStatus, StepKind
from app.coaching.plans import operations, standing
from app.core import audit, clock, idempotency
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import Event
from app.core.locales import language
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.training import queries as training


@dataclass(frozen=True, slots=True)
class Said:
    """A step as somebody has written it."""

    kind: str
    title: str
    text: str
    due_on: date
    course_id: int | None = None
    peer_id: int | None = None


@atomic
def add_step(plan_id: int, said: Said, *, by: Viewer, version: int, key: UUID | None = None) -> PlanStep:
    if key is not None and (earlier := idempotency.earlier(key, by.person_id)) is not None:
        plan, _here = operations.lock(plan_id, by)
        return step_in(plan, earlier.subject_id or 0)
    plan = operations.lock_led(plan_id, by, version)
    _check(said)
    others = standing.whole(plan).steps
    step = PlanStep(
        plan_id=plan.id,
        position=1 + max((other.position for other in others), default=0),
        kind=StepKind(said.kind),
        titles={language(): said.title.strip()},
        texts={language(): said.text.strip()},
        due_on=said.due_on,
        course_id=said.course_id,
        peer_id=said.peer_id,
        status=PlanStepStatus.OPEN,
    )
    db.session.add(step)
    operations.note_change(plan, "step_added", by=by, titles=step.titles)
    db.session.flush()
    if key is not None:
        idempotency.settle(key, step.id)
    return step


@atomic
def change_step(plan_id: int, step_id: int, said: Said, *, by: Viewer, version: int) -> PlanStep:
    """Words that were changed are in the language of whoever wrote them; those that were not stay in both."""
    plan = operations.lock_led(plan_id, by, version)
    step = _open_step(plan, step_id)
    _check(said)
    if said.title.strip() != step.title():
        step.titles = {language(): said.title.strip()}
    if said.text.strip() != step.text():
        step.texts = {language(): said.text.strip()}
    step.kind, step.due_on, step.course_id, step.peer_id = (
        StepKind(said.kind),
        said.due_on,
        said.course_id,
        said.peer_id,
    )
    if db.session.is_modified(step):
        operations.note_change(plan, "step_changed", by=by, titles=step.titles)
    return step


@atomic
def drop_step(plan_id: int, step_id: int, *, by: Viewer, version: int, why: str) -> PlanStep:
    plan = operations.lock_led(plan_id, by, version)
    step = _open_step(plan, step_id)
    if not why.strip():
        raise Invalid(_("Say why: both of you read it."), "why")
    step.status, step.dropped_why = PlanStepStatus.DROPPED, why.strip()
    operations.note_change(plan, "step_dropped", by=by, text=why, titles=step.titles)
    return step


@atomic
def restore_step(plan_id: int, step_id: int, *, by: Viewer) -> PlanStep:
    """A step that was dropped comes back. A second time changes nothing."""
    plan = operations.lock_led(plan_id, by)
    step = step_in(plan, step_id)
    if step.status is PlanStepStatus.DROPPED:
        step.status, step.dropped_why = PlanStepStatus.OPEN, None
        operations.note_change(plan, "step_restored", by=by, titles=step.titles)
    return step


@atomic
def move_step(plan_id: int, step_id: int, *, by: Viewer, version: int, is_up: bool) -> PlanStep:
    """One place up or down among those that are kept."""
    plan = operations.lock_led(plan_id, by, version)
    kept = list(standing.whole(plan).kept)
    place = next((number for number, step in enumerate(kept) if step.id == step_id), None)
    if place is None:
        raise NotFound
    other = place + (-1 if is_up else 1)
    if 0 <= other < len(kept):
        kept[place], kept[other] = kept[other], kept[place]
        for position, step in enumerate(kept, 1):
            step.position = position
        operations.note_change(plan, "step_moved", by=by)
        return kept[other]
    return kept[place]


@atomic
def finish_step(plan_id: int, step_id: int, *, by: Viewer) -> PlanStep:
    """Either of the two says that it is done. A second time changes nothing."""
    plan, _here = operations.lock(plan_id, by)
    _be_running(plan)
    step = step_in(plan, step_id)
    if step.status is PlanStepStatus.DROPPED:
        raise Conflict(_("This step was dropped."))
    if step.status is PlanStepStatus.OPEN:
        step.status, step.done_on, step.done_by_id = PlanStepStatus.DONE, clock.today(), by.person_id
        _said(plan, step, PlanMessageKind.STEP_DONE, by)
    return step


@atomic
def reopen_step(plan_id: int, step_id: int, *, by: Viewer) -> PlanStep:
    plan, _here = operations.lock(plan_id, by)
    _be_running(plan)
    step = step_in(plan, step_id)
    if step.status is PlanStepStatus.DONE:
        step.status, step.done_on, step.done_by_id = PlanStepStatus.OPEN, None, None
        _said(plan, step, PlanMessageKind.STEP_REOPENED, by)
    return step


def on_course_completed(event: Event) -> None:
    """course_completed: the steps of open plans that ask for it are done."""
    complete_course(event.payload["person_id"], event.payload["course_id"])


@atomic
def complete_course(person_id: int, course_id: int) -> None:
    as_worker()
    found = db.session.execute(
        select(Plan, PlanStep)
        .join(PlanStep, PlanStep.plan_id == Plan.id)
        .where(
            Plan.person_id == person_id,
            Plan.status.in_([PlanStatus.PROPOSED, PlanStatus.ACTIVE]),
            PlanStep.course_id == course_id,
            PlanStep.status == PlanStepStatus.OPEN,
        )
        .order_by(Plan.id, PlanStep.id)
        .options(*operations.NAMED)
        .with_for_update(of=Plan)
    ).all()
    for plan, step in found:
        # What was completed before the plan began is no part of it.
        done = training.completed(person_id, [course_id], since=plan.starts_on)
        if course_id in done:
            step.status, step.done_on = PlanStepStatus.DONE, done[course_id]
            _said(plan, step, PlanMessageKind.STEP_DONE, None)


def step_in(plan: Plan, step_id: int) -> PlanStep:
    """Raises NotFound for a step of another plan."""
    step = db.session.scalars(
        select(PlanStep).where(PlanStep.id == step_id, PlanStep.plan_id == plan.id)
    ).one_or_none()
    if step is None:
        raise NotFound
    return step


def _open_step(plan: Plan, step_id: int) -> PlanStep:
    step = step_in(plan, step_id)
    if step.status is not PlanStepStatus.OPEN:
        raise Conflict(_("This step is done or dropped."))
    return step


def _be_running(plan: Plan) -> None:
    if not plan.status.is_open:
        raise Conflict(_("This plan is over."))


def _check(said: Said) -> None:
    if not said.title.strip():
        raise Invalid(_("Give the step a name."), "title")
    if said.kind == StepKind.COURSE and said.course_id is None:
        raise Invalid(_("Choose the course."), "course")


def _said(plan: Plan, step: PlanStep, kind: PlanMessageKind, by: Viewer | None) -> None:
    operations.say(plan, kind, by=by, titles=step.titles)
    name = "plan.step_done" if kind is PlanMessageKind.STEP_DONE else "plan.step_reopened"
    audit.record(name, plan, actor_id=by.person_id if by else None, step_id=step.id)
    operations.show(operations.both(plan))
