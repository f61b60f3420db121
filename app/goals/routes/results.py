"""What closed periods came to."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.hx import page_or_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import Viewer, the_viewer
from app.goals import adjustment_lists, pages, result_words, results, words
from app.goals.results import Filters, Outcome, Period
from app.goals.routes.choosing import filters, metric_options

bp = Blueprint("results", __name__, url_prefix="/goals/results")


@bp.get("")
@requires(Permission.GOALS_VIEW)
@live("goals", "periods", "people", "metrics", "company")
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    closed = results.closed_periods(viewer)
    wanted = _wanted(viewer, closed)
    if wanted is None:
        return render_template("goals/results.html", wanted=None, periods=[], found=None, own=0, drafts=0)
    page = results.page_of(viewer, wanted)
    counts = results.counts(viewer, wanted)
    teams = pages.team_choices(viewer)
    return page_or_fragment(
        "goals/results.html",
        "goals/_results.html",
        wanted=wanted,
        found=page,
        counts=counts,
        total=sum(counts.values()),
        by_team=results.by_team(viewer, wanted),
        adjusted=results.adjusted(wanted.period),
        periods=_period_options(closed),
        metrics=[("", _("All metrics")), *metric_options()],
        teams=[("", _("All teams")), *((team.id, team.name) for team in teams)],
        words=result_words,
        drafts=adjustment_lists.count(viewer, "drafts"),
        own=adjustment_lists.own_open(viewer),
        outcomes=list(Outcome),
        url_of=lambda **changed: _url(wanted, **changed),
    )


def _wanted(viewer: Viewer, closed: Any) -> Filters | None:
    chosen = filters(viewer)
    period = chosen.period or (closed[0] if closed else None)
    if period is None:
        return None
    outcome = next((each for each in Outcome if each.value == request.args.get("outcome")), None)
    return Filters(period, outcome, chosen.metric, chosen.team, chosen.page)


def _period_options(closed: Any) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    period: Period
    for period in closed:
        found.setdefault(str(words.KINDS[period.kind]), []).append((period.key, words.period_name(period)))
    return found


def _url(wanted: Filters, **changed: Any) -> str:
    """Of the same page with other filters; a new choice begins at its first page."""
    values: dict[str, Any] = {
        "period": wanted.period.key,
        "outcome": wanted.outcome.value if wanted.outcome else None,
        "metric": wanted.metric.key if wanted.metric else None,
        "team": wanted.team.id if wanted.team else None,
    }
    return url_for("results.index", **values | changed)
