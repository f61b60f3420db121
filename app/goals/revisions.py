"""A goal's target is changed for a reason, under everybody's eyes; late easing needs a second person."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import BigInteger, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.core import audit, clock, events, idempotency
from app.core.errors import Conflict, Invalid, NotFound
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.goals import asking, closed, news, queries
from app.goals.fiscal import is_last_tenth
from app.goals.models import (
    Acknowledgement,
    Goal,
    GoalStatus,
    MessageKind,
    Revision,
    RevisionReason,
    RevisionStatus,
)
from app.goals.operations import check_open, lock, say
from app.people.models import Person, Team
from app.people.queries import below
from app.sales.closed_days import adjustable


@atomic
@adjustable(asking.revised)
def revise_goal(
    goal_id: int,
    *,
    target: Decimal,
    reason: RevisionReason | str,
    text: str,
    effective_on: date,
    version: int,
    by: int,
    key: UUID | None = None,
) -> Revision:
    """Change the target of a goal that has been proposed.

    To make a goal easier in the last tenth of its period is only asked for: the revision waits until somebody
    else decides. Raises Conflict when the goal is no longer the `version` that the author saw, when another
    revision waits, and ClosedDay when its period is closed.
    """
    goal = lock(goal_id)
    if key is not None and (submission := idempotency.earlier(key, by)) is not None:
        made = db.session.get(Revision, submission.subject_id) if submission.subject_id else None
        if made is not None:
            return made
    check_open(goal.period)
    _check(goal, target, text, version)
    waits = not closed.is_lifted(goal.period_id) and is_late_easing(goal, target)
    revision = Revision(
        goal_id=goal.id,
        version=goal.version + 1,
        target_before=goal.target,
        target=target,
        reason=RevisionReason(reason),
        text=text.strip(),
        effective_on=effective_on,
        status=RevisionStatus.WAITING if waits else RevisionStatus.APPLIED,
        author_id=by,
        created_at=clock.now(),
    )
    db.session.add(revision)
    db.session.flush()
    say(goal, MessageKind.REVISED, by=by, text=text, revision_id=revision.id)
    audit.record(
        "goal.revision_asked" if waits else "goal.revised",
        goal,
        actor_id=by,
        revision_id=revision.id,
        before=str(goal.target),
        after=str(target),
        reason=revision.reason.value,
    )
    if waits:
        people = sorted(deciders(goal, by))
        events.record(
            "goal_revision_waiting", goal_id=goal.id, revision_id=revision.id, people=people, author_id=by
        )
        news.targets_stand()
    else:
        _apply(goal, revision, told_by=by)
        news.targets_changed(goal)
    if key is not None:
        idempotency.settle(key, revision.id)
    return revision


@atomic
def decide_revision(revision_id: int, *, grant: bool, by: int, text: str = "") -> Revision:
    """A second person lets a waiting revision pass, or refuses it.

    The same decision again changes nothing. Raises Conflict for its author and for whose goal it is, when
    somebody has decided otherwise, or when the period has been closed in the meantime.
    """
    goal_id = db.session.scalar(select(Revision.goal_id).where(Revision.id == revision_id))
    if goal_id is None:
        raise NotFound
    goal = lock(goal_id)
    revision = db.session.get_one(Revision, revision_id, populate_existing=True)
    wanted = RevisionStatus.APPLIED if grant else RevisionStatus.REFUSED
    if revision.status is not RevisionStatus.WAITING:
        if revision.status is wanted and revision.decided_by_id == by:
            return revision
        raise Conflict(_("Somebody else has decided on this revision."))
    if by == revision.author_id:
        raise Conflict(_("You asked for this revision: somebody else has to decide on it."))
    if by == queries.answerer_id(goal):
        raise Conflict(_("This goal is yours: somebody else has to decide on its revision."))
    check_open(goal.period)
    revision.status, revision.decided_by_id, revision.decided_at = wanted, by, clock.now()
    say(goal, MessageKind.DECIDED, by=by, text=text, revision_id=revision.id)
    audit.record(
        "goal.revised" if grant else "goal.revision_refused",
        goal,
        actor_id=by,
        revision_id=revision.id,
        asked_by=revision.author_id,
        before=str(revision.target_before),
        after=str(revision.target),
    )
    if grant:
        _apply(goal, revision, told_by=by)
        news.targets_changed(goal)
    else:
        events.record(
            "goal_revision_refused",
            goal_id=goal.id,
            revision_id=revision.id,
            people=[revision.author_id],
            author_id=by,
        )
        news.targets_stand()
    return revision


@atomic
def acknowledge_revision(revision_id: int, *, by: int) -> None:
    """Somebody touched has read it; a second time changes nothing. Raises NotFound for anybody else."""
    acknowledgement = db.session.scalars(
        select(Acknowledgement)
        .where(Acknowledgement.revision_id == revision_id, Acknowledgement.person_id == by)
        .with_for_update()
    ).one_or_none()
    if acknowledgement is None:
        raise NotFound
    if acknowledgement.at is None:
        acknowledgement.at = clock.now()
        revision = db.session.get_one(Revision, revision_id)
        audit.record("goal.revision_acknowledged", revision, actor_id=by)
        events.record("goal_revision_acknowledged", revision_id=revision_id, person_id=by)
        news.targets_stand()


def is_easing(goal: Goal, target: Decimal) -> bool:
    """Whether another target would be easier to reach."""
    return target < goal.target if goal.metric.is_higher_better else target > goal.target


def is_late_easing(goal: Goal, target: Decimal) -> bool:
    """Whether it would be easier, and the last tenth of the period has begun."""
    period = goal.period
    return is_easing(goal, target) and is_last_tenth(period.starts_on, period.ends_on, clock.today())


def touched(goal: Goal) -> set[int]:
    """Whom a change of a goal concerns: whose it is, their manager, the members of a team, and whose the
    goals above and below it are."""
    people = {queries.answerer_id(goal)}
    if goal.person is not None:
        people.add(goal.person.manager_id)
    if goal.team_id is not None:
        members = select(Person.id).where(Person.team_id.in_(below(goal.team_id)), Person.is_active)
        people.update(db.session.scalars(members))
    relatives = select(Goal.person_id, Team.lead_id).outerjoin(Team, Team.id == Goal.team_id)
    near = or_(Goal.parent_id == goal.id, Goal.id == goal.parent_id)
    for person_id, lead_id in db.session.execute(relatives.where(queries.stands, near)):
        people.add(person_id or lead_id)
    return {person_id for person_id in people if person_id is not None}


def deciders(goal: Goal, author_id: int) -> set[int]:
    """Who may be the second person: those who manage the subject, but for the author and whose goal it is."""
    path: Sequence[int] = goal.team.path if goal.team else []
    manager_id = None
    if goal.person is not None:
        manager_id = goal.person.manager_id
        team = db.session.get(Team, goal.person.team_id) if goal.person.team_id else None
        path = team.path if team else []
    leads = select(Team.lead_id).where(Team.id.in_(path))
    found = db.session.scalars(
        select(Person.id).where(
            Person.is_active,
            or_(
                Person.role == Role.EXECUTIVE,
                (Person.role.in_((Role.MANAGER, Role.ADMIN)) & Person.id.in_(leads)),
                (Person.role == Role.MANAGER) & (Person.id == manager_id),
            ),
        )
    )
    people = set(found) - {author_id, queries.answerer_id(goal)}
    if not people:
        admins = select(Person.id).where(Person.is_active, Person.role == Role.ADMIN)
        people = set(db.session.scalars(admins)) - {author_id, queries.answerer_id(goal)}
    return people


def _check(goal: Goal, target: Decimal, text: str, version: int) -> None:
    if goal.status is GoalStatus.DRAFT:
        raise Conflict(_("This goal is still a draft: change it as one."))
    if version != goal.version:
        raise Conflict(
            _("This goal was changed in the meantime. Look at it again and repeat the step if need be.")
        )
    if db.session.scalar(
        select(Revision.id).where(Revision.goal_id == goal.id, Revision.status == RevisionStatus.WAITING)
    ):
        raise Conflict(_("A revision of this goal waits for a second person. It has to be decided first."))
    if target <= 0:
        raise Invalid(_("A target is more than zero."), "target")
    if target == goal.target:
        raise Invalid(_("That is the target already."), "target")
    if not text.strip():
        raise Invalid(_("Say why, so that everybody can understand it."), "text")


def _apply(goal: Goal, revision: Revision, *, told_by: int) -> None:
    steps = goal.arithmetic or [{"key": "hand", "value": str(goal.target)}]
    goal.arithmetic = [*steps, {"key": "revised", "value": str(revision.target)}]
    goal.target, goal.version, goal.is_fixed = revision.target, revision.version, True
    is_over = closed.is_lifted(goal.period_id)
    if goal.status is GoalStatus.ACCEPTED and queries.answerer_id(goal) != told_by and not is_over:
        goal.status = GoalStatus.PROPOSED  # what was accepted was another target
    people = sorted(touched(goal) - {told_by, revision.author_id})
    if revision.author_id != told_by:
        people = sorted({*people, revision.author_id})
    if not people:
        return
    db.session.execute(
        insert(Acknowledgement)
        .from_select(
            ["revision_id", "person_id"],
            select(literal(revision.id), func.unnest(literal(people, ARRAY(BigInteger)))),
        )
        .on_conflict_do_nothing()
    )
    events.record("goal_revised", goal_id=goal.id, revision_id=revision.id, people=people, author_id=told_by)


def goal_of(revision_id: int) -> int:
    """The key of the goal that a revision is about. Raises NotFound."""
    found = db.session.scalar(select(Revision.goal_id).where(Revision.id == revision_id))
    if found is None:
        raise NotFound
    return found
