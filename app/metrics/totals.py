"""Totals kept up to date in the transaction of the sale.

Around every change of sales (`sales.recording`): `before` notes what they count for, `after` adds the
difference to what is kept, in one statement over one scan: persons by month first, then teams by day,
those shared by many last, each in the order of their keys. A change that alters no figure writes nothing.

The SQL is put together once a version of the definitions. Whoever changes definitions locks the tables
of records against writing (`lock_records`), so a statement that finds the version it was compiled for
counts by the rules that stand at its commit; one that finds another is compiled anew and run again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, select, text

from app.core.changes import changes
from app.extensions import db
from app.metrics.contributions import Rows, contributions, key_of
from app.metrics.definition import Definition, RuleError, Subject
from app.metrics.models import Metric
from app.sales.recording import Keys, activity_trackers, trackers

log = logging.getLogger(__name__)

VERSION = "(SELECT coalesce(sum(version), 0) FROM metrics)"
_COLUMNS = ("metric_id", "day", "person_id", "team_id", "value", "base")
_TYPES = ("bigint", "date", "bigint", "bigint", "numeric", "numeric")
_ROWS_IN_NEWS = 40

# Of contributions named `net` (metric_id, day, person_id, team_id, value, base).
WRITE = """
person AS (
  INSERT INTO totals AS total (metric_id, month, person_id, value, base)
  SELECT metric_id, date_trunc('month', day)::date, person_id, sum(value), sum(base)
  FROM net GROUP BY 1, 2, 3 HAVING sum(value) <> 0 OR sum(base) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (metric_id, month, person_id) DO UPDATE
    SET value = total.value + excluded.value, base = total.base + excluded.base
  RETURNING metric_id, month, person_id, value, base
),
team AS (
  INSERT INTO team_totals AS total (metric_id, team_id, day, value, base)
  SELECT net.metric_id, ancestor, net.day, sum(net.value), sum(net.base)
  FROM net
  JOIN teams ON teams.id = coalesce(net.team_id, (SELECT id FROM teams WHERE kind = 'company'))
  CROSS JOIN LATERAL unnest(teams.path) AS ancestor
  WHERE (SELECT count(*) FROM person) >= 0
  GROUP BY 1, 2, 3 HAVING sum(net.value) <> 0 OR sum(net.base) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (metric_id, team_id, day) DO UPDATE
    SET value = total.value + excluded.value, base = total.base + excluded.base
  RETURNING metric_id
)
"""
_SUMMED = (
    "SELECT metric_id, day, person_id, team_id, sum(value) AS value, sum(base) AS base FROM {source}"
    " GROUP BY 1, 2, 3, 4 HAVING sum(value) <> 0 OR sum(base) <> 0"
)
_NEWS = f"""
SELECT {VERSION} AS version,
  (SELECT count(*) FROM team) + (SELECT count(*) FROM person) AS written,
  (SELECT array_agg(metric_id) FROM (SELECT metric_id FROM person UNION SELECT metric_id FROM team) AS m)
    AS metrics,
  (SELECT array_agg(DISTINCT person_id) FROM person) AS people,
  (SELECT array_agg(DISTINCT month::text) FROM person) AS months,
  (SELECT json_agg(json_build_array(metric_id, person_id, month, value::text, base::text))
     FROM (SELECT * FROM person LIMIT {_ROWS_IN_NEWS + 1}) AS few) AS rows
"""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one subject's records count for, as SQL over `keys`; None where nothing is counted."""

    version: int
    contributions: str | None


@dataclass(frozen=True, slots=True)
class Few:
    """What some records counted for, a list a column."""

    columns: tuple[list[Any], ...]


@dataclass(frozen=True, slots=True)
class Many:
    """What many records counted for, kept in a temporary table."""

    table: str


Was = Few | Many
_NOTHING = Few(tuple([] for _ in _COLUMNS))
_FEW = "SELECT * FROM unnest({}) AS was ({})".format(
    ", ".join(f"%(was_{name})s::{kind}[]" for name, kind in zip(_COLUMNS, _TYPES, strict=True)),
    ", ".join(_COLUMNS),
)
_compiled: dict[Subject, Compiled] = {}


class Counting:
    """The tracker of sales, or of activities."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def before(self, keys: Keys) -> Was:
        # From here to the end of the transaction no definition changes.
        run(f"LOCK TABLE {table_of(self.subject)} IN ROW SHARE MODE")
        return _note_many(self.subject, keys) if keys.get_final_froms() else _note_few(self.subject, keys)

    def after(self, keys: Keys, was: Was | None) -> None:
        was = was or _NOTHING
        while not _count(self.subject, current(self.subject), keys, was):
            _compiled.pop(self.subject, None)


def init() -> None:
    for listening, subject in ((trackers, Subject.SALES), (activity_trackers, Subject.ACTIVITIES)):
        if not any(isinstance(tracker, Counting) for tracker in listening):
            listening.append(Counting(subject))


def current(subject: Subject) -> Compiled:
    """As last compiled in this process; the statement itself finds out whether that is old."""
    found = _compiled.get(subject)
    if found is None:
        found = _compiled[subject] = compiled(subject)
    return found


def compiled(subject: Subject) -> Compiled:
    version, metrics = counted_metrics(subject)
    if not metrics:
        return Compiled(version, None)
    return Compiled(version, spelled_out(contributions(subject, metrics).where(key_of(subject).in_(_CHOSEN))))


def counted_metrics(subject: Subject) -> tuple[int, list[Definition]]:
    """The version of all definitions that stand now, and those of a subject."""
    with db.session.no_autoflush:
        rows = db.session.execute(
            select(Metric.version, Metric.id, Metric.key, Metric.subject, Metric.kind, Metric.rule).order_by(
                Metric.id
            )
        ).all()
    found = [Definition(*row[1:]) for row in rows]
    return sum(row.version for row in rows), [
        metric for metric in found if metric.subject is subject and _is_sound(metric)
    ]


_CHOSEN = select(text("id")).select_from(text("keys"))


def _is_sound(metric: Definition) -> bool:
    """A rule that an older release left behind must not keep sales from being recorded."""
    try:
        metric.parsed()
    except RuleError as error:
        log.error("metric %s is not counted: %s", metric.key, error)
        return False
    return True


def table_of(subject: Subject) -> str:
    return "sales" if subject is Subject.SALES else "activities"


def run(sql: str, parameters: dict[str, Any] | None = None) -> CursorResult[Any]:
    """Straight to the driver, which prepares what it sees again; nothing pending is flushed."""
    return db.session.connection().exec_driver_sql(sql, parameters or {})


def spelled_out(statement: Rows) -> str:
    """With its constants in it: they are ours and keys, but for names, which are quoted."""
    dialect = db.session.connection().dialect
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _with_keys(keys: Keys, sql: str) -> tuple[str, dict[str, Any]]:
    dialect = db.session.connection().dialect
    chosen = keys.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return f"WITH keys (id) AS ({chosen}), contribution AS ({sql})", dict(chosen.params)


def _note_few(subject: Subject, keys: Keys) -> Was:
    while True:
        compiled = current(subject)
        if compiled.contributions is None:
            rows: Sequence[Any] = run(f"SELECT {VERSION}, NULL").all()
        else:
            start, parameters = _with_keys(keys, compiled.contributions)
            rows = run(
                f"{start}, net AS ({_SUMMED.format(source='contribution')})"
                f" SELECT now.version, net.* FROM (SELECT {VERSION} AS version) AS now LEFT JOIN net ON true",
                parameters,
            ).all()
        if rows[0][0] == compiled.version:
            noted = [row[1:] for row in rows if row[1] is not None]
            return Few(tuple(list(part) for part in zip(*noted, strict=True))) if noted else _NOTHING
        _compiled.pop(subject, None)


def _note_many(subject: Subject, keys: Keys) -> Was:
    while run(f"SELECT {VERSION}").scalar_one() != (compiled := current(subject)).version:
        _compiled.pop(subject, None)
    if compiled.contributions is None:
        return _NOTHING
    number = db.session.info["totals_noted"] = db.session.info.get("totals_noted", 0) + 1
    table = f"totals_before_{number}"
    start, parameters = _with_keys(keys, compiled.contributions)
    run(
        f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {start} {_SUMMED.format(source='contribution')}",
        parameters,
    )
    return Many(table)


def _count(subject: Subject, compiled: Compiled, keys: Keys, was: Was) -> bool:
    """Write the difference; False when the definitions are not those of `compiled`."""
    if compiled.contributions is None:
        return bool(run(f"SELECT {VERSION}").scalar_one() == compiled.version)
    start, parameters = _with_keys(keys, compiled.contributions)
    parameters["version"] = compiled.version
    if isinstance(was, Few):
        earlier = _FEW
        parameters |= {f"was_{name}": part for name, part in zip(_COLUMNS, was.columns, strict=True)}
    else:
        earlier = f"SELECT * FROM {was.table}"
    both = (
        "(SELECT * FROM contribution UNION ALL"
        f" SELECT metric_id, day, person_id, team_id, -value, -base FROM ({earlier}) AS was)"
        f" AS change WHERE {VERSION} = %(version)s"
    )
    net = _SUMMED.format(source=both)
    news = run(f"{start}, net AS MATERIALIZED ({net}), {WRITE} {_NEWS}", parameters).one()
    if news.version != compiled.version:
        return False
    if news.written:
        announce(news)
    return True


def announce(news: Any) -> None:
    """Tell what has changed; of a few also what it is now, so that a board need not ask."""
    rows = news.rows or []
    few = {"rows": rows} if 0 < len(rows) <= _ROWS_IN_NEWS else {}
    changes.announce(
        "totals",
        metrics=sorted(news.metrics or []),
        people=sorted(news.people or []),
        months=sorted(news.months or []),
        **few,
    )
