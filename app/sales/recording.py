"""Around every change of what sales and activities say, single or by the million.

Rooms above that keep something derived (totals) append a tracker: `before` notes what the sales
count for, `after` counts the difference. Sales stands below them, so they come to it.

    with recording([sale.id]) as touched:
        ...change, or add and touched.add(new.id)...

Locks are taken before, in this order: sales by key, then their customers by key (`first_sales.lock`). Who
holds a customer's lock may rely on what all its sales count for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

from sqlalchemy import BigInteger, Select, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.changes import changes
from app.extensions import db
from app.sales.closed_days import ClosedDay
from app.sales.counted_days import Counted, beyond

Keys = Select[Any]
"""A select of one column of keys: of a temporary table, or of a few literals."""
Chosen = Keys | list[int]
"""A select, or a few keys as they are."""


class Tracker(Protocol):
    """What `before` returns comes back as `was`: None where there was nothing before."""

    def before(self, keys: Chosen) -> Any: ...
    def after(self, keys: Chosen, was: Any) -> None: ...


Days = frozenset[date]
Guard = Callable[[Days, Mapping[int, Days]], None]

trackers: list[Tracker] = []  # of sales
activity_trackers: list[Tracker] = []
series_trackers: list[Callable[[], None]] = []  # what is counted may be narrowed to a series
# Each raises Conflict when a day lies in a closed period, or when on one of a metric's days a closed period
# has come to something by that metric.
guards: list[Guard] = []


def keys_of(ids: Keys | Iterable[int]) -> Keys:
    if isinstance(ids, Select):
        return ids
    return select(func.unnest(literal(sorted(set(ids)), ARRAY(BigInteger))).label("id"))


class Touched:
    """The records that a change is about. What it makes is added while it runs."""

    def __init__(self, ids: Keys | Iterable[int]) -> None:
        self._select = ids if isinstance(ids, Select) else None
        self._ids: set[int] = set() if isinstance(ids, Select) else set(ids)

    def add(self, *ids: int) -> None:
        """For a few; a bulk change puts its new keys where its own select finds them."""
        if self._select is not None:
            raise TypeError("the selection is a select: add the new keys to what it reads")
        self._ids.update(ids)

    @property
    def keys(self) -> Chosen | None:
        """None when there is nothing yet."""
        return self._select if self._select is not None else sorted(self._ids) or None


@contextmanager
def recording(ids: Keys | Iterable[int] = ()) -> Iterator[Touched]:
    """Wrap a change of sales, their credits or first-customer marks. New sales have no before."""
    with _around(trackers, ids) as touched:
        yield touched
    changes.announce("sales")


@contextmanager
def recording_activities(ids: Keys | Iterable[int] = ()) -> Iterator[Touched]:
    with _around(activity_trackers, ids) as touched:
        yield touched
    changes.announce("sales")


@contextmanager
def _around(listening: list[Tracker], ids: Keys | Iterable[int]) -> Iterator[Touched]:
    touched = Touched(ids)
    before = touched.keys
    was = [tracker.before(before) if before is not None else None for tracker in listening]
    yield touched
    db.session.flush()
    if (keys := touched.keys) is not None:
        for tracker, memory in zip(listening, was, strict=True):
            tracker.after(keys, memory)


def series_changed() -> None:
    """What counts by series is told once products have come to another (`series.products_moved`)."""
    for tell in series_trackers:
        tell()


def check_open(days: Iterable[date | None], counted: Counted | None = None) -> None:
    """Raises Conflict when a change would alter the results of a day that is closed.

    `counted`: by metric, days beside these on which the change alters what it comes to.
    """
    known = frozenset(day for day in days if day is not None)
    rest = beyond(counted or {}, known)
    if known or rest:
        for guard in guards:
            guard(known, rest)


def closed_among(days: Iterable[date | None], counted: Counted | None = None) -> list[date]:
    """Those of some days, and of a metric's days, on which nothing may change."""
    try:
        check_open(days, counted)
    except ClosedDay as error:
        return error.days
    return []
