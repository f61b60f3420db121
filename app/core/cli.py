"""What every `flask --app wsgi ...` command shares, and the worker."""

import sys
from types import TracebackType

import click
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from app.core import jobs
from app.core.embedded import EmbeddedError
from app.extensions import db


def one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A database that cannot be reached is the reader's to mend: no stack trace."""
    if isinstance(error, EmbeddedError):
        print(f"cumbre: {error}", file=sys.stderr)
    elif isinstance(error, OperationalError):
        print(f"cumbre: the database: {str(error.orig).strip().splitlines()[0]}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


@click.command("worker", help="Do background jobs until stopped; any number may run.")
def worker() -> None:
    db.engine.connect().close()  # starts the embedded server, or says that there is none
    jobs.run_worker(current_app.config["SQLALCHEMY_DATABASE_URI"])


def init_app(app: Flask) -> None:
    app.cli.add_command(worker)
    if click.get_current_context(silent=True) is not None:
        sys.excepthook = one_line
