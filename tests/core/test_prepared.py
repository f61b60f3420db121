"""What only read ends without a ROLLBACK, at which the driver would forget what it has prepared."""

import pytest
from sqlalchemy import create_engine, event, text

from app.core.prepared import end_reading

PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%nothing special%'")
READ = text("SELECT 'nothing special'")


@pytest.fixture
def engine(database_url):
    engine = create_engine(database_url, pool_size=1, max_overflow=0)
    event.listen(engine, "rollback", end_reading)
    yield engine
    engine.dispose()


def read_often(engine) -> None:
    for _ in range(8):
        with engine.connect() as connection:
            connection.execute(READ)


def prepared(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(PREPARED).scalar_one()


def test_statements_stay_prepared_from_one_page_to_the_next(engine):
    read_often(engine)
    assert prepared(engine) == 1


def test_what_was_written_without_an_operation_is_still_taken_back(engine):
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO lead_sources (name) VALUES ('Nowhere')"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT 1 FROM lead_sources WHERE name = 'Nowhere'")).all()
    assert found == []


def test_a_failed_statement_leaves_a_connection_that_works(engine):
    with engine.connect() as connection:
        with pytest.raises(Exception, match="division by zero"):
            connection.execute(text("SELECT 1 / 0"))
        connection.rollback()
        assert connection.execute(READ).scalar_one() == "nothing special"


def test_a_lost_connection_is_replaced(engine):
    read_often(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.close()
    assert prepared(engine) == 0
