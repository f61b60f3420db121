"""A goal that is out is changed only by a revision."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import progress, queries, revisions, units, words
from app.goals.fiscal import is_last_tenth
from app.goals.forms import DecisionForm, RevisionForm
from app.goals.routes import bp
from app.goals.routes.answers import answered, refused, talk
from app.goals.routes.choosing import number
from app.sales.closed_days import ClosedDay

if TYPE_CHECKING:
    from app.goals.models import Goal


@bp.get("/<int:goal_id>/revisions/new")
@requires(Permission.GOALS_MANAGE)
def new_revision(goal_id: int) -> ResponseReturnValue:
    goal = queries.goal_managed(the_viewer(), goal_id)
    return render_template("goals/revise.html", **_context(goal, _form(goal)))


@bp.post("/<int:goal_id>/revisions")
@requires(Permission.GOALS_MANAGE)
def revise(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    goal = queries.goal_managed(viewer, goal_id)
    form = _form(goal)
    if not form.validate():
        return _again(goal, form)
    try:
        revision = revisions.revise_goal(
            goal_id,
            target=units.to_kept(goal.metric, form.target.data or Decimal(0)),
            reason=form.reason.data,
            text=form.text.data or "",
            effective_on=form.effective_on.data or clock.today(),
            version=number(form.version.data),
            by=viewer.person_id,
            key=form.key.key,
        )
    except Invalid as error:
        return _again(goal, refused(form, error))
    except ClosedDay:
        raise  # it can be asked for
    except Conflict as error:
        form.form_errors.append(str(error.message))
        return _again(goal, form, 409)
    if revision.waits:
        flash(_("The end of the period is near: this revision waits for a second person."), "info")
    else:
        flash(_("The goal was revised. Those it touches are told."), "good")
    return go_to(url_for("goals.show", goal_id=goal_id))


@bp.post("/revisions/<int:revision_id>/decision")
@requires(Permission.GOALS_MANAGE)
def decide(revision_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    goal = revisions.goal_of(revision_id)
    queries.goal_managed(viewer, goal)
    form = DecisionForm()
    grant = request.form.get("grant")
    if grant not in {"yes", "no"}:
        raise NotFound
    if not form.validate():
        return talk(goal, 422, decision=form)
    revisions.decide_revision(
        revision_id, grant=grant == "yes", by=viewer.person_id, text=form.text.data or ""
    )
    if grant == "yes":
        flash(_("The revision stands. Those it touches are told."), "good")
    else:
        flash(_("The revision was refused."), "info")
    return go_to(url_for("goals.show", goal_id=goal))


@bp.post("/revisions/<int:revision_id>/acknowledgement")
@requires(Permission.GOALS_VIEW)
def acknowledge(revision_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    goal_id = revisions.goal_of(revision_id)
    if not Form().validate():
        raise NotFound
    revisions.acknowledge_revision(revision_id, by=viewer.person_id)
    return answered(goal_id, _("Thank you. Your manager sees that you have read it."))


def _form(goal: "Goal") -> RevisionForm:
    is_post = request.method == "POST"
    form = RevisionForm(
        request.form if is_post else None,
        version=goal.version,
        target=units.to_written(goal.metric, goal.target),
        effective_on=clock.today(),
    )
    form.reason.choices = [(reason.value, text) for reason, text in words.REASONS.items()]
    return form


def _context(goal: "Goal", form: RevisionForm) -> dict[str, Any]:
    return {
        "goal": goal,
        "form": form,
        "unit": units.sign(goal.metric),
        "progress": progress.for_goal(goal),
        "is_late": is_last_tenth(goal.period.starts_on, goal.period.ends_on, clock.today()),
    }


def _again(goal: "Goal", form: RevisionForm, status: int = 422) -> ResponseReturnValue:
    template = "goals/_revise.html" if wants_fragment() else "goals/revise.html"
    return fragment(template, status, **_context(goal, form))
