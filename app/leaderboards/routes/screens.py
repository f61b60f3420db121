"""Links for screens on a wall: who may make them, sees them, takes them back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.leaderboards import operations, words
from app.leaderboards.filters import Mode
from app.leaderboards.forms import ScreenForm
from app.leaderboards.queries import choices
from app.leaderboards.queries import screens as queries
from app.leaderboards.queries.teams import teams
from app.leaderboards.routes import screens_bp as bp

TEAMS = "teams"  # instead of a mode: teams by their results


@bp.get("/standings/screens")
@requires(Permission.TV_MANAGE)
def index() -> ResponseReturnValue:
    return render_template("leaderboards/screens.html", screens=queries.screens(the_viewer()))


@bp.get("/standings/screens/new")
@requires(Permission.TV_MANAGE)
def new() -> ResponseReturnValue:
    first = {"metric": choices.FIRST_METRIC, "period": "month"}
    form = _form(ScreenForm(boards=[first], locale=str(get_locale())))
    return render_template("leaderboards/screen_new.html", form=form)


@bp.post("/standings/screens")
@requires(Permission.TV_MANAGE)
def create() -> ResponseReturnValue:
    form = _form(ScreenForm())
    is_valid = form.validate()
    if is_valid and not form.chosen:
        form.boards[0].metric.errors = [_("Choose at least one board.")]
    if not is_valid or not form.chosen:
        return render_template("leaderboards/screen_new.html", form=form), 422
    screen, token = operations.create_screen(
        form.name.data or "",
        form.chosen,
        seconds=form.seconds.data or 20,
        locale=form.locale.data,
        by=the_viewer().person_id,
        key=form.key.key,
    )
    if token is None:
        flash(_("This screen is made already. Its link was shown once; make another if it is lost."), "info")
        return redirect(url_for("screens.index"), 303)
    url = url_for("leaderboards.tv", token=token, _external=True)
    return render_template("leaderboards/screen_created.html", screen=screen, url=url), 201


@bp.post("/standings/screens/<int:screen_id>/revocation")
@requires(Permission.TV_MANAGE)
def revoke(screen_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    screen = queries.screen_for(viewer, screen_id)
    operations.revoke_screen(screen, by=viewer.person_id)
    flash(_("The link of %(name)s no longer opens.", name=screen.name), "good")
    return go_to(url_for("screens.index"))


def _form(form: ScreenForm) -> ScreenForm:
    metrics = [("", _("None")), *((m.key, m.label()) for m in choices.offered_metrics())]
    whole = ("", _("Whole company"))
    of_teams = [(str(team.id), team.name) for team in teams()]
    comparisons = [(mode.value, str(words.MODES[mode])) for mode in Mode]
    form.offer(metrics, [whole, *of_teams], [*comparisons, (TEAMS, _("Teams by result"))])
    return form
