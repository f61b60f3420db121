"""The pages of cases and of root-cause reviews, each under a blueprint of its own."""

from flask import Blueprint

cases_bp = Blueprint("cases", __name__)
reviews_bp = Blueprint("reviews", __name__, url_prefix="/reviews")

from app.diagnosis.routes import actions, answers, cases, contests, records, reviews  # noqa: E402 - they fill the blueprints

__all__ = ["actions", "answers", "cases", "cases_bp", "contests", "records", "reviews", "reviews_bp"]
