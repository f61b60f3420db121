"""The session's cookie: Flask's own, what signs it put together once instead of twice a request."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Cookies(SecureCookieSessionInterface):
    def __init__(self) -> None:
        self._signed_with: object = None
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        secrets = app.secret_key, app.config["SECRET_KEY_FALLBACKS"]
        if self._serializer is None or self._signed_with != secrets:
            self._serializer, self._signed_with = super().get_signing_serializer(app), secrets
        return self._serializer


def init_app(app: Flask) -> None:
    app.session_interface = Cookies()
