"""Puts the imports room into the app."""

from flask import Flask

from app.imports import cli, kinds
from app.imports.people import People


def init_app(app: Flask) -> None:
    kinds.register(People())
    cli.init_app(app)
