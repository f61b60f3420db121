"""When something of the story was said or done: then the portal's clock stands there."""

from contextlib import AbstractContextManager
from datetime import date, datetime, time

from app.core import clock

TEN = time(10)
AFTERNOON = time(16, 20)


def at(day: date, hour: time = TEN) -> datetime:
    return datetime.combine(day, hour, clock.zone())


def on(day: date, hour: time = TEN) -> AbstractContextManager[None]:
    """Never in the future, whatever day it is when the company is made."""
    return clock.as_of(min(at(day, hour), clock.now()))
