"""What time it is, and what day it is for the company."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


_zone_source: Callable[[], ZoneInfo] = _utc


def use_zone(source: Callable[[], ZoneInfo]) -> None:
    """Let `source` say the company's zone; core itself knows no company."""
    global _zone_source
    _zone_source = source


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    return _zone_source()


def today() -> date:
    """The day it is in the company's zone."""
    return now().astimezone(zone()).date()


def day_of(instant: datetime) -> date:
    """The company's day in which an instant falls."""
    return instant.astimezone(zone()).date()
