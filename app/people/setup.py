"""Puts the people room into the app."""

from flask import Flask

from app.core import clock
from app.core.viewer import Viewer
from app.extensions import login_manager
from app.people import company, routes, sessions


def init_app(app: Flask) -> None:
    clock.use_zone(company.zone)
    app.register_blueprint(routes.bp)
    app.context_processor(lambda: {"company": company.settings()})

    @login_manager.user_loader
    def load(token: str) -> Viewer | None:
        return sessions.viewer_for(token)
