"""How the database learns who is reading, and forgets it."""

import pytest
from sqlalchemy import text

from app.coaching import access
from app.core.transactions import atomic
from app.extensions import db


def told() -> str | None:
    return db.session.scalar(text("SELECT nullif(current_setting('cumbre.reader', true), '')"))


def test_nobody_reads_before_somebody_is_named(app):
    assert told() is None


def test_the_reader_is_named_again_after_a_commit(cast):
    access.reading_as(cast.ana)
    assert told() == str(cast.ana.id)
    db.session.commit()
    assert told() == str(cast.ana.id)


def test_an_operation_that_fails_leaves_the_reader_named(cast):
    @atomic
    def fail() -> None:
        access.reading_as(cast.ana)
        raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert told() == str(cast.ana.id)


def test_a_savepoint_rolled_back_takes_its_reader_along(cast):
    access.reading_as(cast.marta)
    savepoint = db.session.begin_nested()
    access.reading_as(cast.ana)
    savepoint.rollback()
    assert told() == str(cast.marta.id)
    access.reading_as(cast.ana)
    assert told() == str(cast.ana.id)


def test_a_request_knows_no_reader_of_the_one_before(cast, as_marta, app):
    access.reading_as(cast.ana)
    db.session.commit()
    with app.app_context():
        assert told() is None


def test_for_a_moment_the_company_is_summed(cast):
    access.reading_as(cast.ana)
    with access.as_worker_for_a_moment():
        assert told() == "worker"
    assert told() == str(cast.ana.id)
