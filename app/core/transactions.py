"""The one place that commits."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from app.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 4
_RETRY = {"40001", "40P01"}  # serialization failure, deadlock


def atomic(operation: Callable[P, R]) -> Callable[P, R]:
    """Run an operation in one transaction; called inside another operation it joins that one.

    A deadlock or serialization failure is tried again from the start, so an operation must
    take its decisions from the database and have no effect outside it (see `after_commit`).
    """

    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("in_operation"):
            return operation(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            session.info["in_operation"] = True
            session.info["after_commit"] = []
            try:
                result = operation(*args, **kwargs)
                session.commit()
            except DBAPIError as error:
                session.rollback()
                if attempt < ATTEMPTS and getattr(error.orig, "sqlstate", None) in _RETRY:
                    continue
                raise
            except BaseException:
                session.rollback()
                raise
            finally:
                session.info["in_operation"] = False
                hooks = session.info.pop("after_commit", [])
            for hook in hooks:
                hook()
            return result
        raise AssertionError("unreachable: the last attempt returns or raises")

    return run


def after_commit(hook: Callable[[], Any]) -> None:
    """Call `hook` once the running operation has committed; never if it fails."""
    session = db.session()
    if not session.info.get("in_operation"):
        raise RuntimeError("after_commit outside an operation")
    session.info["after_commit"].append(hook)
