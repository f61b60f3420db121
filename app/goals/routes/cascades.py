"""A goal is spread down the tree: look, recompute, save, propose."""

from decimal import Decimal
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Invalid, NotFound
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import cascades, queries, units, words
from app.goals.cascades import WAYS, By, Choices
from app.goals.forms import CascadeForm, read_decimal
from app.goals.routes import bp
from app.goals.routes.choosing import number


@bp.get("/<int:goal_id>/cascade")
@requires(Permission.GOALS_MANAGE)
def cascade(goal_id: int) -> ResponseReturnValue:
    goal = _goal(goal_id)
    way = request.args.get("by")
    choices = Choices(_way(way)) if way else None
    found = cascades.plan(goal, choices, by=the_viewer().person_id)
    form = _form(goal, None, by=found.choices.by, at=request.args.get("at"))
    return render_template("goals/cascade.html", **_context(found, form, {}, {}))


@bp.post("/<int:goal_id>/cascade")
@requires(Permission.GOALS_MANAGE)
def spread(goal_id: int) -> ResponseReturnValue:
    """Recompute with the numbers typed, or save them (`save`)."""
    viewer = the_viewer()
    goal = _goal(goal_id)
    form = _form(goal, request.form)
    typed = {
        key.removeprefix("fix-"): text.strip() for key, text in request.form.items() if key.startswith("fix-")
    }
    fixed, errors = _read(goal, typed)
    choices = Choices(_way(form.by.data), fixed, bool(form.revise.data))
    found = cascades.plan(goal, choices, by=viewer.person_id)
    if errors or not form.validate():
        return _answer(422, _context(found, form, typed, errors))
    if "save" not in request.form:
        return _answer(200, _context(found, form, typed, {}))
    try:
        cascades.save_cascade(
            goal_id,
            choices,
            version=number(form.version.data),
            by=viewer.person_id,
            reason=form.reason.data or "",
            text=form.text.data or "",
        )
    except Invalid as error:
        form.text.errors = [str(error.message)]
        return _answer(422, _context(found, form, typed, {}))
    except Conflict as error:
        form.form_errors.append(str(error.message))
        return _answer(409, _context(found, form, typed, {}))
    flash(_("Saved as drafts. Nobody sees them until you propose them."), "good")
    return go_to(url_for("goals.cascade", goal_id=goal_id))


def _goal(goal_id: int) -> Any:
    """A goal that the viewer sees, of a team for whose people they set goals."""
    viewer = the_viewer()
    goal = queries.goal_for(viewer, goal_id)
    if goal.team_id is None or not queries.manages_team(viewer, goal.team_id):
        raise NotFound
    return goal


def _way(text: str | None) -> By:
    return next((way for way in WAYS if way == text), "history")


def _form(goal: Any, data: Any, **values: Any) -> CascadeForm:
    form = CascadeForm(data, version=goal.version, **values)
    form.by.choices = [
        ("history", _("By last year")),
        ("headcount", _("By headcount")),
        ("hand", _("By hand")),
    ]
    form.reason.choices = [(reason.value, text) for reason, text in words.REASONS.items()]
    return form


def _read(goal: Any, typed: dict[str, str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    fixed, errors = {}, {}
    for key, text in typed.items():
        try:
            value = read_decimal(text)
        except ValueError:
            errors[key] = _("Write a number, or leave it empty.")
            continue
        if value is not None and value < 0:
            errors[key] = _("A target is not below zero.")
        elif value is not None:
            fixed[key] = units.to_kept(goal.metric, value)
    return fixed, errors


def _context(
    found: cascades.Plan, form: CascadeForm, typed: dict[str, str], errors: dict[str, str]
) -> dict[str, Any]:
    viewer = the_viewer()
    at = request.form.get("into") or form.at.data or found.root.part.key
    row = found.by_key.get(at, found.root)
    way_up = []
    above = row.part.parent
    while above is not None:
        way_up.append(found.of(above))
        above = found.of(above).part.parent
    form.at.data = row.part.key
    return {
        "plan": found,
        "form": form,
        "typed": typed,
        "errors": errors,
        "at": row.part.key,
        "way_up": way_up[::-1],
        "level": {each.part.key for each in found.level(row.part.key)},
        "unit": units.sign(found.goal.metric),
        "drafts": len(queries.drafts_of(viewer, found.goal.period_id, found.goal.id)),
    }


def _answer(status: int, context: dict[str, Any]) -> ResponseReturnValue:
    template = "goals/_cascade.html" if wants_fragment() else "goals/cascade.html"
    return fragment(template, status, **context)
