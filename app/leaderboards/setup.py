"""Puts the leaderboards room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core.changes import changes
from app.core.navigation import NavEntry, register
from app.core.permissions import Permission
from app.leaderboards import kept, past
from app.leaderboards.cli import standings
from app.leaderboards.routes import bp, screens_bp

SUBSCRIBERS = {
    "totals": (kept.on_totals, past.on_totals),
    "goals": (kept.on_goals,),
    "people": (kept.on_people, past.on_people),
    "metrics": (kept.forget, past.forget),
    "periods": (kept.forget, past.forget),
    "company": (kept.forget, past.forget),
}


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(screens_bp)
    app.cli.add_command(standings)
    register(
        NavEntry(
            key="standings",
            endpoint="leaderboards.index",
            label=_l("Standings"),
            icon="trophy",
            permission=Permission.STANDINGS_VIEW,
            order=20,
            on_phone=True,
        )
    )
    register(
        NavEntry(
            key="screens",
            endpoint="screens.index",
            label=_l("Screens"),
            icon="tv",
            permission=Permission.TV_MANAGE,
            section="manage",
            order=60,
        )
    )
    for topic, subscribers in SUBSCRIBERS.items():
        for subscriber in subscribers:
            changes.subscribe(topic, subscriber)
