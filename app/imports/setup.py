"""Puts the imports room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core.navigation import NavEntry, register
from app.core.permissions import Permission
from app.imports import cli, jobs, kinds, routes, words
from app.imports.people import People


def init_app(app: Flask) -> None:
    kinds.register(People())
    app.register_blueprint(routes.bp)
    register(
        NavEntry(
            "imports", "imports.index", _l("Imports"), "upload", Permission.IMPORT_RUN, "setup", order=50
        )
    )
    app.jinja_env.globals["import_words"] = words
    cli.init_app(app)


__all__ = ["init_app", "jobs"]
