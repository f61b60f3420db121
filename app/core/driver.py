"""Statements that somebody waits for, handed to the driver as they are.

To make one of SQLAlchemy's results takes as long as the server takes to answer. The driver prepares what it
sees again, so a statement's text stays the same and what changes are its parameters.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import psycopg
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.exc import DBAPIError

from app.extensions import db

Rows = list[tuple[Any, ...]]
_DIALECT = dialect()  # type: ignore[no-untyped-call]


class Question:
    """A statement that is spelled out once.

    Parameters and rows are plain: an enumeration is its text, JSON is text where it is given.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    @cached_property
    def _spelled(self) -> tuple[str, dict[str, Any]]:
        compiled = self._statement.compile(dialect=_DIALECT)
        return str(compiled), dict(compiled.params)

    def ask(self, given: Mapping[str, Any]) -> Rows:
        sql, constants = self._spelled
        return ask(sql, constants | dict(given))


def ask(sql: str, given: Mapping[str, Any]) -> Rows:
    """The rows of a statement in the session's transaction; what is pending is flushed before.

    `sql` takes what is given as %(name)s. Errors are SQLAlchemy's, as everywhere.
    """
    session = db.session()
    session.flush()
    connection: Any = session.connection().connection.driver_connection
    try:
        return list(connection.execute(sql, given).fetchall())
    except psycopg.Error as error:
        raise DBAPIError.instance(
            sql, given, error, psycopg.Error, connection_invalidated=bool(connection.closed)
        ) from error
