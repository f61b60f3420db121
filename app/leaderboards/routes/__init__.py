"""The pages of this room: boards, the screens that show them, and what a screen shows."""

from flask import Blueprint

bp = Blueprint("leaderboards", __name__)
screens_bp = Blueprint("screens", __name__)

from app.leaderboards.routes import history, screens, standings, tv  # noqa: E402 - they fill the blueprints

__all__ = ["bp", "history", "screens", "screens_bp", "standings", "tv"]
