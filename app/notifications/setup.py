"""Puts the notifications room into the app."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
