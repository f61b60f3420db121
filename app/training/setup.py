"""Puts the training room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core import events, jobs, navigation
from app.core.navigation import NavEntry
from app.core.permissions import Permission
from app.training import imports, reminding, requiring, words
from app.training.routes import blueprints

TOUCHED_BY = {"people", "sales", "training"}  # imports after which a requirement may cover others

ENTRIES = (
    NavEntry(
        "training", "training.index", _l("Training"), "graduation-cap", Permission.TRAINING_VIEW, order=70
    ),
    NavEntry(
        "training_people",
        "training_people.index",
        _l("Team training"),
        "clipboard-list",
        Permission.TRAINING_ASSIGN,
        "manage",
        320,
    ),
    NavEntry(
        "courses", "courses.index", _l("Courses"), "book-open", Permission.TRAINING_MANAGE, "manage", 330
    ),
)


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
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    imports.init()
    app.jinja_env.globals["training_words"] = words
    for entry in ENTRIES:
        navigation.register(entry)
    events.on("import_finished")(after_import)
