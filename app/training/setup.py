"""Puts the training room into the app."""

from flask import Flask

from app.core import events, jobs
from app.training import imports, reminding, requiring

TOUCHED_BY = {"people", "sales", "training"}  # imports after which a requirement may cover others


@jobs.job("training.evaluate", cron="11 * * * *", lock="training")
def evaluate(timestamp: int = 0) -> None:
    """Every hour: who joined, moved, left or sold since, and what expires."""
    requiring.evaluate()


@jobs.job("training.remind", cron="41 * * * *", lock="training")
def remind(timestamp: int = 0) -> None:
    """Every hour, as each zone's day begins at its own; once a day it has something to do."""
    reminding.remind_all()


def after_import(event: events.Event) -> None:
    if event.payload["kind"] in TOUCHED_BY:
        requiring.evaluate()


def init_app(app: Flask) -> None:
    imports.init()
    events.on("import_finished")(after_import)
