"""Results by day, for many people, teams and metrics in one question each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from sqlalchemy import BigInteger, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from app.extensions import db
from app.metrics.contributions import contributions
from app.metrics.models import Metric, TeamTotal

ZERO = Decimal(0)
Key: TypeAlias = tuple[Literal["person", "team"], int, int]
"""Whose, and the metric's key."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's results: both parts of a ratio, and how many results made them (unknown of a team)."""

    value: Decimal
    base: Decimal
    number: int


@dataclass(frozen=True, slots=True)
class Series:
    """The days of one subject and metric that brought something."""

    days: Mapping[date, Day]

    def value(self, first: date, last: date) -> Decimal:
        return sum((each.value for day, each in self.days.items() if first <= day <= last), ZERO)

    def base(self, first: date, last: date) -> Decimal:
        return sum((each.base for day, each in self.days.items() if first <= day <= last), ZERO)

    @property
    def typical(self) -> Decimal | None:
        """What one result brings; None where their number is not known."""
        number = sum(each.number for each in self.days.values())
        return sum((each.value for each in self.days.values()), ZERO) / number if number else None

    def weeks(self, first: date, number: int) -> tuple[Decimal, ...]:
        """Sums of `number` lots of seven days from a day on."""
        starts = [first + timedelta(weeks=week) for week in range(number)]
        return tuple(self.value(start, start + timedelta(days=6)) for start in starts)


NOTHING = Series({})


def by_day(
    metrics: Iterable[Metric],
    *,
    people: Collection[int] = (),
    teams: Collection[int] = (),
    first: date,
    last: date,
) -> dict[Key, Series]:
    """Two questions at most: people's results from the records, teams' from their totals."""
    metrics = list(metrics)
    found: dict[Key, dict[date, Day]] = defaultdict(dict)
    if people and metrics:
        for metric_id, person_id, day, value, base, number in _of_people(metrics, people, first, last):
            found["person", person_id, metric_id][day] = Day(value, base, number)
    if teams and metrics:
        rows = db.session.execute(
            select(TeamTotal.metric_id, TeamTotal.team_id, TeamTotal.day, TeamTotal.value, TeamTotal.base)
            .where(
                TeamTotal.metric_id.in_([metric.id for metric in metrics]),
                TeamTotal.team_id.in_(list(teams)),
                TeamTotal.day >= first,
                TeamTotal.day <= last,
            )
            .order_by(TeamTotal.day)
        )
        for metric_id, team_id, day, value, base in rows:
            found["team", team_id, metric_id][day] = Day(value, base, 0)
    return {key: Series(days) for key, days in found.items()}


def _of_people(
    metrics: list[Metric], people: Collection[int], first: date, last: date
) -> Iterable[tuple[int, int, date, Decimal, Decimal, int]]:
    parts = []
    wanted = literal(sorted(people), ARRAY(BigInteger))  # one parameter, however many they are
    for subject in dict.fromkeys(metric.subject for metric in metrics):
        rows = contributions(subject, [metric for metric in metrics if metric.subject is subject]).subquery()
        parts.append(
            select(
                rows.c.metric_id,
                rows.c.person_id,
                rows.c.day,
                func.sum(rows.c.value),
                func.sum(rows.c.base),
                func.count(),
            )
            .where(rows.c.person_id == func.any(wanted), rows.c.day >= first, rows.c.day <= last)
            .group_by(rows.c.metric_id, rows.c.person_id, rows.c.day)
        )
    for row in db.session.execute(union_all(*parts) if len(parts) > 1 else parts[0]):
        yield tuple(row)
