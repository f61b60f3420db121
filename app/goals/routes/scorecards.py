"""Somebody's goals of a period as one figure, and what each weighs in it."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import operations, periods, scorecards
from app.goals.routes import bp


@bp.get("/scorecard")
@requires(Permission.GOALS_VIEW)
@live("totals", "goals", "people", "periods", "metrics", "company")
def scorecard() -> ResponseReturnValue:
    template = "goals/_scorecard.html" if wants_fragment() else "goals/scorecard.html"
    return render_template(template, **_context(request.args))


@bp.post("/scorecard")
@requires(Permission.GOALS_MANAGE)
def weigh() -> ResponseReturnValue:
    viewer = the_viewer()
    context = _context(request.form)
    card = context["card"]
    if not card.may_weigh or not Form().validate():
        raise NotFound
    weights, errors = _read([each.goal.id for each in card.goals])
    if errors:
        template = "goals/_weights.html" if wants_fragment() else "goals/scorecard.html"
        return fragment(template, 422, **(context | {"errors": errors}))
    operations.set_weights(weights, by=viewer.person_id)
    flash(_("Saved"), "good")
    return go_to(url_for("goals.scorecard", period=context["period"].key, subject=context["subject"]))


def _context(values: Any) -> dict[str, Any]:
    viewer = the_viewer()
    period = periods.period_by_key(values.get("period", ""))
    kind, _dash, number = values.get("subject", "").partition("-")
    if period is None or kind not in {"person", "team"} or not number.isdecimal():
        raise NotFound
    card = scorecards.card_for(viewer, period, kind, int(number))
    return {
        "card": card,
        "period": period,
        "subject": f"{kind}-{number}",
        "url": url_for("goals.scorecard", period=period.key, subject=f"{kind}-{number}"),
        "errors": {},
    }


def _read(goal_ids: list[int]) -> tuple[dict[int, int], dict[int, str]]:
    """Weights in per cent, by goal; what is no weight gets a reason."""
    weights, errors = {}, {}
    for goal_id in goal_ids:
        text = request.form.get(f"weight-{goal_id}", "").strip()
        if not text:
            continue
        if text.isdecimal() and int(text) <= 100:
            weights[goal_id] = int(text) * 100
        else:
            errors[goal_id] = _("A weight is a whole number from 0 to 100.")
    return weights, errors
