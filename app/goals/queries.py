"""Who may see and change which goals, and what the rooms above ask about goals and periods.

A goal's answerer is the person whose goal it is, or the lead of the team whose it is.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import periods
from app.goals.fiscal import span_of
from app.goals.models import Goal, GoalResult, GoalStatus, Period, PeriodKind, PeriodStatus
from app.metrics.models import Metric, MetricKind
from app.people.models import Person, Team
from app.people.queries import led_teams, sees_all, visible_people, visible_teams

stands = and_(Goal.withdrawn_at.is_(None), Goal.status != GoalStatus.DRAFT)
"""A goal that counts: out of the drawer, and not taken back."""


def with_names(stmt: Select[Goal]) -> Select[Goal]:
    """Load what a goal is called by: metric, period, team with its lead, person with their manager."""
    return stmt.options(
        joinedload(Goal.metric),
        joinedload(Goal.period),
        joinedload(Goal.team).joinedload(Team.lead),
        joinedload(Goal.person).joinedload(Person.manager),
    )


def names_of(goal: Any) -> Sequence[Any]:
    """The same for a goal that something else refers to, by that relationship."""
    return (
        joinedload(goal).joinedload(Goal.metric),
        joinedload(goal).joinedload(Goal.period),
        joinedload(goal).joinedload(Goal.team).joinedload(Team.lead),
        joinedload(goal).joinedload(Goal.person).joinedload(Person.manager),
    )


def managed(viewer: Viewer) -> ColumnElement[bool]:
    """Goals this viewer may make and change: those of others within their scope, never their own.

    A lead may set the goal of their team, but not change one that somebody else has set for it.
    """
    if not viewer.can(Permission.GOALS_MANAGE):
        return false()
    led_by_oneself = select(Team.id).where(Team.lead_id == viewer.person_id)
    not_own_team = or_(Goal.team_id.not_in(led_by_oneself), Goal.created_by_id == viewer.person_id)
    return or_(
        Goal.person_id.in_(managed_people(viewer)),
        and_(Goal.team_id.in_(managed_teams(viewer)), not_own_team),
    )


def managed_people(viewer: Viewer) -> Select[int]:
    """Keys of the people for whom this viewer may set goals: nobody for themselves."""
    if not viewer.can(Permission.GOALS_MANAGE):
        return select(Person.id).where(false())
    return select(Person.id).where(Person.id.in_(visible_people(viewer)), Person.id != viewer.person_id)


def managed_teams(viewer: Viewer) -> Select[int]:
    if not viewer.can(Permission.GOALS_MANAGE):
        return select(Team.id).where(false())
    return select(Team.id) if sees_all(viewer) else led_teams(viewer.person_id)


def manages_team(viewer: Viewer, team_id: int) -> bool:
    return bool(
        db.session.scalar(select(Team.id).where(Team.id == team_id, Team.id.in_(managed_teams(viewer))))
    )


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Goals this viewer may read: their own and those of their teams and the teams above, and all of their
    scope. A draft is its author's and of those who manage it."""
    return and_(Goal.withdrawn_at.is_(None), or_(published(viewer), _drafts(viewer)))


def published(viewer: Viewer) -> ColumnElement[bool]:
    """The same without drafts, but with what was taken back after it was judged: its results stay."""
    above = select(func.unnest(Team.path)).where(
        or_(Team.id == viewer.team_id, Team.lead_id == viewer.person_id)
    )
    return and_(
        Goal.status != GoalStatus.DRAFT,
        or_(
            Goal.person_id.in_(visible_people(viewer)),
            Goal.team_id.in_(visible_teams(viewer)),
            Goal.team_id.in_(above),
        ),
    )


def _drafts(viewer: Viewer) -> ColumnElement[bool]:
    return and_(Goal.status == GoalStatus.DRAFT, or_(Goal.created_by_id == viewer.person_id, managed(viewer)))


def goal_for(viewer: Viewer, goal_id: int) -> Goal:
    """A goal the viewer may read, with its names. Raises NotFound for all others."""
    is_judged = exists().where(GoalResult.goal_id == Goal.id)
    readable = or_(visible(viewer), and_(published(viewer), is_judged))
    goal = db.session.scalars(with_names(select(Goal)).where(Goal.id == goal_id, readable)).one_or_none()
    if goal is None:
        raise NotFound
    return goal


def goal_managed(viewer: Viewer, goal_id: int) -> Goal:
    """A goal the viewer may change, with its names. Raises NotFound for all others."""
    goal = db.session.scalars(
        with_names(select(Goal)).where(Goal.id == goal_id, Goal.withdrawn_at.is_(None), managed(viewer))
    ).one_or_none()
    if goal is None:
        raise NotFound
    return goal


def is_managed(viewer: Viewer, goal: Goal) -> bool:
    return bool(db.session.scalar(select(func.count()).where(Goal.id == goal.id, managed(viewer))))


def answerer_id(goal: Goal) -> int | None:
    """Whose goal it is; the team must be loaded."""
    if goal.person_id is not None:
        return goal.person_id
    return goal.team.lead_id if goal.team else None


def goals_for(
    period: Period | None = None,
    person_ids: Collection[int] | Select[Any] | None = None,
    *,
    team_ids: Collection[int] | Select[Any] | None = None,
    on: date | None = None,
) -> Sequence[Goal]:
    """The goals that count of some people, or teams, in a period, or in every period that runs on a day.

    With their names; the shortest period first, then by the metrics' order.
    """
    stmt = (
        with_names(select(Goal))
        .join(Goal.metric)
        .join(Goal.period)
        .where(stands)
        .order_by(Period.ends_on - Period.starts_on, Metric.position, Metric.id, Goal.id)
    )
    subjects = []
    if person_ids is not None:
        subjects.append(Goal.person_id.in_(person_ids))
    if team_ids is not None:
        subjects.append(Goal.team_id.in_(team_ids))
    if subjects:
        stmt = stmt.where(or_(*subjects))
    if period is not None:
        stmt = stmt.where(Goal.period_id == period.id)
    else:
        day = on or clock.today()
        stmt = stmt.where(Period.starts_on <= day, Period.ends_on >= day)
    return db.session.scalars(stmt).all()


def targets(
    metric: Metric, start: date, end: date, person_ids: Collection[int] | None = None
) -> dict[int, Decimal]:
    """What each person is to reach from start to end, for those who have a goal for it.

    The goal of exactly these days; for a sum or count else the sum of the goals of one shorter kind, where
    they cover all of them.
    """
    return _targets(Goal.person_id, metric, start, end, person_ids)


def team_targets(
    metric: Metric, start: date, end: date, team_ids: Collection[int] | None = None
) -> dict[int, Decimal]:
    return _targets(Goal.team_id, metric, start, end, team_ids)


def _targets(
    subject: Any, metric: Metric, start: date, end: date, ids: Collection[int] | None
) -> dict[int, Decimal]:
    wanted = and_(stands, Goal.metric_id == metric.id, subject.is_not(None))
    if ids is not None:
        wanted = and_(wanted, subject == func.any(literal(sorted(ids), ARRAY(BigInteger))))
    inside = and_(Period.starts_on >= start, Period.ends_on <= end)
    days = func.sum(Period.ends_on - Period.starts_on + 1)
    rows = db.session.execute(
        select(subject, Period.kind, func.sum(Goal.target), days)
        .join(Period, Period.id == Goal.period_id)
        .where(wanted, inside)
        .group_by(subject, Period.kind)
    )
    whole = (end - start).days + 1
    kinds = list(PeriodKind)
    found: dict[int, tuple[int, Decimal]] = {}
    for subject_id, kind, target, covered in rows:
        size = kinds.index(kind)
        is_exact = covered == whole and (metric.kind is not MetricKind.RATIO or _is_one(kind, start, end))
        if is_exact and (subject_id not in found or found[subject_id][0] < size):
            found[subject_id] = size, target
    return {subject_id: target for subject_id, (_, target) in found.items()}


def _is_one(kind: PeriodKind, start: date, end: date) -> bool:
    """Whether the days are one period of the kind: ratios are not added up."""
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[kind]
    return (end.year - start.year) * 12 + end.month - start.month + 1 == months


def periods_of(kind: PeriodKind | str | None = None, *, until: date | None = None) -> Sequence[Period]:
    """Periods, latest first."""
    stmt = select(Period).order_by(Period.starts_on.desc(), Period.ends_on.desc(), Period.id)
    if kind is not None:
        stmt = stmt.where(Period.kind == PeriodKind(kind))
    if until is not None:
        stmt = stmt.where(Period.starts_on <= until)
    return db.session.scalars(stmt).all()


def period_on(kind: PeriodKind | str, day: date | None = None) -> Period | None:
    """The period of a kind in which a day (today) lies, made if it has not been; None for a day far off."""
    kind, day = PeriodKind(kind), day or clock.today()
    found = db.session.scalars(
        select(Period)
        .where(Period.kind == kind, Period.starts_on <= day, Period.ends_on >= day)
        .order_by(Period.id)
        .limit(1)
    ).one_or_none()
    if found is not None:
        return found
    periods.ensure_periods()
    return periods.period_by_key(span_of(kind.value, day, periods.fiscal_start()).key)


# Put together once: it is asked while somebody waits for a sale to be recorded.
_CLOSED = select(Period.__table__.c.starts_on, Period.__table__.c.ends_on).where(
    Period.__table__.c.status == PeriodStatus.CLOSED,
    Period.__table__.c.starts_on <= bindparam("last"),
    Period.__table__.c.ends_on >= bindparam("first"),
)


def closed_days(days: Iterable[date]) -> list[date]:
    """Those of some days that lie in a closed period."""
    wanted = sorted(set(days))
    if not wanted:
        return []
    periods = db.session.execute(_CLOSED, {"first": wanted[0], "last": wanted[-1]}).all()
    return [day for day in wanted if any(first <= day <= last for first, last in periods)]


def subjects(viewer: Viewer) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Teams and people for whom this viewer may set goals: keys and names, as a form lists them."""
    teams = db.session.execute(
        select(Team.id, Team.name)
        .where(Team.id.in_(managed_teams(viewer)), Team.archived_at.is_(None))
        .order_by(Team.path)
    )
    people = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(managed_people(viewer)), Person.is_active)
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(key, name) for key, name in teams], [(key, name) for key, name in people]


def subject_for(viewer: Viewer, kind: str, key: int) -> Person | Team:
    """A person or team for whom this viewer may set a goal. Raises NotFound."""
    found: Person | Team | None
    if kind == "team":
        found = db.session.scalars(
            select(Team).where(Team.id == key, Team.id.in_(managed_teams(viewer)), Team.archived_at.is_(None))
        ).one_or_none()
    else:
        found = db.session.scalars(
            select(Person).where(Person.id == key, Person.id.in_(managed_people(viewer)), Person.is_active)
        ).one_or_none()
    if found is None:
        raise NotFound
    return found


def drafts_of(viewer: Viewer, period_id: int, parent_id: int | None = None) -> Sequence[int]:
    """Keys of the drafts that this viewer may propose: all of a period, or those below one goal."""
    stmt = select(Goal.id).where(
        Goal.period_id == period_id,
        Goal.status == GoalStatus.DRAFT,
        Goal.withdrawn_at.is_(None),
        managed(viewer),
    )
    if parent_id is not None:
        tree = select(Goal.id).where(Goal.id == parent_id).cte("tree", recursive=True)
        tree = tree.union(select(Goal.id).join(tree, Goal.parent_id == tree.c.id))
        stmt = stmt.where(Goal.id.in_(select(tree.c.id)))
    return db.session.scalars(stmt.order_by(Goal.id)).all()


def period_after(period: Period) -> Period | None:
    """The next one of its kind, if it has been made."""
    return db.session.scalars(
        select(Period)
        .where(Period.kind == period.kind, Period.starts_on > period.ends_on)
        .order_by(Period.starts_on)
        .limit(1)
    ).one_or_none()
