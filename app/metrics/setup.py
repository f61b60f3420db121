"""Puts the metrics room into the app."""

from flask import Flask

from app.metrics import figures, totals


def init_app(app: Flask) -> None:
    figures.init_app(app)
    totals.init()
