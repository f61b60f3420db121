"""What the goals of a period came to, for all of them at once: a few questions however many they are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import BigInteger, Date, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.extensions import db
from app.goals import holidays, queries
from app.goals.models import Goal, Period
from app.goals.verdict import Given, Presence, Verdict, judge, presence
from app.metrics.contributions import of_one
from app.metrics.models import Metric, MetricKind
from app.metrics.queries import person_values, team_values
from app.people.models import Person

ZERO = Decimal(0)
Figures = tuple[Decimal, Decimal]
"""Value and base."""


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """What of a goal its verdict needs."""

    goal_id: int
    metric_id: int
    person_id: int | None
    team_id: int | None
    starts_on: date
    ends_on: date
    target: Decimal
    hired_on: date | None
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Judged:
    goal: GoalFacts
    given: Given
    verdict: Verdict

    @property
    def goal_id(self) -> int:
        return self.goal.goal_id

    @property
    def whose(self) -> dict[str, int]:
        """As events name it."""
        keys = {"person_id": self.goal.person_id, "team_id": self.goal.team_id}
        return {"goal_id": self.goal_id} | {name: key for name, key in keys.items() if key is not None}


def evaluate(period: Period, exceeded_from: Decimal, *, only: Collection[int] | None = None) -> list[Judged]:
    """Judge every goal of a period that counts, by what is recorded now; drafts are none of them.

    `only`: those of these keys.
    """
    goals = _goals(period, only)
    metrics = _metrics({goal.metric_id for goal in goals})
    figures = _figures(period, goals, metrics)
    there = _presences(period, goals)
    found = []
    for goal in goals:
        metric = metrics[goal.metric_id]
        value, base = figures.get(goal.goal_id, (ZERO, ZERO))
        given = Given(
            value=value,
            base=base if metric.kind is MetricKind.RATIO else None,
            target=goal.target,
            higher_is_better=metric.is_higher_better,
            exceeded_from=exceeded_from,
            cases_needed=metric.rank_from if metric.kind is MetricKind.RATIO else 1,
            presence=there[goal.person_id] if goal.person_id is not None else None,
        )
        found.append(Judged(goal, given, judge(given)))
    return found


def _goals(period: Period, only: Collection[int] | None) -> list[GoalFacts]:
    chosen = Goal.id.in_(only) if only is not None else true()
    rows = db.session.execute(
        select(
            Goal.id,
            Goal.metric_id,
            Goal.person_id,
            Goal.team_id,
            Goal.starts_on,
            Goal.ends_on,
            Goal.target,
            Person.hired_on,
            Person.left_on,
        )
        .outerjoin(Person, Person.id == Goal.person_id)
        .where(Goal.period_id == period.id, queries.stands, chosen)
        .order_by(Goal.id)
    )
    return [GoalFacts(*row) for row in rows]


def _metrics(ids: Collection[int]) -> dict[int, Metric]:
    """Held, so that none is defined anew while the goals on it are judged."""
    stmt = select(Metric).where(Metric.id.in_(ids)).order_by(Metric.id).with_for_update(read=True)
    found = db.session.scalars(stmt.execution_options(populate_existing=True))
    return {metric.id: metric for metric in found}


def _figures(period: Period, goals: Sequence[GoalFacts], metrics: dict[int, Metric]) -> dict[int, Figures]:
    """By goal. Goals of the whole period come from the totals; those of some of its days from the records."""
    found: dict[int, Figures] = {}
    whole, part = defaultdict(list), defaultdict(list)
    for goal in goals:
        if goal.team_id is not None or (goal.starts_on, goal.ends_on) == (period.starts_on, period.ends_on):
            whole[goal.metric_id, goal.team_id is None, goal.starts_on, goal.ends_on].append(goal)
        else:
            part[goal.metric_id].append(goal)
    for (metric_id, is_person, first, last), theirs in whole.items():
        values = (person_values if is_person else team_values)(metrics[metric_id], first, last)
        for goal in theirs:
            if (value := values.get((goal.person_id if is_person else goal.team_id) or 0)) is not None:
                found[goal.goal_id] = value.value, value.base or ZERO
    for metric_id, theirs in part.items():
        found |= _of_parts(metrics[metric_id], theirs)
    return found


def _of_parts(metric: Metric, goals: Sequence[GoalFacts]) -> dict[int, Figures]:
    """Of people's goals that are shorter than their period, each its own days."""
    counted = of_one(metric).subquery()
    spans = (
        func.unnest(
            literal([goal.goal_id for goal in goals], ARRAY(BigInteger)),
            literal([goal.person_id for goal in goals], ARRAY(BigInteger)),
            literal([goal.starts_on for goal in goals], ARRAY(Date)),
            literal([goal.ends_on for goal in goals], ARRAY(Date)),
        )
        .table_valued(
            column("goal_id", BigInteger),
            column("person_id", BigInteger),
            column("first", Date),
            column("last", Date),
        )
        .render_derived("span")
    )
    rows = db.session.execute(
        select(spans.c.goal_id, func.sum(counted.c.value), func.sum(counted.c.base))
        .join(
            counted,
            (counted.c.person_id == spans.c.person_id) & counted.c.day.between(spans.c.first, spans.c.last),
        )
        .group_by(spans.c.goal_id)
    )
    return {goal_id: (value, base or ZERO) for goal_id, value, base in rows}


def _presences(period: Period, goals: Sequence[GoalFacts]) -> dict[int, Presence]:
    """By person, over the working days of the whole period."""
    first, last = period.starts_on, period.ends_on
    days = list(holidays.company_calendar(first, last).days(first, last)) or [
        first + timedelta(days=number) for number in range((last - first).days + 1)
    ]
    people: dict[int, GoalFacts] = {goal.person_id: goal for goal in goals if goal.person_id is not None}
    off = holidays.days_off(list(people), first, last)
    always = Presence(len(days))
    found: dict[int, Presence] = {}
    for person_id, goal in people.items():
        if _is_always_there(goal, period) and person_id not in off:
            found[person_id] = always
        else:
            found[person_id] = presence(
                days, hired_on=goal.hired_on, left_on=goal.left_on, days_off=off.get(person_id, frozenset())
            )
    return found


def _is_always_there(goal: GoalFacts, period: Period) -> bool:
    """Hired long enough before that no day of the period is one of the first months: most people."""
    return (goal.hired_on is None or (period.starts_on - goal.hired_on).days > 100) and (
        goal.left_on is None or goal.left_on >= period.ends_on
    )
