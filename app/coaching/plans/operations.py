"""What the two people of a plan do with it: agree, talk, change its dates, complete it or end it early."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.coaching import scope
from app.coaching.access import as_worker, reading_as
from app.coaching.models import Plan, PlanMessage, PlanMessageKind, PlanStatus, PlanStep, PlanStepStatus
from app.coaching.plans import standing
from app.coaching.plans.queries import Standpoint, standpoint
from app.core import audit, clock, events, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import Event
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person
from app.training import operations as training
from app.training.models import AssignmentOrigin

NAMED = (joinedload(Plan.person).joinedload(Person.manager), joinedload(Plan.metric))


class Stale(Conflict):
    """Somebody else has changed the plan since the page was made; `since` is the version that it showed."""

    def __init__(self, since: int) -> None:
        super().__init__(_("This plan was changed in the meantime. Look at what is new, then decide."))
        self.since = since


@atomic
def agree_plan(plan_id: int, *, by: Viewer, version: int, text: str = "") -> Plan:
    """The person or their manager says yes to what they saw; once both have, it runs.

    A second time changes nothing. Raises Stale when it is not what they saw any more.
    """
    plan, here = lock(plan_id, by)
    _be_open(plan)
    if here.is_person:
        if plan.agreed_by_person_at is not None:
            return plan
        _be_current(plan, version)
        plan.agreed_by_person_at = clock.now()
    else:
        if plan.agreed_by_coach_at is not None:
            return plan
        _be_current(plan, version)
        plan.agreed_by_coach_at = clock.now()
        plan.coach_id = by.person_id
    say(plan, PlanMessageKind.AGREED, by=by, text=text)
    audit.record("plan.agreed", plan, actor_id=by.person_id, version=plan.version)
    if plan.agreed_by_person_at and plan.agreed_by_coach_at:
        plan.status = PlanStatus.ACTIVE
        _give_courses(plan)
    tell("plan_agreed", plan, by=by, is_running=plan.status is PlanStatus.ACTIVE)
    return plan


@atomic
def comment_plan(plan_id: int, *, by: Viewer, text: str, key: UUID | None = None) -> Plan:
    plan, _here = lock(plan_id, by)
    if not text.strip():
        raise Invalid(_("Write a comment first."), "text")
    if key is not None and idempotency.earlier(key, by.person_id) is not None:
        return plan
    say(plan, PlanMessageKind.COMMENT, by=by, text=text)
    audit.record("plan.commented", plan, actor_id=by.person_id)
    tell("plan_commented", plan, by=by)
    return plan


@atomic
def change_dates(
    plan_id: int, *, by: Viewer, version: int, ends_on: date, session_on: date | None = None
) -> Plan:
    plan = lock_led(plan_id, by, version)
    if ends_on <= clock.today():
        raise Invalid(_("Choose a day to come."), "ends_on")
    if (ends_on, session_on) == (plan.ends_on, plan.session_on):
        return plan
    aims = standing.whole(plan).aims
    for aim in aims:
        aim.by_on = ends_on if aim.by_on == plan.ends_on else min(aim.by_on, ends_on)
    before, plan.ends_on, plan.session_on = plan.ends_on, ends_on, session_on
    note_change(plan, "dates", by=by, before=before.isoformat(), after=ends_on.isoformat())
    return plan


@atomic
def complete_plan(plan_id: int, *, by: Viewer, text: str) -> Plan:
    """Its time is over, or everything is done: the manager says how it went. Raises Conflict before that."""
    plan = lock_led(plan_id, by)
    whole = standing.whole(plan)
    if plan.status is not PlanStatus.ACTIVE:
        raise Conflict(_("Both agree to a plan before it is completed."))
    if not (whole.is_all_done or whole.is_over(clock.today())):
        raise Conflict(_("There are steps to do still. End the plan early if it is to stop."))
    if not text.strip():
        raise Invalid(_("Say in a sentence how it went."), "text")
    plan.status, plan.completed_on = PlanStatus.COMPLETED, clock.today()
    say(plan, PlanMessageKind.COMPLETED, by=by, text=text)
    audit.record("plan.completed", plan, actor_id=by.person_id)
    tell("plan_completed", plan, by=by)
    return plan


@atomic
def end_plan(plan_id: int, *, by: Viewer, reason: str) -> Plan:
    """Before its time, with a reason that both read."""
    plan = lock_led(plan_id, by)
    if not reason.strip():
        raise Invalid(_("Say why: both of you read it."), "reason")
    plan.status, plan.end_reason, plan.completed_on = PlanStatus.ENDED, reason.strip(), clock.today()
    say(plan, PlanMessageKind.ENDED, by=by, text=reason)
    audit.record("plan.ended", plan, actor_id=by.person_id)
    tell("plan_ended", plan, by=by)
    return plan


def on_person_left(event: Event) -> None:
    """person_left: nobody leads their plans any more."""
    end_plans_of(event.payload["person_id"])


@atomic
def end_plans_of(person_id: int) -> None:
    as_worker()
    found = db.session.scalars(
        select(Plan)
        .where(Plan.person_id == person_id, Plan.status.in_([PlanStatus.PROPOSED, PlanStatus.ACTIVE]))
        .options(*NAMED)
        .order_by(Plan.id)
        .with_for_update(of=Plan)
    ).all()
    for plan in found:
        plan.status, plan.end_reason, plan.completed_on = PlanStatus.ENDED, "", clock.today()
        say(plan, PlanMessageKind.ENDED, by=None, why="left")
        audit.record("plan.ended", plan, actor_id=None, why="left")
        tell("plan_ended", plan, by=None)


def lock(plan_id: int, by: Viewer) -> tuple[Plan, Standpoint]:
    """A plan in which the viewer takes part, for a change. Raises NotFound for all others, HR among them."""
    reading_as(by)
    plan = db.session.scalars(
        select(Plan)
        .where(Plan.id == plan_id, Plan.person_id.in_(scope.readable_people(by)))
        .options(*NAMED)
        .with_for_update(of=Plan)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if plan is None or not (here := standpoint(by, plan)).takes_part:
        raise NotFound
    return plan, here


def lock_led(plan_id: int, by: Viewer, version: int | None = None) -> Plan:
    """An open plan of somebody whom the viewer coaches now. Raises Stale for a version that is gone."""
    plan, here = lock(plan_id, by)
    if not here.is_coach:
        raise NotFound
    _be_open(plan)
    if version is not None:
        _be_current(plan, version)
    return plan


def note_change(plan: Plan, what: str, *, by: Viewer, **details: Any) -> None:
    """The manager has changed what is agreed: the person is asked again."""
    plan.version += 1
    plan.is_edited = True
    plan.agreed_by_person_at = None
    say(plan, PlanMessageKind.CHANGED, by=by, what=what, **details)
    audit.record("plan.changed", plan, actor_id=by.person_id, what=what, version=plan.version)
    tell("plan_changed", plan, by=by)


def say(plan: Plan, kind: PlanMessageKind, *, by: Viewer | None, text: str = "", **details: Any) -> None:
    db.session.add(
        PlanMessage(
            plan_id=plan.id,
            author_id=by.person_id if by else None,
            kind=kind,
            text=text.strip(),
            details=details,
            version=plan.version,
        )
    )


def tell(name: str, plan: Plan, *, by: Viewer | None, **more: Any) -> None:
    """The other of the two; open pages of both."""
    db.session.flush()
    two = both(plan)
    people = sorted(two - ({by.person_id} if by else set()))
    events.record(
        name,
        plan_id=plan.id,
        person_id=plan.person_id,
        people=people,
        author_id=by.person_id if by else None,
        **more,
    )
    show(two)


def both(plan: Plan) -> set[int]:
    return {key for key in (plan.person_id, plan.person.manager_id) if key is not None}


def show(people: Collection[int]) -> None:
    changes.announce("coaching", people=sorted(people))


def _be_open(plan: Plan) -> None:
    if not plan.status.is_open:
        raise Conflict(_("This plan is over."))


def _be_current(plan: Plan, version: int) -> None:
    if plan.version != version:
        raise Stale(version)


def _give_courses(plan: Plan) -> None:
    """Courses of the steps become assignments, once; a course that nobody can take any more stays a step."""
    steps = db.session.scalars(
        select(PlanStep).where(
            PlanStep.plan_id == plan.id,
            PlanStep.course_id.is_not(None),
            PlanStep.status == PlanStepStatus.OPEN,
        )
    ).all()
    for step in steps:
        due_on = max(step.due_on, clock.today())
        try:
            training.assign(
                plan.person_id,
                step.course_id or 0,
                by_id=plan.person.manager_id,
                origin=AssignmentOrigin.PLAN,
                due_on=due_on,
            )
        except NotFound:
            continue
