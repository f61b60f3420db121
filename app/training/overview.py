"""Who in one's sight is where with their courses: by team, by course, by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, Select, and_, any_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person, Team
from app.people.queries import team_tree, visible_people, visible_teams
from app.training.models import Assignment, Course

State = Literal["all", "overdue", "open", "done"]
STATES: tuple[State, ...] = ("all", "overdue", "open", "done")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is asked for; teams with all below them."""

    team: Team | None = None
    course_id: int | None = None
    state: State = "all"
    words: str = ""


def _in_sight(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    """Others, who work here today."""
    found = and_(Person.id.in_(visible_people(viewer)), Person.is_active, Person.id != viewer.person_id)
    if wanted.team is not None:
        below = select(Team.id).where(literal(wanted.team.id) == any_(Team.path))
        found = and_(found, Person.team_id.in_(below))
    return found


_IS_OPEN = and_(Assignment.completed_on.is_(None), Assignment.withdrawn_at.is_(None))


def _is_overdue(today: date) -> ColumnElement[bool]:
    return and_(_IS_OPEN, Assignment.due_on < today)


def _is_done(today: date) -> ColumnElement[bool]:
    return and_(
        Assignment.completed_on.is_not(None),
        or_(Assignment.expires_on.is_(None), Assignment.expires_on > today),
    )


def _counted(wanted: Wanted, today: date) -> Any:
    """person_id, open, overdue, done, due_on (the next), completed_on (the last)."""
    stmt = (
        select(
            Assignment.person_id,
            func.count().filter(_IS_OPEN).label("open"),
            func.count().filter(_is_overdue(today)).label("overdue"),
            func.count(Assignment.course_id.distinct()).filter(_is_done(today)).label("done"),
            func.min(Assignment.due_on).filter(_IS_OPEN).label("due_on"),
            func.max(Assignment.completed_on).label("completed_on"),
        )
        .where(Assignment.withdrawn_at.is_(None))
        .group_by(Assignment.person_id)
    )
    if wanted.course_id is not None:
        stmt = stmt.where(Assignment.course_id == wanted.course_id)
    return stmt.subquery("counted")


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    name: str
    team: str | None
    open: int
    overdue: int
    done: int
    due_on: date | None
    completed_on: date | None


def people(viewer: Viewer, wanted: Wanted) -> Select[Any]:
    """Who is overdue longest comes first; without a course to do, by name."""
    counted = _counted(wanted, clock.today())
    numbers = [func.coalesce(column, 0) for column in (counted.c.open, counted.c.overdue, counted.c.done)]
    stmt = (
        select(Person.id, Person.name, Team.name, *numbers, counted.c.due_on, counted.c.completed_on)
        .outerjoin(counted, counted.c.person_id == Person.id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(_in_sight(viewer, wanted))
        .order_by(
            case((counted.c.overdue > 0, 0), (counted.c.open > 0, 1), else_=2),
            counted.c.due_on.nulls_last(),
            func.lower(Person.name),
            Person.id,
        )
    )
    if wanted.state == "overdue":
        stmt = stmt.where(counted.c.overdue > 0)
    elif wanted.state == "open":
        stmt = stmt.where(counted.c.open > 0)
    elif wanted.state == "done":
        stmt = stmt.where(counted.c.done > 0, counted.c.open == 0)
    for word in wanted.words.split():
        stmt = stmt.where(func.strpos(func.lower(Person.name), word.lower()) > 0)
    return stmt


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a team with all below it, or of a course. `people` are those with anything to do or done."""

    id: int
    name: str
    people: int
    open: int
    overdue: int
    done: int

    @property
    def share(self) -> float | None:
        """Of what was asked, what is done."""
        asked = self.open + self.done
        return self.done / asked if asked else None


def whole(viewer: Viewer, wanted: Wanted) -> Sum:
    counted = _counted(wanted, clock.today())
    stmt = (
        select(*_sums(counted))
        .select_from(Person)
        .join(counted, counted.c.person_id == Person.id)
        .where(_in_sight(viewer, wanted))
    )
    row: Any = db.session.execute(stmt).one()
    return Sum(0, "", *row)


def _sums(counted: Any) -> list[ColumnElement[int]]:
    return [
        func.count(),
        *(
            cast(func.coalesce(func.sum(column), 0), BigInteger)
            for column in (counted.c.open, counted.c.overdue, counted.c.done)
        ),
    ]


def by_team(viewer: Viewer, wanted: Wanted) -> list[Sum]:
    """The teams right below the one looked at, or the highest in sight, each with all below it."""
    counted = _counted(wanted, clock.today())
    above = aliased(Team)
    stmt = (
        select(above.id, above.name, *_sums(counted))
        .select_from(Person)
        .join(counted, counted.c.person_id == Person.id)
        .join(Team, Team.id == Person.team_id)
        .join(above, above.id == any_(Team.path))
        .where(_in_sight(viewer, wanted), above.id.in_(visible_teams(viewer)))
        .group_by(above.id, above.name)
        .order_by(func.lower(above.name), above.id)
    )
    if wanted.team is not None:
        stmt = stmt.where(above.parent_id == wanted.team.id)
        found: list[Any] = list(db.session.execute(stmt))
        return [Sum(*row) for row in found]
    rows: list[Any] = list(db.session.execute(stmt.add_columns(above.path)))
    while True:  # one single team at the top says nothing: those below it are looked at
        keys = {row[0] for row in rows}
        top = [row for row in rows if not keys.intersection(row[-1][:-1])]
        if len(top) != 1 or len(rows) == 1:
            return [Sum(*row[:-1]) for row in top]
        rows = [row for row in rows if row is not top[0]]


def by_course(viewer: Viewer, wanted: Wanted, limit: int = 12) -> list[Sum]:
    """The most overdue first."""
    today = clock.today()
    overdue = func.count().filter(_is_overdue(today))
    stmt = (
        select(
            Course.id,
            Course.title,
            func.count(Assignment.person_id.distinct()),
            func.count().filter(_IS_OPEN),
            overdue,
            func.count(Assignment.person_id.distinct()).filter(_is_done(today)),
        )
        .join(Course, Course.id == Assignment.course_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(_in_sight(viewer, wanted), Assignment.withdrawn_at.is_(None), Course.archived_at.is_(None))
        .group_by(Course.id, Course.title)
        .order_by(overdue.desc(), func.lower(Course.title), Course.id)
        .limit(limit)
    )
    return [Sum(*row) for row in db.session.execute(stmt)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to whom a course may be given."""

    id: int
    name: str
    team: str | None
    is_open: bool
    counts: bool


def team_options(viewer: Viewer) -> list[tuple[int, str]]:
    """Teams in sight, those below indented."""
    seen = set(db.session.scalars(visible_teams(viewer)))
    nodes = [node for node in team_tree() if node.id in seen]
    top = min((node.depth for node in nodes), default=0)
    return [(node.id, "\u00a0\u00a0" * (node.depth - top) + node.name) for node in nodes]


MOST = 200  # people to choose from at a time


def assignable_people(viewer: Viewer, chosen: Iterable[int]) -> list[int]:
    """Of those chosen, the ones to whom this viewer may give a course."""
    stmt = select(Person.id).where(Person.id.in_(list(chosen)), _in_sight(viewer, Wanted()))
    return list(db.session.scalars(stmt))


def candidates(viewer: Viewer, wanted: Wanted, limit: int = MOST) -> list[Candidate]:
    counted = _counted(wanted, clock.today())
    stmt = (
        select(
            Person.id,
            Person.name,
            Team.name,
            func.coalesce(counted.c.open, 0) > 0,
            func.coalesce(counted.c.done, 0) > 0,
        )
        .outerjoin(counted, counted.c.person_id == Person.id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(_in_sight(viewer, wanted))
        .order_by(func.lower(Person.name), Person.id)
        .limit(limit)
    )
    for word in wanted.words.split():
        stmt = stmt.where(func.strpos(func.lower(Person.name), word.lower()) > 0)
    return [Candidate(*row) for row in db.session.execute(stmt)]
