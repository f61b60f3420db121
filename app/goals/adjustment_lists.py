"""Which adjustments somebody may read, and what their pages show.

Whoever may decide reads all that are asked for: somebody from another line has to see what it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.core import pagination
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import adjustments, carrying_out, queries
from app.goals.carrying_out import Preview
from app.goals.models import Adjustment, AdjustmentStatus, GoalResult, Period
from app.people.models import Person
from app.people.queries import visible_people

State = Literal["waiting", "decided", "drafts"]
_STATUS: dict[State, tuple[AdjustmentStatus, ...]] = {
    "waiting": (AdjustmentStatus.WAITING,),
    "decided": (AdjustmentStatus.APPLIED, AdjustmentStatus.REFUSED, AdjustmentStatus.WITHDRAWN),
    "drafts": (AdjustmentStatus.DRAFT,),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A result that an adjustment has made, and the one before it; a new goal had none."""

    before: GoalResult | None
    after: GoalResult


@dataclass(frozen=True, slots=True)
class Page:
    adjustment: Adjustment
    preview: Preview | None
    waits_to_be_tried: bool  # as that takes long
    changes: Sequence[Change]
    is_author: bool
    is_decider: bool  # whether they decide on adjustments of others
    may_decide: bool
    shows_record: bool  # what it is about, in full


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """One's own, those about people in one's sight, and those that have changed a result one may read."""
    asked = Adjustment.status != AdjustmentStatus.DRAFT
    if not viewer.can(Permission.ADJUSTMENTS_DECIDE):
        changed = (
            select(GoalResult.adjustment_id)
            .join(GoalResult.goal)
            .where(GoalResult.adjustment_id == Adjustment.id, queries.published(viewer))
        )
        about = Adjustment.person_id.in_(visible_people(viewer))
        asked = and_(asked, or_(about, exists(changed)))
    return or_(Adjustment.author_id == viewer.person_id, asked)


def _shows_record(viewer: Viewer, adjustment: Adjustment) -> bool:
    """Whose result was changed sees by whom, why and how; the sale itself only who may see that person's."""
    if adjustment.author_id == viewer.person_id or viewer.can(Permission.ADJUSTMENTS_DECIDE):
        return True
    if adjustment.person_id is None:
        return adjustment.action not in {"goal.proposed", "goal.weighed"}  # of several people
    sight = select(Person.id).where(Person.id == adjustment.person_id, Person.id.in_(visible_people(viewer)))
    return db.session.scalar(sight) is not None


def adjustment_for(viewer: Viewer, adjustment_id: int) -> Adjustment:
    """Raises NotFound for what the viewer may not read."""
    found = db.session.scalars(
        _with_names(select(Adjustment)).where(Adjustment.id == adjustment_id, visible(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def page_of(
    viewer: Viewer, state: State, number: int, period: Period | None = None
) -> pagination.Page[Adjustment]:
    """What waits the longest comes first; of what was decided, the latest."""
    stmt = _with_names(select(Adjustment)).where(_in(viewer, state))
    if period is not None:
        stmt = stmt.where(Adjustment.period_id == period.id)
    order = Adjustment.decided_at.desc() if state == "decided" else Adjustment.created_at
    return pagination.page_of(stmt.order_by(order, Adjustment.id), number)


def count(viewer: Viewer, state: State) -> int:
    return db.session.scalar(select(func.count()).select_from(Adjustment).where(_in(viewer, state))) or 0


def own_open(viewer: Viewer) -> int:
    """How many of one's own are drafts, or wait for somebody."""
    mine = and_(Adjustment.author_id == viewer.person_id, Adjustment.decided_at.is_(None))
    return db.session.scalar(select(func.count()).where(mine)) or 0


def to_decide(viewer: Viewer) -> int:
    """How many wait that are neither the viewer's request nor about their own records."""
    if not viewer.can(Permission.ADJUSTMENTS_DECIDE):
        return 0
    others = and_(
        Adjustment.author_id != viewer.person_id,
        Adjustment.person_id.is_distinct_from(viewer.person_id),
    )
    stmt = select(func.count()).where(Adjustment.status == AdjustmentStatus.WAITING, others)
    return db.session.scalar(stmt) or 0


def _in(viewer: Viewer, state: State) -> ColumnElement[bool]:
    own = Adjustment.author_id == viewer.person_id if state == "drafts" else true()
    return and_(Adjustment.status.in_(_STATUS[state]), visible(viewer), own)


def _with_names(stmt: Select[Adjustment]) -> Select[Adjustment]:
    return stmt.options(
        joinedload(Adjustment.period),
        joinedload(Adjustment.person),
        joinedload(Adjustment.author),
        joinedload(Adjustment.decided_by),
    )


def page_for(viewer: Viewer, adjustment_id: int, *, tried: bool = False) -> Page:
    """One adjustment, with what it would change, or has changed; what takes long is tried when asked to."""
    adjustment = adjustment_for(viewer, adjustment_id)
    is_open = adjustment.decided_at is None
    waits = is_open and not tried and carrying_out.takes_long(adjustment)
    preview = carrying_out.preview(adjustment) if is_open and not waits else None
    done = preview.done if preview else None
    if preview is not None:
        adjustment = adjustment_for(viewer, adjustment_id)
    return Page(
        adjustment,
        preview,
        waits,
        [] if is_open else _changes(viewer, adjustment),
        adjustment.author_id == viewer.person_id,
        viewer.can(Permission.ADJUSTMENTS_DECIDE),
        adjustment.status is AdjustmentStatus.WAITING
        and not waits
        and adjustments.may_decide(viewer.person_id, viewer.role, adjustment, done),
        _shows_record(viewer, adjustment),
    )


def _changes(viewer: Viewer, adjustment: Adjustment) -> list[Change]:
    made = db.session.scalars(
        select(GoalResult)
        .join(GoalResult.goal)
        .where(GoalResult.adjustment_id == adjustment.id, _may_read(viewer))
        .options(*queries.names_of(GoalResult.goal))
        .order_by(GoalResult.id)
    ).all()
    earlier = db.session.scalars(
        select(GoalResult).where(GoalResult.goal_id.in_([result.goal_id for result in made]))
    )
    by_version = {(result.goal_id, result.version): result for result in earlier}
    return [Change(by_version.get((result.goal_id, result.version - 1)), result) for result in made]


def _may_read(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.can(Permission.ADJUSTMENTS_DECIDE) else queries.published(viewer)
