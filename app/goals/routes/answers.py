"""The conversation about a goal, and who has not answered."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import answering, conversation, queries, showing
from app.goals.forms import AnswerForm, CommentForm
from app.goals.routes import bp
from app.goals.routes.choosing import filters, number, period_options
from app.goals.routes.goals import goal_context, standing_context


@bp.post("/<int:goal_id>/acceptance")
@requires(Permission.GOALS_ANSWER)
def accept(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    _asked(goal_id)
    form = AnswerForm()
    if not form.validate():
        return talk(goal_id, 422, answer=form)
    try:
        conversation.accept_goal(
            goal_id,
            by=viewer.person_id,
            text=form.text.data or "",
            version=number(form.version.data) or None,
        )
    except Conflict as error:
        flash(str(error.message), "danger")
        return go_to(url_for("goals.show", goal_id=goal_id))
    return answered(goal_id, _("You have accepted this goal."))


@bp.post("/<int:goal_id>/questions")
@requires(Permission.GOALS_ANSWER)
def question(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    _asked(goal_id)
    form = AnswerForm()
    try:
        if not form.validate():
            return talk(goal_id, 422, answer=form)
        conversation.question_goal(goal_id, by=viewer.person_id, text=form.text.data or "", key=form.key.key)
    except Invalid as error:
        return talk(goal_id, 422, answer=refused(form, error))
    return answered(goal_id, _("Your question is on its way."))


@bp.post("/<int:goal_id>/comments")
@requires(Permission.GOALS_ANSWER)
def comment(goal_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    goal = queries.goal_for(viewer, goal_id)
    if not showing.standing(viewer, goal).takes_part:
        raise NotFound
    form = CommentForm()
    if not form.validate():
        return talk(goal_id, 422, comment=form)
    conversation.comment_goal(goal_id, by=viewer.person_id, text=form.text.data or "", key=form.key.key)
    return answered(goal_id, _("Sent."))


@bp.get("/answers")
@requires(Permission.GOALS_MANAGE)
@live("goals", "people", "periods")
def answers() -> ResponseReturnValue:
    viewer = the_viewer()
    chosen = filters(viewer)
    found = answering.unanswered(viewer, chosen)
    template = "goals/_answers.html" if wants_fragment() else "goals/answers.html"
    return render_template(
        template,
        found=found,
        chosen=chosen,
        periods=period_options(viewer, _("All that have not ended"), also=chosen.period),
        url=url_for("goals.answers", period=chosen.period.key if chosen.period else None),
    )


@bp.post("/answers/reminders")
@requires(Permission.GOALS_MANAGE)
def remind() -> ResponseReturnValue:
    viewer = the_viewer()
    form = Form()
    if not form.validate():
        raise NotFound
    wanted = request.form.getlist("goal", type=int)
    ids = answering.remindable(viewer, wanted)
    number = conversation.remind(ids, by=viewer.person_id)
    if number:
        text = ngettext("%(num)d goal was asked for again.", "%(num)d goals were asked for again.", number)
        flash(text, "good")
    else:
        flash(_("Everybody was asked today already."), "info")
    return go_to(url_for("goals.answers", period=request.form.get("period") or None))


def _asked(goal_id: int) -> None:
    """Raises NotFound for a goal that is not the viewer's to answer."""
    viewer = the_viewer()
    if queries.answerer_id(queries.goal_for(viewer, goal_id)) != viewer.person_id:
        raise NotFound


def talk(goal_id: int, status: int = 200, **forms: Form) -> ResponseReturnValue:
    """The part of a goal's page where it is talked about, or the whole page to a plain form."""
    if wants_fragment():
        return fragment("goals/_talk.html", status, **goal_context(goal_id, **forms))
    page = render_template("goals/show.html", **(goal_context(goal_id, **forms) | standing_context(goal_id)))
    return page, status


def answered(goal_id: int, message: str) -> ResponseReturnValue:
    if wants_fragment():
        toast = {"toast": {"message": message, "kind": "good"}}
        return fragment("goals/_talk.html", trigger=toast, **goal_context(goal_id))
    flash(message, "good")
    return go_to(url_for("goals.show", goal_id=goal_id))


def refused(form: Form, error: Invalid) -> Form:
    """Put what the operation said on its field."""
    field = form[error.field] if error.field and error.field in form else None
    if field is None:
        form.form_errors.append(str(error.message))
    else:
        field.errors = [*field.errors, str(error.message)]
    return form
