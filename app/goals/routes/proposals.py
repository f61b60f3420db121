"""Targets proposed from what was sold before: looked at, changed, saved as drafts."""

from decimal import Decimal
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import NotFound
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import pages, periods, proposals, queries, units
from app.goals.forms import ProposalForm, read_decimal
from app.goals.routes import bp
from app.goals.routes.choosing import metric_options, period_options
from app.metrics import queries as metrics
from app.people.queries import team_for


@bp.get("/proposals")
@requires(Permission.GOALS_MANAGE)
def propose_from_history() -> ResponseReturnValue:
    template = "goals/_proposals.html" if wants_fragment() else "goals/proposals.html"
    return render_template(template, **_context(request.args), form=ProposalForm(None), typed={}, errors={})


@bp.post("/proposals")
@requires(Permission.GOALS_MANAGE)
def save_proposals() -> ResponseReturnValue:
    viewer = the_viewer()
    context = _context(request.form)
    found: proposals.Sheet = context["sheet"]
    form = ProposalForm()
    typed = {key.removeprefix("fix-"): text for key, text in request.form.items() if key.startswith("fix-")}
    chosen, errors = _read(found, typed)
    if errors or not form.validate():
        template = "goals/_proposals.html" if wants_fragment() else "goals/proposals.html"
        return fragment(template, 422, **context, form=form, typed=typed, errors=errors)
    made = proposals.save_proposals(found, chosen, by=viewer.person_id, key=form.key.key)
    if made:
        flash(ngettext("%(num)d draft was saved.", "%(num)d drafts were saved.", len(made)), "good")
    else:
        flash(_("Nothing new to save."), "info")
    return go_to(url_for("goals.answers", period=found.period.key))


def _context(values: Any) -> dict[str, Any]:
    viewer = the_viewer()
    period = periods.period_by_key(values.get("period", "")) or _next_period()
    metric = metrics.metric_by_key(values.get("metric") or metrics.active_metrics()[0].key)
    team_id = values.get("team", type=int)
    team = team_for(viewer, team_id) if team_id else None
    growth_error = None
    growth = Decimal(0)
    try:
        growth = (read_decimal(values.get("growth", "")) or Decimal(0)) / 100
        if not Decimal(-1) < growth <= 10:
            raise ValueError
    except ValueError:
        growth, growth_error = Decimal(0), _("Write a number of per cent, like 5.")
    return {
        "sheet": proposals.sheet(viewer, period, metric, growth, team),
        "team": team,
        "growth_text": values.get("growth", ""),
        "growth_error": growth_error,
        "periods": period_options(viewer),
        "metrics": metric_options(),
        "teams": [("", _("All teams")), *((each.id, each.name) for each in pages.team_choices(viewer))],
        "unit": units.sign(metric),
    }


def _next_period() -> Any:
    """The month that comes next, for which it is time to think of goals."""
    periods.ensure_periods()
    running = queries.period_on("month")
    following = queries.period_after(running) if running else None
    if following is None:
        raise NotFound
    return following


def _read(found: proposals.Sheet, typed: dict[str, str]) -> tuple[dict[str, Decimal | None], dict[str, str]]:
    """The rows that are ticked, with what was typed for each."""
    chosen: dict[str, Decimal | None] = {}
    errors = {}
    for key in request.form.getlist("chosen"):
        try:
            value = read_decimal(typed.get(key, ""))
        except ValueError:
            errors[key] = _("Write a number, or leave it empty.")
            continue
        if value is not None and value <= 0:
            errors[key] = _("A target is more than zero.")
        else:
            chosen[key] = None if value is None else units.to_kept(found.metric, value)
    return chosen, errors
