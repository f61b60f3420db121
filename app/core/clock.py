"""What time it is, and what day it is for the company."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


_zone_source: Callable[[], ZoneInfo] = _utc


def use_zone(source: Callable[[], ZoneInfo]) -> None:
    """Let `source` say the company's zone; core itself knows no company."""
    global _zone_source
    _zone_source = source


_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The instant, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """What is done inside is said to have been done then: the demo company's past is told, not lived."""
    token = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def zone() -> ZoneInfo:
    return _zone_source()


def today() -> date:
    """The day it is in the company's zone."""
    return now().astimezone(zone()).date()


def day_of(instant: datetime) -> date:
    """The company's day in which an instant falls."""
    return instant.astimezone(zone()).date()
