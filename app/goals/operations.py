"""A goal is made, proposed, weighed and taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.core import audit, clock, events, idempotency
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.goals import asking, closed, news, queries
from app.goals.models import Goal, GoalMessage, GoalStatus, MessageKind, Period
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.sales.closed_days import ClosedDay, adjustable


def lock(goal_id: int) -> Goal:
    """The goal as it stands now, kept from others until the operation ends, with its names."""
    # Not FOR UPDATE: a period that closes refers to its goals while it waits for nobody.
    locked = db.session.scalar(select(Goal.id).where(Goal.id == goal_id).with_for_update(key_share=True))
    goal = db.session.scalars(
        queries.with_names(select(Goal)).where(Goal.id == locked).execution_options(populate_existing=True)
    ).one_or_none()
    if goal is None or goal.withdrawn_at is not None:
        raise NotFound
    return goal


def check_open(period: Period) -> None:
    """Raises ClosedDay for a period whose goals are frozen; one that is open stays so until the end."""
    if closed.is_frozen(period.id):
        raise ClosedDay(_("This period is closed: its goals do not change any more."), (), period.id)


@atomic
def create_goal(
    subject: Person | Team,
    *,
    period: Period,
    metric: Metric,
    target: Decimal,
    by: int | None,
    key: UUID | None = None,
    **values: Any,
) -> Goal:
    """Put a goal in the drawer: a draft, for the days that somebody is there. The same form twice makes one.

    Of a closed period too: a draft is judged nowhere, and to propose it there is what has to be asked for.

    Raises Conflict where this subject has a goal for this metric and period.
    """
    if key and by is not None and (submission := idempotency.earlier(key, by)) is not None:
        found = db.session.get(Goal, submission.subject_id) if submission.subject_id else None
        if found is not None:
            return found
    if target <= 0:
        raise Invalid(_("A target is more than zero."), "target")
    starts_on, ends_on = days_of(subject, period)
    if starts_on > ends_on:
        raise Invalid(_("%(name)s is not there in this period.", name=subject.name), "subject")
    goal_id = db.session.scalar(
        insert(Goal)
        .values(
            period_id=period.id,
            metric_id=metric.id,
            team_id=subject.id if isinstance(subject, Team) else None,
            person_id=subject.id if isinstance(subject, Person) else None,
            target=target,
            created_by_id=by,
            **{"starts_on": starts_on, "ends_on": ends_on} | values,
        )
        .on_conflict_do_nothing()
        .returning(Goal.id)
    )
    if goal_id is None:
        raise Conflict(_("%(name)s already has a goal for this in this period.", name=subject.name))
    goal = db.session.get_one(Goal, goal_id)
    audit.record("goal.created", goal, actor_id=by, target=str(target))
    if key is not None:
        idempotency.settle(key, goal.id)
    news.targets_changed(goal)
    return goal


def days_of(subject: Person | Team, period: Period) -> tuple[date, date]:
    """First and last day on which somebody works towards a goal of a period."""
    first, last = period.starts_on, period.ends_on
    if isinstance(subject, Person):
        first = max(first, subject.hired_on or first)
        last = min(last, subject.left_on or last)
    return first, last


@atomic
def change_draft(
    goal_id: int, *, target: Decimal, by: int | None, is_fixed: bool = True, **values: Any
) -> Goal:
    """Set a draft's target again. What has been proposed is revised, not changed."""
    goal = lock(goal_id)
    if goal.status is not GoalStatus.DRAFT:
        raise Conflict(_("This goal has been proposed: a change of it is a revision with a reason."))
    if target <= 0:
        raise Invalid(_("A target is more than zero."), "target")
    before = goal.target
    goal.target, goal.is_fixed = target, is_fixed
    for name, value in values.items():
        setattr(goal, name, value)
    audit.record("goal.changed", goal, actor_id=by, before=str(before), after=str(target))
    news.targets_stand()
    return goal


@atomic
@adjustable(asking.proposed)
def propose_goals(goal_ids: Sequence[int], *, by: int | None, text: str = "") -> list[Goal]:
    """Hand drafts to those whose goals they are; what is out already stays as it is.

    One event tells each person once, however many goals are theirs. Who proposes their own team's goal has
    accepted it with that. Raises ClosedDay in a closed period; done there after all, nobody is asked for an
    answer: they hear of the result.
    """
    proposed = []
    for goal_id in sorted(goal_ids):
        goal = lock(goal_id)
        if goal.status is not GoalStatus.DRAFT:
            continue
        check_open(goal.period)
        is_own = by is not None and queries.answerer_id(goal) == by
        goal.status = GoalStatus.ACCEPTED if is_own else GoalStatus.PROPOSED
        say(goal, MessageKind.PROPOSED, by=by, text=text)
        audit.record("goal.proposed", goal, actor_id=by, target=str(goal.target))
        proposed.append(goal)
    if proposed:
        fresh = [goal for goal in proposed if not closed.is_lifted(goal.period_id)]
        tell("goal_proposed", fresh, by=by, period_id=proposed[0].period_id)
        news.targets_changed(*proposed)
    return proposed


@atomic
@adjustable(asking.withdrawn)
def withdraw_goal(goal_id: int, *, by: int) -> None:
    """Throw a draft away; a second time changes nothing. What is out is taken back only after its period
    closed, by an adjustment: raises ClosedDay. Raises Conflict before that."""
    try:
        goal = lock(goal_id)
    except NotFound:
        return
    if goal.status is not GoalStatus.DRAFT:
        check_open(goal.period)
        if not closed.is_lifted(goal.period_id):
            raise Conflict(_("This goal has been proposed: a change of it is a revision with a reason."))
    goal.withdrawn_at = clock.now()
    audit.record("goal.withdrawn", goal, actor_id=by)
    news.targets_changed(goal)


@atomic
@adjustable(asking.weighed)
def set_weights(weights: Mapping[int, int], *, by: int) -> None:
    """Weights in the scorecard, in basis points, by goal. They need not make 100 %: the page says it."""
    for goal_id in sorted(weights):
        goal = lock(goal_id)
        weight = weights[goal_id]
        if not 0 <= weight <= 10_000:
            raise Invalid(_("A weight lies between 0 and 100 per cent."), "weight")
        if weight == goal.weight:
            continue
        check_open(goal.period)
        audit.record("goal.weighed", goal, actor_id=by, before=goal.weight, after=weight)
        goal.weight = weight
        news.targets_stand()


def say(
    goal: Goal, kind: MessageKind, *, by: int | None, text: str = "", revision_id: int | None = None
) -> GoalMessage:
    """Add a turn to the conversation."""
    message = GoalMessage(
        goal_id=goal.id, author_id=by, kind=kind, text=text.strip(), revision_id=revision_id, at=clock.now()
    )
    db.session.add(message)
    return message


def tell(event: str, goals: Iterable[Goal], *, by: int | None, **payload: Any) -> None:
    """Record one event for the answerers of some goals, but not for whom acts."""
    by_person: dict[str, list[int]] = {}
    goal_ids = []
    for goal in goals:
        goal_ids.append(goal.id)
        person_id = queries.answerer_id(goal)
        if person_id is not None and person_id != by:
            by_person.setdefault(str(person_id), []).append(goal.id)
    if by_person:
        events.record(
            event,
            goal_ids=goal_ids,
            people=[int(person_id) for person_id in by_person],
            by_person=by_person,
            author_id=by,
            **payload,
        )
