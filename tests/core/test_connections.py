"""After mere reading a ROLLBACK leaves standing what the driver has prepared; and a connection that the
server has left is replaced before anybody uses it."""

import time

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.core import connections

PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%nothing special%'")
READ = text("SELECT 'nothing special'")
PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(database_url):
    engine = create_engine(database_url, pool_size=1, max_overflow=0)
    connections.watch(engine)
    yield engine
    engine.dispose()


def read_often(engine) -> None:
    for _ in range(8):
        with engine.connect() as connection:
            connection.execute(READ)


def answer_of(engine, question):
    with engine.connect() as connection:
        return connection.execute(question).scalar_one()


def test_statements_stay_prepared_from_one_page_to_the_next(engine):
    read_often(engine)
    assert answer_of(engine, PREPARED) == 1


def test_what_was_written_without_an_operation_is_still_taken_back(engine):
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO lead_sources (name) VALUES ('Nowhere')"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT 1 FROM lead_sources WHERE name = 'Nowhere'")).all()
    assert found == []


def test_a_table_that_is_taken_back_may_come_again_with_other_columns(engine):
    for kind in ("integer", "text"):
        with engine.connect() as connection:
            connection.execute(text(f"CREATE TEMPORARY TABLE passing (it {kind})"))
            for _ in range(8):
                connection.execute(text("SELECT * FROM passing"))


def test_a_failed_statement_leaves_a_connection_that_works(engine):
    with engine.connect() as connection:
        with pytest.raises(Exception, match="division by zero"):
            connection.execute(text("SELECT 1 / 0"))
        connection.rollback()
        assert connection.execute(READ).scalar_one() == "nothing special"


@pytest.mark.parametrize("rested", [60.0, -1.0])
def test_a_connection_that_the_server_has_left_is_replaced(engine, database_url, monkeypatch, rested):
    monkeypatch.setattr(connections, "RESTED", rested)
    first = answer_of(engine, PID)
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [first])
        until = time.monotonic() + 60
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [first]).fetchone():
            assert time.monotonic() < until
    assert answer_of(engine, PID) != first


def test_a_connection_that_is_lost_after_reading_is_given_back_quietly(engine):
    with engine.connect() as connection:
        connection.execute(READ)
        connection.connection.driver_connection.pgconn.finish()
    assert answer_of(engine, READ) == "nothing special"


def test_a_connection_that_is_lost_while_reading_is_given_back_quietly(engine):
    with engine.connect() as connection:
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        connection.rollback()
        assert connection.execute(READ).scalar_one() == "nothing special"
