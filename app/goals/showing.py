"""What the page of one goal shows, gathered in few questions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import progress, queries
from app.goals.models import Acknowledgement, Goal, GoalMessage, Revision, RevisionStatus
from app.goals.pages import GOALS_A_PAGE
from app.goals.progress import Progress
from app.people.models import Person, Team
from app.people.queries import visible_people, visible_teams


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation; `revision` is what it is about, if it is about one."""

    message: GoalMessage
    author: str | None
    revision: Revision | None


@dataclass(frozen=True)
class Standing:
    """What the viewer is to a goal."""

    is_answerer: bool
    can_manage: bool
    takes_part: bool  # reads and writes in the conversation
    reads_records: bool


@dataclass(frozen=True)
class Page:
    goal: Goal
    standing: Standing
    parent: Goal | None
    children: Sequence[Progress]
    turns: Sequence[Turn]
    waiting: Revision | None
    may_decide: bool
    unread: Sequence[Revision]
    readers: Mapping[int, Sequence[tuple[str, bool]]] = field(default_factory=dict)
    """By revision, who is to read it and whether they have."""


def standing(viewer: Viewer, goal: Goal) -> Standing:
    is_answerer = queries.answerer_id(goal) == viewer.person_id
    can_manage = queries.is_managed(viewer, goal)
    manager_id = goal.person.manager_id if goal.person else None
    takes_part = is_answerer or can_manage or viewer.person_id in {goal.created_by_id, manager_id}
    if goal.person_id is not None:
        scope = select(func.count()).where(Person.id == goal.person_id, Person.id.in_(visible_people(viewer)))
    else:
        scope = select(func.count()).where(Team.id == goal.team_id, Team.id.in_(visible_teams(viewer)))
    reads = viewer.can(Permission.SALES_VIEW) and bool(db.session.scalar(scope))
    return Standing(is_answerer, can_manage, takes_part, reads)


def goal_page(viewer: Viewer, goal: Goal) -> Page:
    what = standing(viewer, goal)
    parent = None
    if goal.parent_id is not None:
        parent = db.session.scalars(
            queries.with_names(select(Goal)).where(Goal.id == goal.parent_id, queries.visible(viewer))
        ).one_or_none()
    revisions = {revision.id: revision for revision in _revisions(goal)}
    waiting = next((each for each in revisions.values() if each.status is RevisionStatus.WAITING), None)
    return Page(
        goal=goal,
        standing=what,
        parent=parent,
        children=children(viewer, goal),
        turns=_turns(goal, revisions, takes_part=what.takes_part),
        waiting=waiting,
        may_decide=waiting is not None
        and what.can_manage
        and not what.is_answerer
        and waiting.author_id != viewer.person_id,
        unread=_unread(viewer, revisions),
        readers=_readers(revisions) if what.can_manage else {},
    )


def children(viewer: Viewer, goal: Goal) -> list[Progress]:
    """The goals cascaded from this one that the viewer may see."""
    if goal.team_id is None:
        return []
    found = db.session.scalars(
        queries.with_names(select(Goal))
        .where(Goal.parent_id == goal.id, queries.visible(viewer))
        .outerjoin(Team, Team.id == Goal.team_id)
        .outerjoin(Person, Person.id == Goal.person_id)
        .order_by(func.lower(func.coalesce(Team.name, Person.name)), Goal.id)
        .limit(GOALS_A_PAGE)
    ).all()
    return progress.for_goals(found)


def turns(viewer: Viewer, goal: Goal) -> list[Turn]:
    revisions = {revision.id: revision for revision in _revisions(goal)}
    return _turns(goal, revisions, takes_part=standing(viewer, goal).takes_part)


def _revisions(goal: Goal) -> Sequence[Revision]:
    return db.session.scalars(
        select(Revision).where(Revision.goal_id == goal.id).order_by(Revision.id.desc())
    ).all()


def _turns(goal: Goal, revisions: Mapping[int, Revision], *, takes_part: bool) -> list[Turn]:
    """Newest first. Who only looks on reads why it was revised, and nothing else of what was said."""
    stmt = (
        select(GoalMessage, Person.name)
        .outerjoin(Person, Person.id == GoalMessage.author_id)
        .where(GoalMessage.goal_id == goal.id)
        .order_by(GoalMessage.id.desc())
    )
    if not takes_part:
        applied = [key for key, each in revisions.items() if each.status is RevisionStatus.APPLIED]
        stmt = stmt.where(GoalMessage.revision_id.in_(applied))
    return [
        Turn(message, name, revisions.get(message.revision_id) if message.revision_id else None)
        for message, name in db.session.execute(stmt)
    ]


def _unread(viewer: Viewer, revisions: Mapping[int, Revision]) -> list[Revision]:
    if not revisions:
        return []
    ids = db.session.scalars(
        select(Acknowledgement.revision_id)
        .where(
            Acknowledgement.person_id == viewer.person_id,
            Acknowledgement.at.is_(None),
            Acknowledgement.revision_id.in_(list(revisions)),
        )
        .order_by(Acknowledgement.revision_id)
    )
    return [revisions[key] for key in ids]


def _readers(revisions: Mapping[int, Revision]) -> dict[int, list[tuple[str, bool]]]:
    if not revisions:
        return {}
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = db.session.execute(
        select(Acknowledgement.revision_id, Person.name, Acknowledgement.at)
        .join(Person, Person.id == Acknowledgement.person_id)
        .where(Acknowledgement.revision_id.in_(list(revisions)))
        .order_by(func.lower(Person.name), Person.id)
    )
    for revision_id, name, at in rows:
        found[revision_id].append((name, at is not None))
    return dict(found)
