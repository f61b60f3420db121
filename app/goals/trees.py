"""The tree that a team's goal comes down: teams and people below it, what they did, and who is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select

from app.core.permissions import Role
from app.extensions import db
from app.goals import holidays, queries
from app.goals.cascade import Node
from app.goals.fiscal import year_before
from app.goals.models import Goal, GoalStatus, Period
from app.goals.proration import prorate
from app.metrics import queries as metrics
from app.metrics.models import Metric, MetricKind
from app.people.models import Person, Team
from app.people.queries import below

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """A place in the tree. `presence` is the share of a full target that a person is there for."""

    key: str  # team-3, person-7
    name: str
    is_team: bool
    id: int
    parent: str | None
    last_year: Decimal | None
    presence: Decimal
    goal: Goal | None


@dataclass(frozen=True)
class Tree:
    """Parts from the root down, each before those below it."""

    parts: tuple[Part, ...]

    @property
    def root(self) -> Part:
        return self.parts[0]

    def of(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    def node(self, fixed: Mapping[str, Decimal]) -> Node:
        """As the arithmetic wants it: leaves with what they did while they are there."""
        below_: dict[str | None, list[Part]] = {}
        for part in self.parts:
            below_.setdefault(part.parent, []).append(part)

        def build(part: Part) -> Node:
            history = part.last_year
            if history is not None and not part.is_team:
                history *= part.presence
            return Node(
                part.key,
                parts=tuple(build(each) for each in below_.get(part.key, ())),
                history=history,
                headcount=part.presence,
                fixed=fixed.get(part.key),
            )

        return build(self.root)


def tree_of(team: Team, metric: Metric, period: Period, *, without: int) -> Tree:
    """Teams below with somebody who could have a goal, and these people, but for `without`, who sets them.

    These are the reps, and whoever had a result a year ago or has a goal already.
    """
    teams = db.session.scalars(
        select(Team).where(Team.id.in_(below(team.id)), Team.archived_at.is_(None)).order_by(Team.path)
    ).all()
    people = _people([each.id for each in teams], period, without)
    ids = [person.id for person in people]
    first, last = year_before(period.kind.value, period.starts_on)
    done = metrics.person_values(metric, first, last, ids) if ids else {}
    done_by_teams = metrics.team_values(metric, first, last, [each.id for each in teams])
    goals = _goals(metric, period, [each.id for each in teams], ids)
    presence = _presence(people, period)
    chosen = [
        person
        for person in people
        if person.role is Role.REP or person.id in done or ("person", person.id) in goals
    ]
    used = _used_teams(teams, chosen, goals, team.id)

    def figure(found: Mapping[int, metrics.Value], key: int) -> Decimal | None:
        value = found.get(key)
        return value.figure if value is not None else None

    parts: list[Part] = []
    members: dict[int | None, list[Person]] = {}
    for person in chosen:
        members.setdefault(person.team_id, []).append(person)
    for each in _in_tree_order(teams, used, team.id):
        key = f"team-{each.id}"
        parent = None if each.id == team.id else f"team-{each.parent_id}"
        parts.append(
            Part(
                key,
                each.name,
                True,
                each.id,
                parent,
                figure(done_by_teams, each.id),
                ONE,
                goals.get(("team", each.id)),
            )
        )
        parts += [
            Part(
                f"person-{person.id}",
                person.name,
                False,
                person.id,
                key,
                figure(done, person.id),
                presence[person.id],
                goals.get(("person", person.id)),
            )
            for person in members.get(each.id, ())
        ]
    return Tree(tuple(parts))


def _in_tree_order(teams: Sequence[Team], used: set[int], root_id: int) -> list[Team]:
    """Each team before those below it, siblings by name."""
    children: dict[int | None, list[Team]] = {}
    for team in sorted(teams, key=lambda each: (each.name.lower(), each.id)):
        children.setdefault(team.parent_id, []).append(team)
    by_id = {team.id: team for team in teams}
    ordered: list[Team] = []

    def descend(team: Team) -> None:
        ordered.append(team)
        for child in children.get(team.id, ()):
            if child.id in used:
                descend(child)

    descend(by_id[root_id])
    return ordered


def _people(team_ids: Sequence[int], period: Period, without: int) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .where(
            Person.team_id.in_(team_ids),
            Person.id != without,
            Person.is_active,
            or_(Person.hired_on.is_(None), Person.hired_on <= period.ends_on),
            or_(Person.left_on.is_(None), Person.left_on >= period.starts_on),
        )
        .order_by(Person.name, Person.id)
    ).all()


def _goals(
    metric: Metric, period: Period, team_ids: Sequence[int], person_ids: Sequence[int]
) -> dict[tuple[str, int], Goal]:
    found = db.session.scalars(
        queries.with_names(select(Goal)).where(
            Goal.metric_id == metric.id,
            Goal.period_id == period.id,
            Goal.withdrawn_at.is_(None),
            or_(Goal.team_id.in_(team_ids), Goal.person_id.in_(person_ids)),
        )
    )
    return {
        ("person", goal.person_id) if goal.person_id else ("team", goal.team_id or 0): goal for goal in found
    }


def _presence(people: Sequence[Person], period: Period) -> dict[int, Decimal]:
    off = holidays.days_off([person.id for person in people], period.starts_on, period.ends_on)
    calendar = holidays.company_calendar(period.starts_on, period.ends_on)
    return {
        person.id: prorate(
            ONE,
            period.starts_on,
            period.ends_on,
            calendar,
            hired_on=person.hired_on,
            left_on=person.left_on,
            days_off=off.get(person.id, frozenset()),
            unit=Decimal("0.0001"),
        ).share
        for person in people
    }


def _used_teams(
    teams: Sequence[Team], people: Sequence[Person], goals: Mapping[tuple[str, int], Goal], root_id: int
) -> set[int]:
    """The root, and teams in or below which somebody is, or which have a goal."""
    filled = {person.team_id for person in people} | {key for kind, key in goals if kind == "team"}
    return {root_id} | {key for team in teams if team.id in filled for key in team.path}


def is_published(goal: Goal | None) -> bool:
    return goal is not None and goal.status is not GoalStatus.DRAFT


def is_ratio(metric: Metric) -> bool:
    return metric.kind is MetricKind.RATIO
