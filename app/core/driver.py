"""Statements that somebody waits for, handed to the driver as they are.

To make one of SQLAlchemy's results takes as long as the server takes to answer. The driver prepares what it
sees again, so a statement's text stays the same and what changes are its parameters.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import psycopg
from sqlalchemy import ClauseElement, Engine, PoolProxiedConnection
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.exc import DBAPIError

from app.extensions import db

Rows = list[tuple[Any, ...]]
_DIALECT = dialect()  # type: ignore[no-untyped-call]  # its __init__ has no types
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

    def ask_alone(self, given: Mapping[str, Any]) -> Rows:
        """As `ask`, for a page that may ask nothing else: without a transaction, if none has begun."""
        session = db.session()
        if session.in_transaction() or not isinstance(session.get_bind(), Engine):
            return self.ask(given)
        sql, constants = self._spelled
        connection = db.engine.raw_connection()
        driver: Any = connection.driver_connection
        try:
            driver.autocommit = True
            return _rows(connection, sql, constants | dict(given))
        finally:
            if driver.closed:
                connection.invalidate()
            else:
                driver.autocommit = False
            connection.close()


def ask(sql: str, given: Mapping[str, Any]) -> Rows:
    """The rows of a statement in the session's transaction; what is pending is flushed before.

    `sql` takes what is given as %(name)s. Errors are SQLAlchemy's, as everywhere.
    """
    session = db.session()
    session.flush()
    kept, running = session.info.get("asked_in"), session.get_transaction()
    if kept is None or running is None or kept[0] is not running:  # the session looks long for what it has
        connection = session.connection().connection
        kept = session.info["asked_in"] = session.get_transaction(), connection
    return _rows(kept[1], sql, given)


def array(values: Iterable[int | date]) -> str:
    """As the server reads one; the driver takes long to write it."""
    return f"{{{','.join(map(str, values))}}}"


def _rows(connection: PoolProxiedConnection, sql: str, given: Mapping[str, Any]) -> Rows:
    driver: Any = connection.driver_connection
    cursor = connection.info.get("asking")
    if cursor is None:  # one a connection: it knows the types that it has met
        cursor = connection.info["asking"] = psycopg.RawCursor(driver)
    numbered, names = _numbered(sql)
    try:
        return list(cursor.execute(numbered, [given[name] for name in names]).fetchall())
    except psycopg.Error as error:
        raise DBAPIError.instance(
            sql, given, error, psycopg.Error, connection_invalidated=bool(driver.closed)
        ) from error


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
