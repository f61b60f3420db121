"""What can go wrong in an operation, and the answer it becomes."""

from typing import ClassVar

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from app.core.hx import is_htmx
from app.extensions import db


class DomainError(Exception):
    """A rule of the trade said no. The message is for the person, in their language."""

    status: ClassVar[int] = 409

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """It is not there, or not for this viewer: both look the same."""

    status = 404


class Forbidden(DomainError):
    status = 403


class Conflict(DomainError):
    status = 409


class Invalid(DomainError):
    """Input that cannot be taken; `field` names where the message belongs."""

    status = 422

    def __init__(self, message: object, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


TITLES = {
    400: _l("That request could not be understood"),
    401: _l("Please sign in"),
    403: _l("That is not yours to change"),
    404: _l("There is nothing here for you"),
    405: _l("That does not work this way"),
    409: _l("Something changed in the meantime"),
    413: _l("That file is too large"),
    422: _l("Please check what you entered"),
    429: _l("Too many attempts"),
    500: _l("Something broke on our side"),
    503: _l("Back in a moment"),
}


def error_page(status: int, message: object = "") -> Response:
    title = TITLES.get(status, TITLES[500])
    template = "errors/_error.html" if is_htmx() else "errors/error.html"
    page = render_template(template, status=status, title=title, message=message)
    return make_response(page, status)


def init_app(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def domain_error(error: DomainError) -> ResponseReturnValue:
        return error_page(error.status, error.message)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> ResponseReturnValue:
        return error_page(400, _l("This page was open for too long. Load it again and repeat the step."))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        response = error_page(error.code or 500)
        for name, value in error.get_headers():
            if name not in {"Content-Type", "Content-Length"}:
                response.headers[name] = value
        return response

    @app.errorhandler(DBAPIError)
    def lost(error: DBAPIError) -> ResponseReturnValue:
        """A page that met a dying database is asked for once more, through the gate; a change is not."""
        if not error.connection_invalidated or request.method not in {"GET", "HEAD"} or "retried" in g:
            return broken(error)
        g.retried = True
        db.session.rollback()
        answer = app.preprocess_request()
        return app.dispatch_request() if answer is None else answer

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        app.logger.error("unhandled error", exc_info=error)
        if app.testing:
            raise error
        return error_page(500)
