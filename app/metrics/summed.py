"""What records count for, summed for persons by month and for teams by day, as one select.

The metrics that count by the same date are sums of one scan, side by side; then each becomes rows of its own.
A row a metric and record (CROSS JOIN LATERAL over the records) took eight times as long.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
    values,
)

from app.metrics.contributions import Rows, counted, exact, key_of, records, stands
from app.metrics.definition import ByDate, Definition, Rule, Subject

COLUMNS = ("metric_id", "month", "person_id", "day", "team_id", "is_of_person", "value", "base")


def summed(subject: Subject, metrics: Sequence[Definition], keys: Any | None = None) -> Any:
    """Of all records, or of those with the keys: rows of COLUMNS, of a person and month or a team and day."""
    by_date: dict[ByDate, list[tuple[Definition, Rule]]] = defaultdict(list)
    for metric in metrics:
        rule = metric.parsed()
        by_date[rule.date].append((metric, rule))
    return union_all(*(_of_one_date(subject, found, keys) for found in by_date.values()))


def _of_one_date(subject: Subject, metrics: list[tuple[Definition, Rule]], keys: Any | None) -> Rows:
    tables, person, team = records(subject, [rule for _, rule in metrics])
    parts: list[ColumnElement[Any]] = []
    for number, (_, rule) in enumerate(metrics):
        one = counted(rule)
        parts.append(case((one.holds, one.value)).label(f"value_{number}"))
        if rule.of is not None:
            parts.append(case((one.holds, one.base)).label(f"base_{number}"))
    day = counted(metrics[0][1]).day
    month = cast(func.date_trunc("month", cast(day, DateTime)), Date)
    stmt = (
        select(
            month.label("month"), person.label("person_id"), day.label("day"), team.label("team_id"), *parts
        )
        .select_from(tables)
        .where(stands(subject), day.is_not(None))
    )
    record = (stmt if keys is None else stmt.where(key_of(subject).in_(keys))).subquery("record")
    by = record.c
    sums = (
        select(
            by.month,
            by.person_id,
            by.day,
            by.team_id,
            cast(func.grouping(by.person_id) == 0, Boolean).label("is_of_person"),
            *(func.sum(by[part.name]).label(part.name) for part in parts),
        )
        .group_by(func.grouping_sets(tuple_(by.month, by.person_id), tuple_(by.day, by.team_id)))
        .subquery("sums")
    )
    rows = [
        (
            literal(metric.id, BigInteger),
            func.coalesce(sums.c[f"value_{number}"], 0),
            literal(0) if rule.of is None else func.coalesce(sums.c[f"base_{number}"], 0),
        )
        for number, (metric, rule) in enumerate(metrics)
    ]
    result = (
        values(column("metric_id", BigInteger), column("value", Numeric), column("base", Numeric))
        .data(rows)
        .alias("result")
        .lateral()
    )
    return (
        select(
            result.c.metric_id,
            sums.c.month,
            sums.c.person_id,
            sums.c.day,
            sums.c.team_id,
            sums.c.is_of_person,
            exact(result.c.value).label("value"),
            exact(result.c.base).label("base"),
        )
        .select_from(sums.join(result, true()))
        .where(or_(result.c.value != 0, result.c.base != 0))
    )
