"""Unsafe methods need a same-origin browser; the token of Flask-WTF is the second lock."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def is_same_origin() -> bool:
    """By Sec-Fetch-Site, else by Origin. A client that sends neither is no browser: the token decides."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def init_app(app: Flask) -> None:
    @app.before_request
    def refuse_foreign() -> None:
        if request.method not in _SAFE and not is_same_origin():
            abort(400)
