"""Signed-in browsers: the cookie that the portal itself would have given them."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


def cookie(app: Flask, token: str) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": "bench"})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
