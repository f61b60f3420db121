"""The pages of this room, one module a noun, under one blueprint."""

from flask import Blueprint

bp = Blueprint("people", __name__)

from app.people.routes import (  # noqa: E402,F401 - they fill the blueprint
    access,
    directory,
    language,
    persons,
    sign_in,
    teams,
    welcome,
)
