"""After the close: what would change results is asked for with a reason, and a second person decides.

What an operation was kept from is a draft of its author's until they ask for it (`adjustment_drafts`). What
is approved is what was asked: the row never changes (a trigger refuses), and it is done at the version that
the author saw (`carrying_out`).
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core import audit, clock, events
from app.core.errors import Conflict, Invalid, NotFound
from app.core.permissions import Permission, Role, allows
from app.core.transactions import atomic
from app.extensions import db
from app.goals import effects, news
from app.goals.carrying_out import Done, carry_out
from app.goals.models import Adjustment, AdjustmentStatus, GoalResult
from app.people.models import Person, Team

_ONE_AT_A_TIME = 7301
"""The key of an advisory lock: two adjustments of one result would both follow the version before."""
_NEAR = 12
"""Leads of sister teams that are told of an adjustment to decide; where there are more, none of them is."""


class OwnAdjustment(Conflict):
    """Who asked for it, and whose results it changes, does not decide on it."""


@atomic
def ask(adjustment_id: int, *, reason: str, by: int) -> Adjustment:
    """Give a draft to those who decide. Asking again changes nothing."""
    adjustment = _locked(adjustment_id)
    if adjustment.author_id != by:
        raise NotFound
    if adjustment.status is not AdjustmentStatus.DRAFT:
        return adjustment
    if not reason.strip():
        raise Invalid(_("Say why: whoever decides on it reads it, and it stays for ever."), "reason")
    if db.session.scalar(_same_waiting(adjustment)):
        raise Conflict(_("The same has been asked for already, and waits for a decision."))
    adjustment.status, adjustment.reason = AdjustmentStatus.WAITING, reason.strip()
    adjustment.asked_at = clock.now()
    audit.record("adjustment.asked", adjustment, actor_id=by, action_asked=adjustment.action)
    people = deciders(adjustment)
    events.record("adjustment_asked", adjustment_id=adjustment.id, people=sorted(people), author_id=by)
    news.targets_stand()
    return adjustment


def _same_waiting(adjustment: Adjustment) -> Any:
    same = select(Adjustment.id).where(
        Adjustment.status == AdjustmentStatus.WAITING,
        Adjustment.action == adjustment.action,
        Adjustment.subject_id.is_not_distinct_from(adjustment.subject_id),
        Adjustment.change == adjustment.change,
        Adjustment.person_id.is_not_distinct_from(adjustment.person_id),
    )
    return same.limit(1)


@atomic
def withdraw(adjustment_id: int, *, by: int, why: str = "") -> Adjustment:
    """Its author takes back what nobody has decided on; it stays to be read. A second time changes nothing.

    Raises NotFound for anybody else, and Conflict once somebody has decided.
    """
    adjustment = _locked(adjustment_id)
    if adjustment.author_id != by or adjustment.status is AdjustmentStatus.DRAFT:
        raise NotFound
    if adjustment.status is AdjustmentStatus.WITHDRAWN:
        return adjustment
    if adjustment.status is not AdjustmentStatus.WAITING:
        raise Conflict(_("Somebody has decided on this adjustment in the meantime."))
    adjustment.status, adjustment.decided_at = AdjustmentStatus.WITHDRAWN, clock.now()
    adjustment.answer = why.strip() or None
    audit.record("adjustment.withdrawn", adjustment, actor_id=by, action_asked=adjustment.action)
    people = deciders(adjustment)
    events.record("adjustment_withdrawn", adjustment_id=adjustment.id, people=sorted(people), author_id=by)
    news.targets_stand()
    return adjustment


@atomic
def decide(adjustment_id: int, *, grant: bool, by: int, answer: str = "") -> Adjustment:
    """A second person has it done, or refuses it and says why. The same decision again changes nothing.

    Raises OwnAdjustment for its author and those whose results it changes, Outdated and ClosedDay where it
    cannot be done as it was asked for any more, and Conflict when somebody decided otherwise.
    """
    adjustment = _locked(adjustment_id)
    wanted = AdjustmentStatus.APPLIED if grant else AdjustmentStatus.REFUSED
    if adjustment.status is not AdjustmentStatus.WAITING:
        if adjustment.status is wanted and adjustment.decided_by_id == by:
            return adjustment
        if adjustment.status is AdjustmentStatus.WITHDRAWN:
            raise Conflict(
                _("Whoever asked for this adjustment has taken it back: nothing is to be decided.")
            )
        raise Conflict(_("Somebody else has decided on this adjustment."))
    if by == adjustment.author_id:
        raise OwnAdjustment(_("You asked for this adjustment: somebody else has to decide on it."))
    if not grant and not answer.strip():
        raise Invalid(_("Say why not, so that it can be understood."), "answer")
    made: Sequence[GoalResult] = ()
    people = {adjustment.person_id}
    if grant:
        db.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        done = carry_out(adjustment, decided_by=by)
        people |= done.people
        if by in people and by not in stand_ins(adjustment, done):
            raise OwnAdjustment(_("This changes a result of yours: somebody else has to decide on it."))
        made = effects.write(done.effects, adjustment.id)
    elif by == adjustment.person_id:
        raise OwnAdjustment(_("This is about your own results: somebody else has to decide on it."))
    adjustment.status, adjustment.decided_by_id, adjustment.decided_at = wanted, by, clock.now()
    adjustment.answer = answer.strip() or None
    audit.record(
        f"adjustment.{wanted.value}",
        adjustment,
        actor_id=by,
        asked_by=adjustment.author_id,
        action_asked=adjustment.action,
        results=[result.id for result in made],
    )
    told = {key for key in (adjustment.author_id, *people) if key is not None and key != by}
    events.record("adjustment_decided", adjustment_id=adjustment.id, people=sorted(told), author_id=by)
    news.targets_stand()  # what was carried out says itself what it changed
    return adjustment


def _locked(adjustment_id: int) -> Adjustment:
    found = db.session.get(Adjustment, adjustment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def may_decide(person_id: int, role: Role, adjustment: Adjustment, done: Done | None = None) -> bool:
    """Whether somebody may be the second person, once it is known what it does."""
    own = {adjustment.author_id, adjustment.person_id}
    if not allows(role, Permission.ADJUSTMENTS_DECIDE) or person_id in own:
        return False
    return done is None or person_id not in done.people or person_id in stand_ins(adjustment, done)


def stand_ins(adjustment: Adjustment, done: Done) -> set[int]:
    """Who decides where a change, like that of a rate, touches everybody who otherwise could.

    Executives and administrators whose own results it leaves as they are, whatever teams they lead.
    """
    own = {adjustment.author_id, adjustment.person_id}
    roles = [role for role in Role if allows(role, Permission.ADJUSTMENTS_DECIDE)]
    everybody = db.session.execute(
        select(Person.id, Person.role).where(Person.is_active, Person.role.in_(roles))
    ).all()
    if any(row.id not in own | done.people for row in everybody):
        return set()
    above = {row.id for row in everybody if row.role in (Role.EXECUTIVE, Role.ADMIN)}
    return above - own - done.themselves


def deciders(adjustment: Adjustment) -> set[int]:
    """Who is told that an adjustment waits: executives, administrators, and the leads of sister teams.

    Others who may decide find it in the list.
    """
    team_id = db.session.scalar(select(Person.team_id).where(Person.id == adjustment.person_id))
    parent = select(Team.parent_id).where(Team.id == team_id).scalar_subquery()
    sisters = db.session.scalars(
        select(Team.lead_id)
        .join(Person, Person.id == Team.lead_id)
        .where(
            Team.parent_id == parent,
            Team.id != team_id,
            Team.archived_at.is_(None),
            Person.is_active,
            Person.role == Role.MANAGER,
        )
        .limit(_NEAR + 1)
    ).all()
    above = db.session.scalars(
        select(Person.id).where(Person.is_active, Person.role.in_((Role.EXECUTIVE, Role.ADMIN)))
    ).all()
    near = {key for key in sisters if key is not None} if len(sisters) <= _NEAR else set()
    return ({*above} | near) - {adjustment.author_id, adjustment.person_id or 0}
