"""Puts the metrics room into the app."""

from flask import Flask

from app.metrics import figures, moving, totals
from app.metrics.cli import totals as commands


def init_app(app: Flask) -> None:
    figures.init_app(app)
    totals.init()
    moving.init()
    app.cli.add_command(commands)
