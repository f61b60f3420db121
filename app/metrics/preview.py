"""What a metric, saved or not, would have come to in the last quarter: straight from the records."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import any_, func, select

from app.core import clock
from app.extensions import db
from app.metrics.contributions import day_of, of_one
from app.metrics.definition import Definition
from app.metrics.spans import DAY
from app.people.company import the_company
from app.people.models import Person, Team

TOP = 10


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    value: Decimal
    base: Decimal
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    first: date
    last: date
    teams: list[Line]  # in the order of the tree, the company first
    people: list[Line]  # the best
    cases: int  # rows of records

    @property
    def is_empty(self) -> bool:
        return not self.cases


def last_quarter(today: date, fiscal_start: int = 1) -> tuple[date, date]:
    """The last whole quarter of the fiscal year."""
    months = (today.month - fiscal_start) % 3
    after = today.replace(day=1)
    for _ in range(months):
        after = (after - DAY).replace(day=1)
    first = after
    for _ in range(3):
        first = (first - DAY).replace(day=1)
    return first, after - DAY


def preview(definition: Definition, *, is_ratio: bool, is_higher_better: bool, rank_from: int) -> Preview:
    first, last = last_quarter(clock.today(), the_company().fiscal_start_month)
    counted = of_one(definition).where(day_of(definition).between(first, last)).cte("counted")
    value, base = func.sum(counted.c.value), func.sum(counted.c.base)
    figure = value / func.nullif(base, 0) if is_ratio else value
    people = (
        select(Person.name, value, base)
        .join(Person, Person.id == counted.c.person_id)
        .group_by(Person.id)
        .order_by(figure.desc() if is_higher_better else figure.asc(), Person.name, Person.id)
        .limit(TOP)
    )
    if is_ratio:
        people = people.having(base >= rank_from)
    above = select(Team.id, Team.name, Team.path).subquery()
    root = select(Team.id).where(Team.parent_id.is_(None)).scalar_subquery()
    teams = (
        select(above.c.name, value, base, func.cardinality(above.c.path) - 1)
        .select_from(counted)
        .join(Team, Team.id == func.coalesce(counted.c.team_id, root))
        .join(above, above.c.id == any_(Team.path))
        .group_by(above.c.id, above.c.name, above.c.path)
        .order_by(above.c.path)
    )
    return Preview(
        first,
        last,
        [Line(*row) for row in db.session.execute(teams)],
        [Line(*row) for row in db.session.execute(people)],
        db.session.scalar(select(func.count()).select_from(counted)) or 0,
    )
