"""Migrations: one line of them, up and down, and at the top exactly what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.extensions import db
from config import Config
from tests.database import fresh_database

VERSIONS = ScriptDirectory(str(Path(__file__).resolve().parents[2] / "migrations"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Iterator[Flask]:
    with fresh_database("migrations") as url:
        config = Config(
            CUMBRE_DATA=tmp_path_factory.mktemp("data"),
            SECRET_KEY="only for tests",
            DATABASE_URL=url,
            TESTING=True,
            LISTEN_FOR_CHANGES=False,
        )
        app = create_app(config)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def ours(name: str) -> bool:
    return not name.startswith("procrastinate_") and name != "alembic_version"


def differences() -> list[object]:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": lambda _item, name, *_: ours(name or "")}
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


def test_there_is_one_line_of_migrations():
    assert len(VERSIONS.get_heads()) == 1
    assert len(VERSIONS.get_bases()) == 1


def test_each_says_why():
    assert all((script.doc or "").strip() for script in VERSIONS.walk_revisions())


def test_up_is_what_the_models_say_and_down_leaves_nothing(migrated):
    assert differences() == []
    downgrade(revision="base")
    assert [name for name in inspect(db.engine).get_table_names() if name != "alembic_version"] == []
    upgrade()
    assert differences() == []
