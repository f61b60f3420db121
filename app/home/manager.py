"""A manager's home: the team by distance from pace, what waits, what happened today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.coaching import scope
from app.coaching.models import Session
from app.coaching.plans import queries as plans
from app.coaching.sessions import queries as sessions
from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import adjustment_lists, progress, queries
from app.goals.answering import Answers, unanswered
from app.goals.models import Goal, PeriodKind
from app.goals.pages import Filters
from app.goals.progress import Progress
from app.home.today import Today, today
from app.people.models import Person
from app.people.queries import visible_people, visible_teams
from app.sales.models import Sale, SaleCredit, Stage
from app.sales.queries import process, waiting
from app.sales.queries.process import Queue

PEOPLE_SHOWN = 40
_ORDER = {PeriodKind.QUARTER: 0, PeriodKind.MONTH: 1, PeriodKind.YEAR: 2}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team: their goal if they have one, the days since their last win and session."""

    person: Person
    progress: Progress | None
    days_since_win: int | None
    days_since_session: int | None
    is_coached: bool  # by who looks: a note may be begun


@dataclass(frozen=True, slots=True)
class Team:
    teams: Sequence[Progress]
    members: Sequence[Member]
    more: int
    behind: int

    @property
    def main(self) -> Progress | None:
        return self.teams[0] if self.teams else next((m.progress for m in self.members if m.progress), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    answers: Answers
    adjustments: int  # of closed periods, to be decided
    queues: Sequence[Queue]
    session: Session | None  # the next of today
    plans: Mapping[str, int]  # that wait for one's word ("you") or for their end ("end")

    @property
    def late(self) -> int:
        return sum(queue.late for queue in self.queues)


def team_of(viewer: Viewer) -> Team:
    """Who is furthest behind comes first; who has no goal comes last."""
    here = visible_people(viewer)
    people = {
        person.id: person
        for person in db.session.scalars(
            select(Person)
            .where(Person.id.in_(here), Person.id != viewer.person_id, Person.is_active, Person.role == "rep")
            .order_by(func.lower(Person.name), Person.id)
        )
    }
    goals = queries.goals_for(person_ids=list(people), team_ids=visible_teams(viewer))
    chosen = _main(goals)
    found = progress.for_goals([goal for goal in goals if (goal.metric_id, goal.period_id) == chosen])
    by_person = {each.goal.person_id: each for each in found if each.goal.person_id is not None}
    wins = _last_wins(list(people))
    coached = {person.id for person in people.values() if scope.leads(viewer, person)}
    last = sessions.last_sessions(viewer, coached)
    members = [
        Member(
            person,
            by_person.get(person.id),
            _days_since(wins.get(person.id)),
            _days_since(last.get(person.id)),
            person.id in coached,
        )
        for person in people.values()
    ]
    members.sort(key=lambda m: (m.progress is None, m.progress.distance if m.progress else 0))
    return Team(
        teams=[each for each in found if each.goal.team_id is not None],
        members=members[:PEOPLE_SHOWN],
        more=max(len(members) - PEOPLE_SHOWN, 0),
        behind=sum(m.progress is not None and m.progress.state == "behind" for m in members),
    )


def _main(goals: Sequence[Goal]) -> tuple[int, int] | None:
    """The quarter's first metric, then the month's; what most people have a goal for among equals."""
    counts = Counter((goal.metric_id, goal.period_id) for goal in goals if goal.person_id is not None)
    by_key = {(goal.metric_id, goal.period_id): goal for goal in goals}
    if not by_key:
        return None

    def weight(key: tuple[int, int]) -> tuple[int, int, int]:
        return _ORDER[by_key[key].period.kind], by_key[key].metric.position, -counts[key]

    return min(counts or by_key, key=weight)


def _last_wins(people: Sequence[int]) -> dict[int, date]:
    rows = db.session.execute(
        select(SaleCredit.person_id, func.max(Sale.closed_on))
        .join(Sale, Sale.id == SaleCredit.sale_id)
        .where(
            SaleCredit.person_id.in_(people),
            Sale.stage == Stage.WON,
            Sale.voided_at.is_(None),
            Sale.cancelled_on.is_(None),
        )
        .group_by(SaleCredit.person_id)
    )
    return {person_id: day for person_id, day in rows if day is not None}


def _days_since(day: date | None) -> int | None:
    return None if day is None else max((clock.today() - day).days, 0)


def waiting_for(viewer: Viewer) -> Waiting:
    session = sessions.next_session(viewer, on=clock.today())
    of_plans = plans.waiting_for(viewer)
    adjustments = adjustment_lists.to_decide(viewer)
    return Waiting(
        unanswered(viewer, Filters()), adjustments, process.queues(viewer, waiting.rules()), session, of_plans
    )


def todays(viewer: Viewer) -> Today:
    return today(SaleCredit.person_id.in_(visible_people(viewer)), named=True)
