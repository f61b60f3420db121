"""What the connections of the pool are spared between one transaction and the next.

psycopg prepares what it sees again and forgets it at a ROLLBACK, with which every page ends that reads: so
PostgreSQL would plan each statement anew, which for a sale's totals takes three times as long as running it.
And to ask the server before each page whether it is still there takes as long as a statement.
"""

import logging
import select
import time
from functools import partial
from typing import Any

import psycopg
from flask import Flask
from psycopg.generators import execute
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from app.extensions import db

_END = b"SELECT pg_current_xact_id_if_assigned() IS NOT NULL; ROLLBACK"
RESTED = 2.0  # seconds
log = logging.getLogger(__name__)


def roll_back(connection: Connection) -> None:
    """A ROLLBACK that the driver does not hear of, if nothing was written or locked: its own then finds
    nothing to do. All else is left to it: a table made and taken back takes statements with it."""
    driver = None if connection.invalidated else connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        return
    try:
        if driver.info.transaction_status is TransactionStatus.INTRANS and _has_written(driver):
            driver.execute("ROLLBACK")
    except psycopg.Error as error:
        log.debug("not rolled back: %s", error)
    if driver.closed:
        connection.invalidate()  # lost, and what it had begun with it: there is nothing to roll back


def _has_written(driver: psycopg.Connection) -> bool:
    """Whether the transaction had, which is rolled back in the same round trip."""
    driver.pgconn.send_query(_END)
    results = driver.wait(execute(driver.pgconn))
    return not results[0].ntuples or results[0].get_value(0, 0) != b"f"


def note(_driver: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def look_at(engine: Engine, driver: Any, record: Any, _proxy: object) -> None:
    """Before it is used again: one that has rested is asked whether it lives; of one that was in use a moment
    ago it is enough that the server has not hung up."""
    since = record.info.get("rests_since")
    if since is None:
        return
    try:
        if time.monotonic() - since > RESTED:
            engine.dialect.do_ping(driver)
        elif _has_hung_up(driver):
            raise InvalidatePoolError
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _has_hung_up(driver: psycopg.Connection) -> bool:
    """A server that says something unasked is leaving."""
    watch = select.poll()
    watch.register(driver.fileno(), select.POLLIN)
    return bool(watch.poll(0))


def watch(engine: Engine) -> None:
    event.listen(engine, "rollback", roll_back)
    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", partial(look_at, engine))


def init_app(app: Flask) -> None:
    with app.app_context():
        watch(db.engine)
