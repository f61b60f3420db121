"""Did it help? A plan's effect, and what helps over the company."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.coaching.effect import queries, words
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer

bp = Blueprint("coaching_effects", __name__, url_prefix="/coaching")


@bp.get("/plans/<int:plan_id>/effect")
@requires(Permission.COACHING_VIEW)
def show(plan_id: int) -> ResponseReturnValue:
    told = queries.told_for(the_viewer(), plan_id)
    return render_template("coaching/effect/show.html", told=told, words=words)


@bp.get("/effect")
@requires(Permission.COACHING_EFFECT)
def index() -> ResponseReturnValue:
    lines = queries.what_helps(the_viewer(), words.steps())
    return render_template("coaching/effect/what_helps.html", lines=lines, words=words)
