"""What is kept against what the records say: compared, and mended where they differ.

One statement reads both, so it sees one moment and needs no lock to compare. To mend, writing is locked
out (reading goes on), and only the differences are written.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.changes import changes
from app.core.transactions import atomic
from app.metrics.definition import Definition, Subject
from app.metrics.statements import counted_metrics, lock_records, run, spelled_out
from app.metrics.summed import summed

_COMPARED = """
WITH summed AS MATERIALIZED ({summed}),
person AS (
  SELECT metric_id, month AS day, person_id AS subject_id, value, base FROM summed WHERE is_of_person
),
team AS (
  SELECT metric_id, day, ancestor AS subject_id, sum(value) AS value, sum(base) AS base
  FROM summed
  JOIN teams ON teams.id = coalesce(summed.team_id, (SELECT id FROM teams WHERE kind = 'company'))
  CROSS JOIN LATERAL unnest(teams.path) AS ancestor
  WHERE NOT is_of_person
  GROUP BY 1, 2, 3
),
kept_person AS (
  SELECT metric_id, month AS day, person_id AS subject_id, value, base FROM totals
  WHERE metric_id = ANY(%(metrics)s)
),
kept_team AS (
  SELECT metric_id, day, team_id AS subject_id, value, base FROM team_totals
  WHERE metric_id = ANY(%(metrics)s)
),
person_difference AS MATERIALIZED ({person}),
team_difference AS MATERIALIZED ({team})
"""
_DIFFERENCE = """
  SELECT metric_id, day, subject_id, coalesce(kept.value, 0) AS value, coalesce(kept.base, 0) AS base,
    coalesce(told.value, 0) AS expected_value, coalesce(told.base, 0) AS expected_base
  FROM {of} AS told FULL JOIN kept_{of} AS kept USING (metric_id, day, subject_id)
  WHERE coalesce(kept.value, 0) <> coalesce(told.value, 0) OR coalesce(kept.base, 0) <> coalesce(told.base, 0)
"""
_LISTED = """
SELECT metrics.key AS metric, of, subject_id, day, value, base, expected_value, expected_base FROM (
  SELECT 'person' AS of, * FROM person_difference UNION ALL SELECT 'team', * FROM team_difference
) AS found JOIN metrics ON metrics.id = found.metric_id
ORDER BY metrics.position, metrics.id, of, day, subject_id LIMIT %(limit)s
"""
_MENDED = """,
mended_person AS (
  INSERT INTO totals AS total (metric_id, month, person_id, value, base)
  SELECT metric_id, day, subject_id, expected_value - value, expected_base - base FROM person_difference
  ORDER BY 1, 2, 3
  ON CONFLICT (metric_id, month, person_id) DO UPDATE
    SET value = total.value + excluded.value, base = total.base + excluded.base
  RETURNING 1
),
mended_team AS (
  INSERT INTO team_totals AS total (metric_id, team_id, day, value, base)
  SELECT metric_id, subject_id, day, expected_value - value, expected_base - base FROM team_difference
  ORDER BY 1, 2, 3
  ON CONFLICT (metric_id, team_id, day) DO UPDATE
    SET value = total.value + excluded.value, base = total.base + excluded.base
  RETURNING 1
)
SELECT (SELECT count(*) FROM mended_person) + (SELECT count(*) FROM mended_team)
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something kept that is not what the records say."""

    metric: str
    of: str  # person or team
    subject_id: int
    day: date  # of a person the month's first
    value: Decimal
    base: Decimal
    expected_value: Decimal
    expected_base: Decimal


def differences(keys: Collection[str] | None = None, limit: int = 1000) -> list[Difference]:
    """Of all metrics, or of those with the given keys; none is the only right answer."""
    found: list[Difference] = []
    for subject in Subject:
        if (compared := _compared(subject, keys)) is not None:
            sql, parameters, _ = compared
            found += [
                Difference(**row) for row in run(sql + _LISTED, parameters | {"limit": limit}).mappings()
            ]
    return found[:limit]


@atomic
def rebuild(keys: Collection[str] | None = None) -> int:
    """Make what is kept what the records say; returns how many totals were mended."""
    lock_records()
    mended = 0
    metrics: list[Definition] = []
    for subject in Subject:
        if (compared := _compared(subject, keys)) is not None:
            sql, parameters, counted = compared
            mended += run(sql + _MENDED, parameters).scalar_one()
            metrics += counted
    if mended:
        changes.announce("totals", metrics=[metric.id for metric in metrics])
    return mended


def _compared(
    subject: Subject, keys: Collection[str] | None
) -> tuple[str, dict[str, Any], list[Definition]] | None:
    _, metrics = counted_metrics(subject)
    if keys is not None:
        metrics = [metric for metric in metrics if metric.key in keys]
    if not metrics:
        return None
    sql = _COMPARED.format(
        summed=spelled_out(summed(subject, metrics)),
        person=_DIFFERENCE.format(of="person"),
        team=_DIFFERENCE.format(of="team"),
    )
    return sql, {"metrics": [metric.id for metric in metrics]}, metrics
