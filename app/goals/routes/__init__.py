"""The pages of goals, one module a noun; results and adjustments have blueprints of their own."""

from flask import Blueprint

bp = Blueprint("goals", __name__, url_prefix="/goals")

from app.goals.routes import (  # noqa: E402 - they fill the blueprint
    adjustments,
    answers,
    cascades,
    closing,
    goals,
    making,
    periods,
    proposals,
    results,
    revisions,
    scorecards,
)

__all__ = [
    "adjustments",
    "answers",
    "bp",
    "cascades",
    "closing",
    "goals",
    "making",
    "periods",
    "proposals",
    "results",
    "revisions",
    "scorecards",
]
