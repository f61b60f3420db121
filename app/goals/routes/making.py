"""Goals are set: made as drafts, changed, proposed, taken back."""

from collections.abc import Sequence
from decimal import Decimal

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import closed, making, operations, periods, queries, units
from app.goals.forms import DraftForm, GoalForm
from app.goals.routes import bp
from app.goals.routes.answers import refused
from app.goals.routes.choosing import metric_options, period_options, subject_of, subject_options
from app.metrics import queries as metrics


@bp.get("/new")
@requires(Permission.GOALS_MANAGE)
def new() -> ResponseReturnValue:
    return render_template("goals/new.html", form=_goal_form())


@bp.post("")
@requires(Permission.GOALS_MANAGE)
def create() -> ResponseReturnValue:
    viewer = the_viewer()
    form = _goal_form()
    if not form.validate():
        return _new(form)
    period = periods.period_by_key(form.period.data)
    if period is None:
        raise NotFound
    metric = metrics.metric_by_key(form.metric.data)
    try:
        goal = operations.create_goal(
            subject_of(viewer, form.subject.data),
            period=period,
            metric=metric,
            target=units.to_kept(metric, form.target.data or Decimal(0)),
            weight=(100 if form.weight.data is None else form.weight.data) * 100,
            by=viewer.person_id,
            key=form.key.key,
            is_fixed=True,
        )
    except Invalid as error:
        return _new(refused(form, error))
    except Conflict as error:
        form.subject.errors = [str(error.message)]
        return _new(form)
    if closed.is_frozen(period.id):
        flash(
            _("Saved as a draft. Its period is closed: propose it, say why, and a second person decides."),
            "good",
        )
    else:
        flash(_("Saved as a draft. Nobody sees it until you propose it."), "good")
    return go_to(url_for("goals.show", goal_id=goal.id))


@bp.get("/<int:goal_id>/draft")
@requires(Permission.GOALS_MANAGE)
def edit(goal_id: int) -> ResponseReturnValue:
    goal = queries.goal_managed(the_viewer(), goal_id)
    form = DraftForm(None, target=units.to_written(goal.metric, goal.target))
    return render_template("goals/edit.html", goal=goal, form=form, unit=units.sign(goal.metric))


@bp.post("/<int:goal_id>/draft")
@requires(Permission.GOALS_MANAGE)
def change(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    goal = queries.goal_managed(viewer, goal_id)
    form = DraftForm()
    if not form.validate():
        part = "goals/_edit.html" if wants_fragment() else "goals/edit.html"
        return fragment(part, 422, goal=goal, form=form, unit=units.sign(goal.metric))
    making.set_by_hand(goal, units.to_kept(goal.metric, form.target.data or Decimal(0)), by=viewer.person_id)
    flash(_("Saved"), "good")
    return go_to(url_for("goals.show", goal_id=goal_id))


@bp.post("/<int:goal_id>/proposal")
@requires(Permission.GOALS_MANAGE)
def propose(goal_id: int) -> ResponseReturnValue:
    """One draft, or with `below` all drafts that were cascaded from this goal, and itself."""
    viewer = the_viewer()
    goal = queries.goal_for(viewer, goal_id)
    form = Form()
    if not form.validate():
        raise NotFound
    ids: Sequence[int]
    if request.form.get("below"):
        ids = queries.drafts_of(viewer, goal.period_id, goal_id)
    else:
        ids = [queries.goal_managed(viewer, goal_id).id]
    return _proposed(ids, viewer.person_id, url_for("goals.show", goal_id=goal_id))


@bp.post("/proposed")
@requires(Permission.GOALS_MANAGE)
def propose_all() -> ResponseReturnValue:
    """Every draft of a period."""
    viewer = the_viewer()
    period = periods.period_by_key(request.form.get("period", ""))
    if period is None or not Form().validate():
        raise NotFound
    ids = queries.drafts_of(viewer, period.id)
    return _proposed(ids, viewer.person_id, url_for("goals.answers", period=period.key))


@bp.post("/<int:goal_id>/withdrawal")
@requires(Permission.GOALS_MANAGE)
def withdraw(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    goal = queries.goal_managed(viewer, goal_id)
    operations.withdraw_goal(goal_id, by=viewer.person_id)
    flash(_("The draft is gone."), "good")
    return go_to(url_for("goals.index", period=goal.period.key))


def _proposed(ids: Sequence[int], by: int, url: str) -> ResponseReturnValue:
    goals = operations.propose_goals(ids, by=by)
    if goals:
        flash(ngettext("%(num)d goal was proposed.", "%(num)d goals were proposed.", len(goals)), "good")
    else:
        flash(_("There is no draft to propose."), "info")
    return go_to(url)


def _goal_form() -> GoalForm:
    viewer = the_viewer()
    asked = request.values.get("period")  # an earlier one too: there may be sales of years to set goals for
    form = GoalForm(
        request.form if request.method == "POST" else None,
        subject=request.args.get("subject"),
        period=asked or _running(),
        metric=request.args.get("metric"),
    )
    form.subject.choices = subject_options(viewer)
    form.metric.choices = metric_options()
    form.period.choices = period_options(viewer, also=periods.period_by_key(asked) if asked else None)
    return form


def _running() -> str | None:
    period = queries.period_on("month")
    return period.key if period else None


def _new(form: GoalForm) -> ResponseReturnValue:
    return fragment("goals/_new.html" if wants_fragment() else "goals/new.html", 422, form=form)
