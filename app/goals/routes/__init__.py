"""The pages of goals, one module a noun, under one blueprint."""

from flask import Blueprint

bp = Blueprint("goals", __name__, url_prefix="/goals")

from app.goals.routes import (  # noqa: E402 - they fill the blueprint
    adjustments,
    answers,
    cascades,
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
    "goals",
    "making",
    "periods",
    "proposals",
    "results",
    "revisions",
    "scorecards",
]
