"""Targets proposed from history for the people and teams of a scope, with the arithmetic of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from app.core import clock, idempotency
from app.core.errors import Conflict
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import holidays, operations, periods, queries, units
from app.goals.fiscal import PERIODS_A_YEAR, Kind, earlier
from app.goals.lines import Line
from app.goals.models import Goal, Period
from app.goals.proposal import Basis, Proposal, propose, season_index
from app.goals.proration import prorate
from app.goals.words import stored
from app.metrics.models import Metric, MetricKind, TeamTotal, Total
from app.people.models import Person, Team, TeamKind
from app.people.queries import below

LOOK_BACK: dict[str, int] = {"month": 24, "quarter": 8, "year": 4}
MOST = 500
ZERO = Decimal(0)
Months = Mapping[date, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one person or team could be asked for. `goal` is there already."""

    subject: Person | Team
    proposal: Proposal
    target: Decimal | None
    lines: tuple[Line, ...]
    history: tuple[Decimal | None, ...]
    goal: Goal | None

    @property
    def key(self) -> str:
        return f"{'team' if isinstance(self.subject, Team) else 'person'}-{self.subject.id}"


@dataclass(frozen=True, slots=True)
class Sheet:
    period: Period
    metric: Metric
    growth: Decimal
    rows: Sequence[Proposed]
    periods: Sequence[tuple[date, date]]


def sheet(viewer: Viewer, period: Period, metric: Metric, growth: Decimal, team: Team | None = None) -> Sheet:
    """Proposals for the teams and people that the viewer sets goals for, in one team if it is named."""
    teams, people = _subjects(viewer, period, team)
    spans, ahead = _spans(period)
    by_person = _person_months(metric, [person.id for person in people], spans)
    by_team = _team_months(metric, [each.id for each in teams], spans)
    since = periods.first_record_on()
    season = _season(metric, by_team, spans, since, period.kind.value)
    maker = _Maker(period, metric, growth, spans, ahead, season, since)
    goals = _goals(period, metric)
    rows = [
        maker.of_team(each, by_team.get(each.id, {}), goals.get(("team", each.id)))
        for each in teams
        if each.id in by_team
    ]
    histories = {person.id: maker.history(by_person.get(person.id, {}), person.hired_on) for person in people}
    peers = _peers(people, histories, maker)
    off = holidays.days_off([person.id for person in people], period.starts_on, period.ends_on)
    rows += [
        maker.of_person(
            person,
            histories[person.id],
            peers.get(person.team_id) or peers.get(None, []),
            off.get(person.id, frozenset()),
            goals.get(("person", person.id)),
        )
        for person in people
    ]
    return Sheet(period, metric, growth, rows, spans)


@atomic
def save_proposals(found: Sheet, chosen: Mapping[str, Decimal | None], *, by: int, key: UUID) -> list[Goal]:
    """Drafts for the chosen rows, with the target typed by hand where there is one.

    The same form posted twice makes them once; who got a goal in the meantime keeps it.
    """
    if idempotency.earlier(key, by) is not None:
        return []
    made = []
    for row in found.rows:
        if row.key not in chosen or row.goal is not None:
            continue
        typed = chosen[row.key]
        target = row.target if typed is None else typed
        if target is None or target <= 0:
            continue
        lines = [*row.lines]
        if typed is not None and typed != row.target:
            lines.append(Line("hand", typed))
        try:
            made.append(
                operations.create_goal(
                    row.subject,
                    period=found.period,
                    metric=found.metric,
                    target=target,
                    by=by,
                    is_fixed=typed is not None,
                    arithmetic=stored(lines),
                )
            )
        except Conflict:
            continue
    return made


class _Maker:
    """What is the same for every row of a sheet."""

    def __init__(
        self,
        period: Period,
        metric: Metric,
        growth: Decimal,
        spans: Sequence[tuple[date, date]],
        ahead: int,
        season: Sequence[Decimal] | None,
        since: date | None,
    ) -> None:
        self.period, self.metric, self.growth = period, metric, growth
        self.spans, self.ahead, self.season, self.since = spans, ahead, season, since
        self.calendar = holidays.company_calendar(period.starts_on, period.ends_on)

    def history(self, months: Months, hired_on: date | None) -> tuple[Decimal | None, ...]:
        """Result of each span; None before the records begin, or where a person was not there for all of it.

        Without a day of hiring somebody is there from their first result.
        """
        begins = self.since
        if hired_on is not None:
            begins = max(begins, hired_on) if begins else hired_on
        elif months:
            begins = max(begins, min(months)) if begins else min(months)
        found: list[Decimal | None] = []
        for first, last in self.spans:
            inside = [each for month, each in months.items() if first <= month <= last]
            value, base = sum((v for v, _ in inside), ZERO), sum((b for _, b in inside), ZERO)
            if begins is None or first < begins.replace(day=1) or (hired_on and first < hired_on):
                found.append(None)
            elif self.metric.kind is MetricKind.RATIO:
                found.append(value / base if base else None)
            else:
                found.append(value)
        return tuple(found)

    def proposal(
        self, history: Sequence[Decimal | None], peers: Sequence[Decimal] = (), growth: Decimal | None = None
    ) -> Proposal:
        known = [value for value in history if value is not None] or list(peers)
        typical = max(known, default=ZERO)
        return propose(
            history,
            periods_a_year=PERIODS_A_YEAR[self.period.kind.value],
            growth=self.growth if growth is None else growth,
            peers=peers,
            season=self.season,
            unit=units.round_step(self.metric, typical),
            ahead=self.ahead,
        )

    def of_team(self, team: Team, months: Months, goal: Goal | None) -> Proposed:
        history = self.history(months, None)
        found = self.proposal(history)
        return Proposed(team, found, found.target, found.lines, history, goal)

    def of_person(
        self,
        person: Person,
        history: tuple[Decimal | None, ...],
        peers: Sequence[Decimal],
        days_off: frozenset[date],
        goal: Goal | None,
    ) -> Proposed:
        found = self.proposal(history, peers)
        if found.target is None or self.metric.kind is MetricKind.RATIO:
            return Proposed(person, found, found.target, found.lines, history, goal)
        part = prorate(
            found.target,
            self.period.starts_on,
            self.period.ends_on,
            self.calendar,
            hired_on=person.hired_on,
            left_on=person.left_on,
            days_off=days_off,
            unit=units.step(self.metric),
        )
        return Proposed(person, found, part.target, (*found.lines, *part.lines[1:]), history, goal)


def _subjects(viewer: Viewer, period: Period, team: Team | None) -> tuple[Sequence[Team], Sequence[Person]]:
    inside = below(team.id) if team is not None else queries.managed_teams(viewer)
    teams = db.session.scalars(
        select(Team)
        .where(Team.id.in_(queries.managed_teams(viewer)), Team.id.in_(inside), Team.archived_at.is_(None))
        .order_by(Team.path)
    ).all()
    stmt = select(Person).where(
        Person.id.in_(queries.managed_people(viewer)),
        Person.is_active,
        func.coalesce(Person.hired_on, period.starts_on) <= period.ends_on,
    )
    if team is not None:
        stmt = stmt.where(Person.team_id.in_(inside))
    people = db.session.scalars(stmt.order_by(func.lower(Person.name), Person.id).limit(MOST)).all()
    return teams, [person for person in people if person.role.value == "rep"]


def _spans(period: Period) -> tuple[list[tuple[date, date]], int]:
    """The periods before, oldest first, up to the last one that is over; and how many steps lie between."""
    kind: Kind = period.kind.value
    today, ahead = clock.today(), 1
    while earlier(kind, period.starts_on, ahead)[1] >= today:
        ahead += 1
    number = LOOK_BACK[kind]
    return [earlier(kind, period.starts_on, ahead + back) for back in range(number)][::-1], ahead


def _person_months(
    metric: Metric, ids: Collection[int], spans: Sequence[tuple[date, date]]
) -> dict[int, dict[date, tuple[Decimal, Decimal]]]:
    found: dict[int, dict[date, tuple[Decimal, Decimal]]] = defaultdict(dict)
    rows = db.session.execute(
        select(Total.person_id, Total.month, Total.value, Total.base).where(
            Total.metric_id == metric.id,
            Total.person_id.in_(list(ids)),
            Total.month.between(spans[0][0], spans[-1][1]),
        )
    )
    for person_id, month, value, base in rows:
        found[person_id][month] = value, base
    return found


def _team_months(
    metric: Metric, ids: Collection[int], spans: Sequence[tuple[date, date]]
) -> dict[int, dict[date, tuple[Decimal, Decimal]]]:
    """Of the teams, and of the company, whose season everybody shares."""
    month = func.date_trunc("month", TeamTotal.day)
    company = select(Team.id).where(Team.kind == TeamKind.COMPANY)
    wanted = select(Team.id).where(Team.id.in_(list(ids)) | Team.id.in_(company))
    found: dict[int, dict[date, tuple[Decimal, Decimal]]] = defaultdict(dict)
    rows = db.session.execute(
        select(TeamTotal.team_id, month, func.sum(TeamTotal.value), func.sum(TeamTotal.base))
        .where(
            TeamTotal.metric_id == metric.id,
            TeamTotal.team_id.in_(wanted),
            TeamTotal.day.between(spans[0][0], spans[-1][1]),
        )
        .group_by(TeamTotal.team_id, month)
    )
    for team_id, begins, value, base in rows:
        found[team_id][begins.date()] = value, base
    return found


def _season(
    metric: Metric,
    by_team: Mapping[int, Months],
    spans: Sequence[tuple[date, date]],
    since: date | None,
    kind: str,
) -> list[Decimal] | None:
    if metric.kind is MetricKind.RATIO or not by_team:
        return [Decimal(1)] * PERIODS_A_YEAR[kind]
    root = db.session.scalar(select(Team.id).where(Team.kind == TeamKind.COMPANY))
    months = by_team.get(root or 0, {})
    history = [
        sum((value for month, (value, _base) in months.items() if first <= month <= last), ZERO)
        if since is not None and first >= since.replace(day=1)
        else None
        for first, last in spans
    ]
    return season_index(history, PERIODS_A_YEAR[kind])


def _peers(
    people: Sequence[Person], histories: Mapping[int, Sequence[Decimal | None]], maker: _Maker
) -> dict[int | None, list[Decimal]]:
    """By team, and under None of all: what those with a history would be asked for without growth."""
    found: dict[int | None, list[Decimal]] = defaultdict(list)
    for person in people:
        own = maker.proposal(histories[person.id], growth=ZERO)
        if own.basis is Basis.HISTORY and own.target:
            found[person.team_id].append(own.target)
            if person.team_id is not None:
                found[None].append(own.target)
    return found


def _goals(period: Period, metric: Metric) -> dict[tuple[str, int], Goal]:
    found = db.session.scalars(
        select(Goal).where(
            Goal.period_id == period.id, Goal.metric_id == metric.id, Goal.withdrawn_at.is_(None)
        )
    )
    return {
        ("person", goal.person_id) if goal.person_id else ("team", goal.team_id or 0): goal for goal in found
    }
