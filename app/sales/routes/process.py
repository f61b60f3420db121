"""What waits after the win, for whom, the longest overdue first; and who answers for which step."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.choices import choices_of
from app.core.errors import DomainError, Forbidden, Invalid
from app.core.hx import fragment, page_or_fragment, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.sales import catalogue, queries
from app.sales.closed_days import ClosedDay
from app.sales.forms import StepForm, StepRulesForm, refuse
from app.sales.routes.answers import found
from app.sales.routes.lists import asked, links, page_number
from app.sales.routes.sales import take_step
from app.sales.steps import STEPS

bp = Blueprint("process", __name__)


@bp.get("/process")
@requires(Permission.SALES_VIEW)
def index() -> ResponseReturnValue:
    return page_or_fragment("sales/process.html", "sales/_process.html", **_context())


@bp.post("/process/<int:sale_id>")
@requires(Permission.PROCESS_ADVANCE)
def advance(sale_id: int) -> ResponseReturnValue:
    """Mark a step done from the list."""
    sale, form = found(sale_id), StepForm()
    is_htmx = wants_fragment()
    try:
        if not form.validate():
            raise Invalid(_("Say which step, and on which day."))
        if form.step.data not in queries.rights_on(the_viewer(), sale, queries.rules()).steps:
            raise Forbidden
        take_step(sale, form)
    except ClosedDay:
        raise  # it can be asked for
    except DomainError as error:
        if is_htmx:
            return fragment("sales/_process.html", error.status, notice=error.message, **_context())
        page = render_template("sales/process.html", notice=error.message, **_context())
        return make_response(page, error.status)
    toast = {"message": _("Saved."), "undo_url": url_for("sales.undo", sale_id=sale.id)}
    if is_htmx:
        trigger = {"results:recorded": {"sale": sale.id}, "toast": toast}
        return fragment("sales/_process.html", trigger=trigger, **_context())
    query = "?" + request.query_string.decode() if request.query_string else ""
    flash(toast, "good")  # type: ignore[arg-type]  # with its undo
    return redirect(url_for("process.index") + query, 303)


@bp.route("/process/rules", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def rules() -> ResponseReturnValue:
    form = StepRulesForm()
    known = queries.rules()
    if request.method == "GET":
        for step in STEPS:
            rule = known.get(step)
            form[f"{step}_kept"].data = rule is not None
            form[f"{step}_team_id"].data = rule.team_id if rule else queries.usual_team(step)
            form[f"{step}_days"].data = rule.days if rule else queries.USUAL_DAYS[step]
            form[f"{step}_starts_on"].data = rule.starts_on if rule else clock.today()
    for step in STEPS:
        form[f"{step}_team_id"].choices = choices_of([("", _("The sale's rep")), *queries.answering_teams()])
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                _save(form)
            except DomainError as error:
                status = error.status
                refuse(form, error)
            else:
                flash(_("Saved."), "good")
                return redirect(url_for("process.rules"), 303)
    return make_response(render_template("sales/step_rules.html", form=form, steps=STEPS), status)


def _save(form: StepRulesForm) -> None:
    catalogue.save_step_rules(
        {
            queries.ProcessStep(step): catalogue.RuleSaid(
                is_kept=bool(form[f"{step}_kept"].data),
                team_id=form[f"{step}_team_id"].data,
                days=form[f"{step}_days"].data or 0,
                starts_on=form[f"{step}_starts_on"].data,
            )
            for step in STEPS
        },
        by_id=the_viewer().person_id,
    )


def _context() -> dict[str, Any]:
    viewer, known, wanted = the_viewer(), queries.rules(), asked()
    is_late = request.args.get("late") == "1"
    page = queries.page_of_waiting(
        viewer,
        known,
        step=wanted.step,
        rep_id=wanted.rep_id,
        is_late=is_late,
        number=page_number(),
    )
    return {
        "rows": page,
        "queues": queries.queues(viewer, known),
        "wanted": wanted,
        "is_late": is_late,
        "people": queries.people_in_sales(viewer),
        "markable": queries.markable_steps(viewer, known),
        "today": clock.today(),
        **links(page, url_for("process.index")),
    }
