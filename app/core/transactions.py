"""The one place that commits."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from app.extensions import db

P = ParamSpec("P")
R = TypeVar("R")


class BeforeCommit(ABC):
    """Something that an operation does last, once however often it was asked for."""

    @abstractmethod
    def __call__(self) -> None: ...


Hook = TypeVar("Hook", bound=BeforeCommit)

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
            session.info["before_commit"], session.info["after_commit"] = [], []
            try:
                result = operation(*args, **kwargs)
                for hook in session.info["before_commit"]:
                    hook()
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


def before_commit(kind: type[Hook]) -> Hook:
    """The running operation's hook of a kind, called last in its transaction; made when first asked for."""
    session = db.session()
    if not session.info.get("in_operation"):
        raise RuntimeError("before_commit outside an operation")
    hooks: list[BeforeCommit] = session.info["before_commit"]
    for hook in hooks:
        if isinstance(hook, kind):
            return hook
    made = kind()
    hooks.append(made)
    return made


def after_commit(hook: Callable[[], Any]) -> None:
    """Call `hook` once the running operation has committed; never if it fails."""
    session = db.session()
    if not session.info.get("in_operation"):
        raise RuntimeError("after_commit outside an operation")
    session.info["after_commit"].append(hook)
