"""Puts the demo command into the app."""

from flask import Flask

from app.demo import cli


def init_app(app: Flask) -> None:
    cli.init_app(app)
