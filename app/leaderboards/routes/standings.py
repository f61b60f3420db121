from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.hx import fragment, is_htmx
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import Viewer, the_viewer
from app.goals.words import KINDS, period_name
from app.leaderboards import kept, words
from app.leaderboards.board import Board
from app.leaderboards.filters import Mode, Of
from app.leaderboards.queries import choices, teams
from app.leaderboards.queries.choices import Choice
from app.leaderboards.queries.scope import Scope, scope_of
from app.leaderboards.routes import bp
from app.leaderboards.routes.rows import rows
from app.leaderboards.standing import View

TOP, MOST = 10, 50
LIST_SIZE = 50
TOPICS = ("totals", "goals", "people", "metrics", "periods", "company")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the live part of the page shows."""

    choice: Choice
    board: Board
    view: View
    scope: Scope
    top: Markup
    around: Markup
    show: str  # top, mine or found
    page: int
    found: int
    has_more: bool
    asked_top: int


@bp.get("/standings")
@requires(Permission.STANDINGS_VIEW)
@live(*TOPICS, "notifications:mine")
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    choice = choices.choose(request.args, own_team_id=viewer.team_id)
    if choice is None:
        return render_template("leaderboards/nothing.html")
    shown = _shown(choice, viewer)
    return render_template(
        "leaderboards/index.html",
        shown=shown,
        choice=choice,
        words=words,
        Of=Of,
        offered=_offered(choice),
        team_label=teams.labels().get(choice.team.id, choice.team.name) if choice.team else "",
        tabs_offered=_tabs(choice, shown),
        q=request.args.get("q", ""),
        live_url=_live_url(choice),
    )


@bp.get("/standings/board")
@requires(Permission.STANDINGS_VIEW)
@live(*TOPICS)
def board() -> ResponseReturnValue:
    """The part of the page that keeps itself up to date."""
    viewer = the_viewer()
    choice = choices.choose(request.args, own_team_id=viewer.team_id)
    if choice is None:
        abort(404)
    return render_template(
        "leaderboards/_board.html",
        shown=_shown(choice, viewer),
        choice=choice,
        words=words,
        Of=Of,
        live_url=_live_url(choice),
    )


@bp.get("/standings/teams")
@requires(Permission.STANDINGS_VIEW)
def team_names() -> ResponseReturnValue:
    """What the browser proposes while a team's name is typed."""
    if not is_htmx():
        return redirect(url_for("leaderboards.index"))
    return fragment("leaderboards/_team_names.html", names=teams.proposals(request.args.get("team_name", "")))


Options = list[tuple[str | int, str]]


def _offered(choice: Choice) -> dict[str, Options | dict[str, Options]]:
    """What each filter can be set to."""
    levels = teams.levels(choice.filter.team_id) if choice.filter.of is Of.TEAMS else []
    departments = sum(level.are_departments for level in levels)
    are_mixed = departments > 1 or len(levels) - departments > 1
    metrics = list(choices.offered_metrics())
    if choice.metric.id not in {metric.id for metric in metrics}:
        metrics.append(choice.metric)
    periods = choices.periods(choice.metric, choice.period)
    return {
        "metrics": [(metric.key, metric.label()) for metric in metrics],
        "periods": {
            str(KINDS[kind]): [(period.key, period_name(period)) for period in found]
            for kind, found in periods.items()
        },
        "teams": _teams_offered(choice),
        "modes": [(mode.value, str(words.MODES[mode])) for mode in Mode],
        "levels": [(level.depth, words.level_name(level, are_mixed)) for level in levels],
    }


def _teams_offered(choice: Choice) -> Options:
    """None to choose from where they are too many: one is found by its name."""
    known = teams.teams()
    if len(known) > teams.MOST_LISTED:
        return []
    is_other = choice.team is not None and choice.team.id not in {team.id for team in known}
    listed = [*known, choice.team] if choice.team is not None and is_other else known
    return [("", _("Whole company")), *((t.id, "\u2003" * (t.depth - 1) + t.name) for t in listed)]


def _tabs(choice: Choice, shown: Shown) -> list[dict[str, object]]:
    of_people = choice.filter.of is Of.PEOPLE
    scope = shown.scope if of_people else scope_of(the_viewer(), Of.PEOPLE)

    def tab(label: str, is_current: bool, **changed: str | None) -> dict[str, object]:
        arguments: dict[str, Any] = choice.arguments(level=None, **changed)
        return {"label": label, "is_current": is_current, "url": url_for("leaderboards.index", **arguments)}

    found = [tab(_("Everybody"), of_people and shown.show != "mine", of=None)]
    if may_list(scope):
        found.append(tab(_("Your people"), shown.show == "mine", of=None, show="mine"))
    return [*found, tab(_("Teams"), not of_people, of=Of.TEAMS.value)]


def _live_url(choice: Choice) -> str:
    """With the filters resolved, and how much of the board is asked for."""
    asked = {name: request.args[name] for name in ("top", "show", "page", "q") if request.args.get(name)}
    arguments: dict[str, Any] = choice.arguments(**asked)
    return url_for("leaderboards.board", **arguments)


def _shown(choice: Choice, viewer: Viewer) -> Shown:
    found = kept.board(choice.filter)
    of = choice.filter.of
    scope = scope_of(viewer, of)
    own_key = viewer.person_id if of is Of.PEOPLE else _own_team(found, viewer)
    asked = request.args.get("top", "")
    top = min(max(int(asked), 3), MOST) if asked.isdecimal() and len(asked) < 5 else TOP
    view = found.view(own_key, top=top, whole=scope.sees_all)
    show, page, listed, has_more = "top", 1, view.top, False
    text = request.args.get("q", "").strip()
    if text and scope.sees_all:
        show, listed = "found", found.matching(text, LIST_SIZE)
    elif request.args.get("show") == "mine" and may_list(scope):
        number = request.args.get("page", "")
        page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
        everybody = found.standings_of(scope.listed)
        listed = everybody[(page - 1) * LIST_SIZE : page * LIST_SIZE]
        show, has_more = "mine", len(everybody) > page * LIST_SIZE
    return Shown(
        choice=choice,
        board=found,
        view=view,
        scope=scope,
        top=rows(choice, found, listed, scope, own_key),
        around=rows(choice, found, view.around, scope, own_key) if show == "top" else Markup(""),
        show=show,
        page=page,
        found=len(listed),
        has_more=has_more,
        asked_top=top,
    )


def may_list(scope: Scope) -> bool:
    """A manager sees all of their own people; a rep, whose scope is themselves, no bottom."""
    return len(scope.listed) > 1


def _own_team(board: Board, viewer: Viewer) -> int | None:
    """One's own team on a board of teams, or the one above it that is on this board."""
    return next((key for key in teams.path_of(viewer.team_id) if key in board), None)
