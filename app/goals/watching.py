"""What a change of records counts for, while somebody watches: by metric, day, person and team."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from app.extensions import db
from app.metrics.contributions import contributions, key_of
from app.metrics.definition import Subject
from app.metrics.queries import metrics
from app.sales.recording import Chosen, activity_trackers, trackers

ZERO = Decimal(0)


@dataclass(slots=True)
class Sum:
    value: Decimal = ZERO
    base: Decimal = ZERO

    def __bool__(self) -> bool:
        return bool(self.value or self.base)


@dataclass(frozen=True, slots=True)
class Part:
    """Where a difference counts: `team_id` is the team of that day."""

    metric_id: int
    day: date
    person_id: int
    team_id: int | None


Parts = dict[Part, Sum]


@dataclass(slots=True)
class Watch:
    parts: Parts = field(default_factory=lambda: defaultdict(Sum))

    def add(self, found: Parts, sign: int) -> None:
        for part, one in found.items():
            kept = self.parts[part]
            kept.value += sign * one.value
            kept.base += sign * one.base

    def changed(self) -> Parts:
        return {part: one for part, one in self.parts.items() if one}


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching() -> Iterator[Watch]:
    """Gather what the changes inside count for."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


class Watching:
    """The tracker of sales, or of activities; it costs nothing while nobody watches."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def before(self, keys: Chosen) -> Parts | None:
        return _parts(self.subject, keys) if _watch.get() is not None else None

    def after(self, keys: Chosen, was: Parts | None) -> None:
        if (watch := _watch.get()) is not None:
            watch.add(_parts(self.subject, keys), 1)
            watch.add(was or {}, -1)


def _parts(subject: Subject, keys: Chosen) -> Parts:
    counted = [metric for metric in metrics(with_hidden=True) if metric.subject is subject]
    found: Parts = defaultdict(Sum)
    if counted:
        each = contributions(subject, counted).where(key_of(subject).in_(keys)).subquery().c
        where = (each.metric_id, each.day, each.person_id, each.team_id)
        summed = select(*where, func.sum(each.value), func.sum(each.base)).group_by(*where)
        for *part, value, base in db.session.execute(summed):
            found[Part(*part)] = Sum(value, base)
    return found


def init() -> None:
    for listening, subject in ((trackers, Subject.SALES), (activity_trackers, Subject.ACTIVITIES)):
        if not any(isinstance(tracker, Watching) for tracker in listening):
            listening.append(Watching(subject))
