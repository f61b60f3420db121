"""Totals kept up to date in the transaction of the sale.

Around every change of sales (`sales.recording`): `before` notes what they count for, `after` adds the
difference to what is kept, in one statement over one scan: persons by month first, then teams by day,
those shared by many last, each in the order of their keys. A change that alters no figure writes nothing.
"""

import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.core.changes import changes
from app.core.driver import array, ask
from app.metrics.definition import Subject
from app.metrics.statements import VERSION, Compiled, current, forget, is_bulk, of_keys, run, table_of
from app.sales.recording import Chosen, activity_trackers, trackers

_NET = f"""
SELECT metric_id, month, person_id, day, team_id, is_of_person, sum(value) AS value, sum(base) AS base
FROM (
  SELECT * FROM summed UNION ALL
  SELECT metric_id, month, person_id, day, team_id, is_of_person, -value, -base FROM {{was}}
) AS change WHERE {VERSION} = %(version)s
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(value) <> 0 OR sum(base) <> 0
"""
_WAS = """jsonb_to_recordset(%(was)s::jsonb) AS was (
  metric_id bigint, month date, person_id bigint, day date, team_id bigint, is_of_person boolean,
  value numeric, base numeric
)"""
_WRITTEN = """
person AS (
  INSERT INTO totals AS total (metric_id, month, person_id, value, base)
  SELECT metric_id, month, person_id, value, base FROM net WHERE is_of_person ORDER BY 1, 2, 3
  ON CONFLICT (metric_id, month, person_id) DO UPDATE
    SET value = total.value + excluded.value, base = total.base + excluded.base
  RETURNING metric_id
),
team AS (
  INSERT INTO team_totals AS total (metric_id, team_id, day, value, base)
  SELECT net.metric_id, ancestor, net.day, sum(net.value), sum(net.base)
  FROM net
  JOIN teams ON teams.id = coalesce(net.team_id, (SELECT id FROM teams WHERE kind = 'company'))
  CROSS JOIN LATERAL unnest(teams.path) AS ancestor
  WHERE NOT net.is_of_person AND (SELECT count(*) FROM person) >= 0 -- persons first
  GROUP BY 1, 2, 3 HAVING sum(net.value) <> 0 OR sum(net.base) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (metric_id, team_id, day) DO UPDATE
    SET value = total.value + excluded.value, base = total.base + excluded.base
  RETURNING metric_id
)
"""
_NEWS = f"""
SELECT {VERSION} AS version,
  (SELECT count(*) FROM person) + (SELECT count(*) FROM team) AS written,
  array_agg(DISTINCT metric_id) AS metrics,
  array_agg(DISTINCT person_id) FILTER (WHERE is_of_person) AS people,
  array_agg(DISTINCT month::text) FILTER (WHERE is_of_person) AS months,
  min(day)::text AS since
FROM net
"""


class _News(NamedTuple):
    """What `_NEWS` selects."""

    version: int
    written: int
    metrics: list[int] | None
    people: list[int] | None
    months: list[str] | None
    since: str | None


@dataclass(frozen=True, slots=True)
class Few:
    """What some records counted for, as JSON."""

    rows: str


@dataclass(frozen=True, slots=True)
class Many:
    """What many records counted for, in a temporary table."""

    table: str


Was = Few | Many
_NOTHING = Few("[]")
_number = itertools.count(1)


class Counting:
    """The tracker of sales, or of activities."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def before(self, keys: Chosen) -> Was:
        # From here to the end of the transaction no definition changes.
        run(f"LOCK TABLE {table_of(self.subject)} IN ROW SHARE MODE")
        note = _note_many if is_bulk(keys) else _note_few
        while (was := note(current(self.subject), keys)) is None:
            forget(self.subject)
        return was

    def after(self, keys: Chosen, was: Was | None) -> None:
        while not _count(current(self.subject), keys, was or _NOTHING):
            forget(self.subject)


def init() -> None:
    for listening, subject in ((trackers, Subject.SALES), (activity_trackers, Subject.ACTIVITIES)):
        if not any(isinstance(tracker, Counting) for tracker in listening):
            listening.append(Counting(subject))


def _note_few(compiled: Compiled, keys: Chosen) -> Was | None:
    """None when the definitions are not those of `compiled`."""
    if compiled.summed is None:
        return _NOTHING if _stands(compiled) else None
    start, parameters = of_keys(keys, compiled.summed)
    noted = f"SELECT {VERSION} AS version, (SELECT json_agg(summed)::text FROM summed) AS rows"
    row: Any = run(f"{start} {noted}", parameters).one()
    return Few(row.rows or "[]") if row.version == compiled.version else None


def _note_many(compiled: Compiled, keys: Chosen) -> Was | None:
    if not _stands(compiled):
        return None
    if compiled.summed is None:
        return _NOTHING
    table = f"totals_before_{next(_number)}"
    start, parameters = of_keys(keys, compiled.summed)
    run(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {start} SELECT * FROM summed", parameters)
    return Many(table)


def _stands(compiled: Compiled) -> bool:
    return bool(run(f"SELECT {VERSION}").scalar_one() == compiled.version)


def _count(compiled: Compiled, keys: Chosen, was: Was) -> bool:
    """Write the difference; False when the definitions are not those of `compiled`."""
    if compiled.summed is None:
        return _stands(compiled)
    start, parameters = of_keys(keys, compiled.summed)
    parameters["version"] = compiled.version
    if isinstance(keys, list):
        parameters["keys"] = array(keys)
    if isinstance(was, Few):
        parameters["was"] = was.rows
    net = _NET.format(was=_WAS if isinstance(was, Few) else was.table)
    news = _News(*ask(f"{start}, net AS MATERIALIZED ({net}), {_WRITTEN} {_NEWS}", parameters)[0])
    if news.version != compiled.version:
        return False
    if news.written:
        _announce(news)
    return True


def _announce(news: _News) -> None:
    changes.announce(
        "totals",
        metrics=sorted(news.metrics or []),
        people=sorted(news.people or []),
        months=sorted(news.months or []),
        since=news.since,
    )
