"""Who is reading, told to PostgreSQL: its row-level security keeps plans, sessions, notes and HR cases.

Migration 0013 says who reads which row. Where nobody was named there are no rows: a query that forgets to
say for whom it asks finds nothing. Only the key is told; the role, and who manages whom, the database looks
up itself at the time of reading, so that a right ends in the transaction that ends its reason.

The name is told once a transaction, at its beginning or when first said, and again by itself at the beginning
of the next one (after a commit, or when an operation is tried again): it holds for the session, that is for
the request or the job. It is transaction-local in PostgreSQL: a pooled connection carries it nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction

from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person

WORKER = "worker"
_READER = "coaching_reader"  # in the session's info
_before: WeakKeyDictionary[SessionTransaction, str] = WeakKeyDictionary()  # of savepoints
_TELL = text("SELECT set_config('cumbre.reader', :reader, true)")


def reading_as(viewer: Viewer | Person) -> None:
    """From here on rows are those that this person may read, and write."""
    _read_as(str(viewer.person_id if isinstance(viewer, Viewer) else viewer.id))


def as_worker() -> None:
    """A job that belongs to nobody: it sees plans and sessions, never notes or HR cases."""
    _read_as(WORKER)


@contextmanager
def as_worker_for_a_moment() -> Iterator[None]:
    """For sums over the company that name nobody, within somebody's request; then it is theirs again."""
    before = db.session().info.get(_READER, "")
    as_worker()
    try:
        yield
    finally:
        _read_as(before)


def is_bypassed() -> bool:
    """Whether PostgreSQL keeps nothing from the portal: its role is a superuser or has BYPASSRLS.

    Then only the portal's own queries keep notes and plans to those who may read them.
    """
    return bool(
        db.session.scalar(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
    )


def _read_as(reader: str) -> None:
    session = db.session()
    if session.info.get(_READER, "") == reader:
        return  # told already, or will be when a transaction begins
    # A transaction around a savepoint begins for whom it was begun, however late it gets its connection.
    connection = session.connection() if session.in_transaction() else None
    session.info[_READER] = reader
    if connection is not None:
        connection.execute(_TELL, {"reader": reader})


@event.listens_for(db.session, "after_begin")
def _tell(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    reader = session.info.get(_READER, "")
    # Inside a savepoint (a test's whole session is one) what an earlier one told may still stand.
    if reader or connection.in_nested_transaction():
        connection.execute(_TELL, {"reader": reader})


@event.listens_for(db.session, "after_transaction_create")
def _note(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _before[transaction] = session.info.get(_READER, "")


@event.listens_for(db.session, "after_soft_rollback")
def _untell(session: Session, previous: SessionTransaction) -> None:
    """A savepoint that is rolled back takes along what was told inside it."""
    if previous in _before:
        session.info[_READER] = _before.pop(previous)
