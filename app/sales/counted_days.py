"""On which days sales count, metric by metric: beside the day of the win and those of the steps, which every
change of them alters, there may be metrics that count by another day, or turn on what comes after the win.

Sales stands below the metrics: whoever knows them says what they count by (`sources`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from app.imports.staging import run

DAYS = ("opened_on", "closed_on", "promised_on", "delivered_on", "followed_up_on", "cancelled_on")

Counted = dict[int, set[date]]
"""By metric, the days whose figure a change may alter."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a metric counts sales by.

    `days`: the columns that say on which day, the first that says one. `of`: those of which a change may
    alter what a sale counts for.
    """

    metric_id: int
    days: tuple[str, ...]
    of: frozenset[str]


class Source(Protocol):
    def __call__(self, *, fresh: bool = False) -> Sequence[Counts]:
        """`fresh`: as it stands in the database; else as the trackers have just counted."""


sources: list[Source] = []


def of_change(
    before: Mapping[str, Any], after: Mapping[str, Any], changed: Collection[str] | None = None
) -> Counted:
    """Of one sale that says something else, in columns as JSON has them; a new one says nothing before."""
    found: Counted = defaultdict(set)
    for counts in _all(fresh=False):
        if changed is not None and counts.of.isdisjoint(changed):
            continue
        for said in (before, after):
            if (text := next((said[name] for name in counts.days if said.get(name)), None)) is not None:
                found[counts.metric_id].add(date.fromisoformat(text) if isinstance(text, str) else text)
    return found


def of_rows(
    rows: str, changed: Mapping[str, str] | None, *, was: str | None, now: str, **values: Any
) -> Counted:
    """Of many: `rows` is what stands after FROM; `now` and `was` are the aliases that hold the columns.

    `changed`: by column, the condition under which a row changes in it; None where all of it changes.
    """
    told = told_by(changed, was=was, now=now)
    found: Counted = defaultdict(set)
    if told is None:
        return found
    sql = f"""SELECT DISTINCT d.metric_id, d.day FROM {rows}
        CROSS JOIN LATERAL (VALUES {told}) AS d (metric_id, day) WHERE d.day IS NOT NULL"""
    for metric_id, day in run(sql, **values):
        found[metric_id].add(day)
    return found


def told_by(changed: Mapping[str, str] | None, *, was: str | None, now: str) -> str | None:
    """(metric, day) of a row as SQL values; None where nothing is counted by what may change."""
    told = []
    for counts in _all(fresh=True):
        moved = "true"
        if changed is not None:
            conditions = sorted({changed[name] for name in counts.of if name in changed})
            if not conditions:
                continue
            moved = f"({' OR '.join(conditions)})"
        for alias in (now, was) if was else (now,):
            day = f"coalesce({', '.join(f'{alias}.{name}' for name in counts.days)})"
            told.append(f"({counts.metric_id}, CASE WHEN {moved} THEN {day} END)")
    return ", ".join(told) or None


def is_counted_by(name: str) -> bool:
    return any(name in counts.days for counts in _all(fresh=True))


def beyond(counted: Counted, days: Iterable[date | None]) -> Mapping[int, frozenset[date]]:
    """Those that are not among days which are looked at anyway."""
    known = frozenset(days)
    rest = {metric_id: frozenset(found - known) for metric_id, found in counted.items()}
    return {metric_id: found for metric_id, found in rest.items() if found}


def _all(*, fresh: bool) -> list[Counts]:
    return [counts for source in sources for counts in source(fresh=fresh)]
