"""An operation commits whole or not at all, and is tried again after a deadlock."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.core import transactions
from app.core.audit import AuditEntry, record
from app.core.transactions import after_commit, atomic
from app.extensions import db


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry))


def write() -> None:
    record("company.looked_at", None, actor_id=None)


def test_a_failing_operation_leaves_nothing_behind(app) -> None:
    called = []

    @atomic
    def fail() -> None:
        write()
        after_commit(lambda: called.append("hook"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert entries() == 0
    assert called == []


def test_an_operation_inside_another_shares_its_fate(app) -> None:
    inner = atomic(write)

    @atomic
    def outer() -> None:
        inner()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        outer()
    assert entries() == 0


def test_hooks_run_once_the_outermost_operation_has_committed(app) -> None:
    seen = []

    @atomic
    def inner() -> None:
        write()
        after_commit(lambda: seen.append(entries()))

    @atomic
    def outer() -> None:
        inner()
        assert seen == []
        write()

    outer()
    assert seen == [2]


class Deadlock(Exception):
    sqlstate = "40P01"


def test_a_deadlock_is_tried_again_from_the_start(app) -> None:
    tries = []

    @atomic
    def unlucky() -> str:
        tries.append(1)
        write()
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, Deadlock())
        return "done"

    assert unlucky() == "done"
    assert len(tries) == 3
    assert entries() == 1


def test_trying_again_has_an_end(app) -> None:
    tries = []

    @atomic
    def hopeless() -> None:
        tries.append(1)
        raise OperationalError("UPDATE", {}, Deadlock())

    with pytest.raises(OperationalError):
        hopeless()
    assert len(tries) == transactions.ATTEMPTS


def test_a_hook_outside_an_operation_is_a_mistake(app) -> None:
    with pytest.raises(RuntimeError):
        after_commit(lambda: None)


def test_what_is_done_before_the_commit_says_what_it_does() -> None:
    class Nothing(transactions.BeforeCommit):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Nothing()
