"""Goals as one looks at them."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.hx import page_or_fragment, wants_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import charts, closed, pages, progress, queries, showing
from app.goals.forms import AnswerForm, CommentForm, DecisionForm, named
from app.goals.routes import bp
from app.goals.routes.choosing import filters, metric_options, period_options


@bp.get("")
@requires(Permission.GOALS_VIEW)
@live("totals", "goals", "people", "periods", "metrics", "company")
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    chosen = filters(viewer)
    teams = pages.team_choices(viewer)
    return page_or_fragment(
        "goals/index.html",
        "goals/_list.html",
        found=pages.index(viewer, chosen),
        chosen=chosen,
        url=_url(chosen),
        older=_url(chosen, page=chosen.page + 1),
        newer=_url(chosen, page=chosen.page - 1) if chosen.page > 1 else None,
        periods=period_options(viewer, _("Running now"), also=chosen.period),
        metrics=[("", _("All metrics")), *metric_options()],
        teams=[("", _("All teams")), *((team.id, team.name) for team in teams)],
        can_manage=viewer.can(Permission.GOALS_MANAGE),
    )


@bp.get("/<int:goal_id>")
@requires(Permission.GOALS_VIEW)
def show(goal_id: int) -> ResponseReturnValue:
    return render_template("goals/show.html", **goal_context(goal_id) | standing_context(goal_id))


@bp.get("/<int:goal_id>/progress")
@requires(Permission.GOALS_VIEW)
@live("totals", "goals", "people", "periods", "metrics", "company")
def show_progress(goal_id: int) -> ResponseReturnValue:
    if not wants_fragment():
        return _whole(goal_id)
    return render_template("goals/_progress.html", **standing_context(goal_id))


@bp.get("/<int:goal_id>/conversation")
@requires(Permission.GOALS_VIEW)
@live("goals", "people")
def show_conversation(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    if not wants_fragment():
        return _whole(goal_id)
    goal = queries.goal_for(viewer, goal_id)
    return render_template("goals/_conversation.html", goal=goal, turns=showing.turns(viewer, goal))


def _whole(goal_id: int) -> ResponseReturnValue:
    """A part that somebody opens by itself leads to its page."""
    queries.goal_for(the_viewer(), goal_id)
    return redirect(url_for("goals.show", goal_id=goal_id))


def goal_context(goal_id: int, **forms: Any) -> dict[str, Any]:
    """The parts of a goal's page that are not kept up to date by themselves: forms among them."""
    viewer = the_viewer()
    goal = queries.goal_for(viewer, goal_id)
    page = showing.goal_page(viewer, goal)
    return {
        "goal": goal,
        "page": page,
        "turns": page.turns,
        "may_cascade": goal.team_id is not None and queries.manages_team(viewer, goal.team_id),
        "answer": named(forms.get("answer") or AnswerForm(None, version=goal.version), "answer"),
        "comment": named(forms.get("comment") or CommentForm(None), "comment"),
        "decision": named(forms.get("decision") or DecisionForm(None), "decision"),
    }


def standing_context(goal_id: int) -> dict[str, Any]:
    viewer = the_viewer()
    goal = queries.goal_for(viewer, goal_id)
    found = progress.for_goal(goal)
    return {
        "goal": goal,
        "progress": found,
        "versions": closed.versions_of(goal_id) if found.result else [],
        "chart": charts.cumulative(found),
        "children": showing.children(viewer, goal),
        "standing": showing.standing(viewer, goal),
    }


def _url(chosen: pages.Filters, page: int = 1) -> str:
    values: dict[str, Any] = {}
    if chosen.period:
        values["period"] = chosen.period.key
    if chosen.metric:
        values["metric"] = chosen.metric.key
    if chosen.team:
        values["team"] = chosen.team.id
    if page > 1:
        values["page"] = page
    return url_for("goals.index", **values)
