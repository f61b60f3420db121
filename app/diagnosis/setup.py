"""Puts the diagnosis room into the app."""

from flask import Flask

from app.core import events
from app.diagnosis import cli, opening


def period_closed(event: events.Event) -> None:
    opening.diagnose_period(event.payload["period_id"])


def init_app(app: Flask) -> None:
    cli.init_app(app)
    events.on("period_closed")(period_closed)
