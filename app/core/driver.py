"""Statements that somebody waits for, handed to the driver as they are.

To make one of SQLAlchemy's results takes as long as the server takes to answer. The driver prepares what it
sees again, so a statement's text stays the same and what changes are its parameters.
"""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import psycopg
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.exc import DBAPIError

from app.extensions import db

Rows = list[tuple[Any, ...]]
_DIALECT = dialect()  # type: ignore[no-untyped-call]
_PLACE = re.compile(r"%\((\w+)\)s|%%")


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
    connection: Any = session.connection().connection
    cursor = connection.info.get("asking")
    if cursor is None:  # one a connection: it knows the types that it has met
        cursor = connection.info["asking"] = psycopg.RawCursor(connection.driver_connection)
    numbered, names = _numbered(sql)
    try:
        return list(cursor.execute(numbered, [given[name] for name in names]).fetchall())
    except psycopg.Error as error:
        is_lost = bool(connection.driver_connection.closed)
        raise DBAPIError.instance(sql, given, error, psycopg.Error, connection_invalidated=is_lost) from error


@lru_cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """As the server has it, $1 for %(name)s, so that the driver need not read it."""
    names: list[str] = []

    def place(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PLACE.sub(place, sql), tuple(names)
