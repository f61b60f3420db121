"""Puts the home room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core.navigation import NavEntry, register
from app.core.permissions import Permission
from app.home import routes


def init_app(app: Flask) -> None:
    app.register_blueprint(routes.bp)
    register(
        NavEntry("home", "home.show", _l("Home"), "home", Permission.HOME_VIEW, "main", 10, on_phone=True)
    )
