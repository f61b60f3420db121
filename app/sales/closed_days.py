"""Days whose results stand: what would change them is asked for instead, and done later by a second person.

Sales stands below whoever closes days. An operation that a guard refuses says what was to be done
(`adjustable`); the room that closes takes it from there, and does it with the days lifted (`lifting`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from app.core.errors import Conflict

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was to be done, whole: `change` is plain JSON, for the action that `perform` knows.

    `person_id` is whose record it is, `version` that of the subject as the author saw it.
    """

    action: str  # "sale.recorded"
    change: dict[str, Any]
    subject_id: int | None = None
    version: int | None = None
    person_id: int | None = None


class ClosedDay(Conflict):
    """What was to be done would change the results of closed days."""

    def __init__(self, message: object, days: Iterable[date], period_id: int | None = None) -> None:
        super().__init__(message)
        self.days = sorted(days)
        self.period_id = period_id  # of a goal, which has no single day
        self.asked: Asked | None = None


def adjustable(says: Callable[..., Asked]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let an operation say what it was to do when closed days keep it from it; `says` takes what it took."""

    def decorate(operation: Callable[P, R]) -> Callable[P, R]:
        @wraps(operation)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return operation(*args, **kwargs)
            except ClosedDay as error:
                if error.asked is None:
                    error.asked = says(*args, **kwargs)
                raise

        return run

    return decorate


_lifted: ContextVar[frozenset[date]] = ContextVar("lifted", default=frozenset())


def lifted() -> frozenset[date]:
    """Closed days that the running operation may change."""
    return _lifted.get()


@contextmanager
def lifting(days: Iterable[date]) -> Iterator[None]:
    """Do inside what was asked for and approved: these closed days let it pass, no others do."""
    token = _lifted.set(frozenset(days))
    try:
        yield
    finally:
        _lifted.reset(token)
