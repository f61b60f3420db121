"""Puts the notifications room into the app."""

from flask import Flask

from app.core.changes import changes
from app.notifications import handlers, queries, routes


def init_app(app: Flask) -> None:
    app.register_blueprint(routes.bp)
    app.jinja_env.globals["unread_count"] = queries.unread_count
    changes.subscribe("notifications", queries.counts.forget)
    handlers.subscribe()
