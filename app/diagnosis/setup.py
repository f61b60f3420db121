"""Puts the diagnosis room into the app."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass
