"""The SQL that counts, put together once a version of the definitions.

Whoever changes definitions locks the tables of records against writing first (`lock_records`), and whoever
records something holds them until the commit. So a statement that finds the version it was compiled for
counts by the rules that stand at its commit; one that finds another is compiled anew and run again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, select, text

from app.extensions import db
from app.metrics.counting_days import counts_of
from app.metrics.definition import Definition, RuleError, Subject
from app.metrics.models import Metric
from app.metrics.summed import summed
from app.sales.counted_days import Counts
from app.sales.recording import Chosen

log = logging.getLogger(__name__)

VERSION = "(SELECT coalesce(sum(version), 0) FROM metrics)"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the records among `keys` count for, summed, as SQL; None where nothing is counted.

    `counts`: of sales, by which days.
    """

    version: int
    summed: str | None
    counts: Sequence[Counts] = ()


_compiled: dict[Subject, Compiled] = {}
_CHOSEN = select(text("id")).select_from(text("keys"))


def current(subject: Subject) -> Compiled:
    """As last compiled in this process; the statement itself finds out whether that is old."""
    found = _compiled.get(subject)
    if found is None:
        version, metrics = counted_metrics(subject)
        sql = spelled_out(summed(subject, metrics, _CHOSEN)) if metrics else None
        found = Compiled(version, sql, _counts(metrics) if subject is Subject.SALES else ())
        _compiled[subject] = found
    return found


def counted_sales(*, fresh: bool = False) -> Sequence[Counts]:
    """By which days sales are counted; `fresh`: as the definitions stand, not as last compiled."""
    return _counts(counted_metrics(Subject.SALES)[1]) if fresh else current(Subject.SALES).counts


def _counts(metrics: Sequence[Definition]) -> Sequence[Counts]:
    return tuple(counts_of(metric.id, metric.parsed()) for metric in metrics)


def forget(subject: Subject) -> None:
    _compiled.pop(subject, None)


def counted_metrics(subject: Subject) -> tuple[int, list[Definition]]:
    """The version of all definitions that stand now, and those of a subject."""
    columns = (Metric.version, Metric.id, Metric.key, Metric.subject, Metric.kind, Metric.rule)
    with db.session.no_autoflush:
        rows = db.session.execute(select(*columns).order_by(Metric.id)).all()
    found = [Definition(*row[1:]) for row in rows]
    sound = [metric for metric in found if metric.subject is subject and _is_sound(metric)]
    return sum(row.version for row in rows), sound


def _is_sound(metric: Definition) -> bool:
    """A rule that an older release left behind must not keep sales from being recorded."""
    try:
        metric.parsed()
    except RuleError as error:
        log.error("metric %s is not counted: %s", metric.key, error)
        return False
    return True


def spelled_out(statement: Any) -> str:
    """With its constants in it: ours, keys, and names, which are quoted."""
    dialect = db.session.connection().dialect
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def of_keys(keys: Chosen, sql: str) -> tuple[str, dict[str, Any]]:
    """The start of a statement over what some records count for, `summed`."""
    parameters: dict[str, Any] = {"keys": keys}
    chosen = "SELECT unnest(%(keys)s::bigint[])"
    if not isinstance(keys, list):
        dialect = db.session.connection().dialect
        compiled = keys.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        chosen, parameters = str(compiled), dict(compiled.params)
    if not is_bulk(keys):
        # The planner must not see how few they are, or it would plan a prepared statement again each time.
        chosen = f"SELECT unnest(ARRAY({chosen}))"
    return f"WITH keys (id) AS ({chosen}), summed AS ({sql})", parameters


def is_bulk(keys: Chosen) -> bool:
    """Whether the keys are read from a table; a few are given one by one."""
    return not isinstance(keys, list) and bool(keys.get_final_froms())


def run(sql: str, parameters: dict[str, Any] | None = None) -> CursorResult[Any]:
    """Straight to the driver, which prepares what it sees again; nothing pending is flushed."""
    return db.session.connection().exec_driver_sql(sql, parameters or {})


def table_of(subject: Subject) -> str:
    return "sales" if subject is Subject.SALES else "activities"


def lock_records() -> None:
    """Nothing is recorded until this transaction ends; reading goes on."""
    run(f"LOCK TABLE {', '.join(table_of(subject) for subject in Subject)} IN EXCLUSIVE MODE")
