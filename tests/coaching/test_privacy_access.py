"""How the database learns who is reading, and forgets it."""

import os

import pytest
from sqlalchemy import make_url, text

from app import create_app
from app.coaching import access
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.people import sessions
from config import Config
from tests import factories
from tests.client import Client
from tests.database import fresh_database


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


def test_the_portals_own_role_is_bound_and_nobody_is_warned(cast, as_alba):
    assert not access.is_bypassed()
    assert "one lock instead of two" not in as_alba.get("/").text


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="whose superuser is not known here")
def test_an_administrator_is_told_when_the_database_keeps_nothing(tmp_path):
    with fresh_database("superuser") as url:
        config = Config(
            CUMBRE_DATA=tmp_path,
            SECRET_KEY="only for tests",
            DATABASE_URL=make_url(url).set(username="postgres").render_as_string(hide_password=False),
            TESTING=True,
            LISTEN_FOR_CHANGES=False,
        )
        app = create_app(config)
        with app.app_context():
            alba = factories.make_person("Alba Admin", Role.ADMIN, factories.the_root())
            token = sessions.open_session(alba, address=None, browser=None)
            assert "one lock instead of two" in Client(app, token).get("/").text
            db.session.remove()
            db.engine.dispose()
