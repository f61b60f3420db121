"""The pages of metrics: how each is counted, its records, and their administration."""

from flask import Blueprint

bp = Blueprint("metrics", __name__)

from app.metrics.routes import explained, managing, records  # noqa: E402,F401 - they fill the blueprint
