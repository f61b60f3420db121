"""Migrations run on the app's own engine, in one transaction, one runner at a time."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.extensions import db

MIGRATIONS_LOCK = 7302  # any number that nothing else uses


def include_object(_item: Any, name: str | None, _kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The job queue's tables are procrastinate's own."""
    return not (name or "").startswith("procrastinate_")


def run() -> None:
    with current_app.app_context(), db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            compare_type=True,
            compare_server_default=False,  # now() and constants come back spelled otherwise
        )
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATIONS_LOCK})
            context.run_migrations()
        connection.commit()


run()
