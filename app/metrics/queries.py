"""What the other rooms ask: which metrics there are, what they come to, and the records behind.

Spans include both days. Whole months of persons come from the totals; the days at the edges, of which
there are few, from the records. Teams are kept by day.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, func, or_, select, union_all

from app.core.errors import NotFound
from app.extensions import db
from app.metrics.contributions import Defined, Rows, day_of, key_of, of_one, person_of, team_of
from app.metrics.definition import Subject
from app.metrics.figures import Value, format_figure, format_figure_short, value_of
from app.metrics.models import Metric, TeamTotal, Total
from app.metrics.spans import split
from app.people.models import Team
from app.sales.models import Activity, Sale

__all__ = ["Value", "format_figure", "format_figure_short", "value_of"]

Ids = Collection[int] | Select[Any]


def metrics(*, with_hidden: bool = False) -> Sequence[Metric]:
    stmt = select(Metric).order_by(Metric.position, Metric.id)
    return db.session.scalars(stmt if with_hidden else stmt.where(Metric.is_active)).all()


def active_metrics() -> Sequence[Metric]:
    """Those that are offered, in their order. Hidden ones go on counting."""
    return metrics()


def metric_by_key(key: str) -> Metric:
    """Hidden ones too: goals on them stand. Raises NotFound."""
    found = db.session.scalars(select(Metric).where(Metric.key == key)).one_or_none()
    if found is None:
        raise NotFound
    return found


def person_values(metric: Metric, start: date, end: date, person_ids: Ids | None = None) -> dict[int, Value]:
    """Of those who have any; `value_of(metric)` is nobody's."""
    rows = db.session.execute(person_sums(metric, start, end, person_ids))
    return {person_id: value_of(metric, value, base) for person_id, value, base in rows}


def person_sums(metric: Metric, start: date, end: date, person_ids: Ids | None = None) -> Rows:
    """(person_id, value, base) of those who have any, to be read in another shape."""
    days = split(start, end)
    parts: list[Rows] = []
    if days.months:
        kept: Rows = select(Total.person_id, Total.value, Total.base).where(
            Total.metric_id == metric.id, Total.month.between(*days.months)
        )
        parts.append(kept if person_ids is None else kept.where(Total.person_id.in_(person_ids)))
    if days.edges:
        fresh = of_one(metric).where(or_(*(day_of(metric).between(*edge) for edge in days.edges)))
        if person_ids is not None:
            fresh = fresh.where(person_of(metric).in_(person_ids))
        counted = fresh.subquery()
        parts.append(select(counted.c.person_id, counted.c.value, counted.c.base))
    part = union_all(*parts).subquery()
    return select(
        part.c.person_id, func.sum(part.c.value).label("value"), func.sum(part.c.base).label("base")
    ).group_by(part.c.person_id)


def team_values(metric: Metric, start: date, end: date, team_ids: Ids | None = None) -> dict[int, Value]:
    """Each with the teams below it, by who was a member on the day."""
    stmt = (
        select(TeamTotal.team_id, func.sum(TeamTotal.value), func.sum(TeamTotal.base))
        .where(TeamTotal.metric_id == metric.id, TeamTotal.day.between(start, end))
        .group_by(TeamTotal.team_id)
    )
    if team_ids is not None:
        stmt = stmt.where(TeamTotal.team_id.in_(team_ids))
    rows = db.session.execute(stmt)
    return {team_id: value_of(metric, value, base) for team_id, value, base in rows}


def daily_values(
    metric: Metric, start: date, end: date, *, person_id: int | None = None, team_id: int | None = None
) -> dict[date, Value]:
    """By day, in order, of a person or a team; days without anything are left out."""
    if team_id is not None:
        stmt = select(TeamTotal.day, TeamTotal.value, TeamTotal.base).where(
            TeamTotal.metric_id == metric.id, TeamTotal.team_id == team_id, TeamTotal.day.between(start, end)
        )
        rows = db.session.execute(stmt.order_by(TeamTotal.day))
    else:
        counted = of_one(metric).where(_within(metric, start, end, person_id, None)).subquery()
        rows = db.session.execute(
            select(counted.c.day, func.sum(counted.c.value), func.sum(counted.c.base))
            .group_by(counted.c.day)
            .order_by(counted.c.day)
        )
    return {day: value_of(metric, value, base) for day, value, base in rows}


def records_behind(
    metric: Defined, start: date, end: date, *, person_id: int | None = None, team_id: int | None = None
) -> Rows:
    """(Sale or Activity, day, person_id, value, base), latest first: a row a credit, adding up to the figure.

    Of a person, of a team and those below it, or of the whole company.
    """
    record = Activity if metric.parsed().subject is Subject.ACTIVITIES else Sale
    stmt = of_one(metric).where(_within(metric, start, end, person_id, team_id))
    day, person, _, value, base = stmt.selected_columns
    return stmt.with_only_columns(record, day, person, value, base).order_by(
        day_of(metric).desc(), key_of(metric.parsed().subject).desc(), person_of(metric)
    )


def sum_behind(
    metric: Metric, start: date, end: date, *, person_id: int | None = None, team_id: int | None = None
) -> tuple[Value, int]:
    """What these records come to, computed from them, and how many rows they are."""
    counted = of_one(metric).where(_within(metric, start, end, person_id, team_id)).subquery()
    value, base, number = db.session.execute(
        select(func.sum(counted.c.value), func.sum(counted.c.base), func.count())
    ).one()
    return value_of(metric, value, base), number


def _within(
    metric: Defined, start: date, end: date, person_id: int | None, team_id: int | None
) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [day_of(metric).between(start, end)]
    if person_id is not None:
        wanted.append(person_of(metric) == person_id)
    if team_id is not None and not _is_company(team_id):
        below = select(Team.id).where(any_(Team.path) == team_id)
        wanted.append(team_of(metric).in_(below))
    return and_(*wanted)


def _is_company(team_id: int) -> bool:
    """What was nobody's team's is the company's all the same."""
    team = db.session.get(Team, team_id)
    return team is not None and team.parent_id is None
