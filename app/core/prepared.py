"""What the driver has prepared outlives a transaction that only read.

psycopg prepares what it sees again and forgets it at a ROLLBACK, with which every page ends that reads: so
PostgreSQL would plan each statement anew, which for a sale's totals takes three times as long as running it.
"""

import psycopg
from flask import Flask
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, event

from app.extensions import db

_WROTE = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"


def end_reading(connection: Connection) -> None:
    """Before a ROLLBACK: a COMMIT in its place, if nothing was written or locked."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        return
    try:
        is_open = driver.info.transaction_status is TransactionStatus.INTRANS
        if is_open and driver.execute(_WROTE).fetchone() == (False,):
            driver.commit()
    except psycopg.Error:
        return  # the connection is lost, which the rollback finds out too


def init_app(app: Flask) -> None:
    with app.app_context():
        event.listen(db.engine, "rollback", end_reading)
