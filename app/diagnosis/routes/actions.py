"""Corrective actions: planned, followed, done."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Conflict, Invalid
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.diagnosis import acting, words
from app.diagnosis.forms import ActionForm, ProgressForm
from app.diagnosis.queries import reviews
from app.diagnosis.routes import reviews_bp as bp
from app.diagnosis.routes.answers import again
from app.people import queries as people


@bp.post("/<int:review_id>/actions")
@requires(Permission.REVIEWS_VIEW)
def act(review_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    review = reviews.review_answered_by(viewer, review_id)
    form = ActionForm()
    form.owner.choices = [(one.id, one.name) for one in reviews.owners_for(review)]
    if not form.validate():
        return again(review, 422, action=form)
    try:
        acting.take_action(
            review,
            text=form.text.data or "",
            owner=people.the_person(form.owner.data),
            due_on=form.due_on.data or clock.today(),
            by_id=viewer.person_id,
            key=form.key.key,
        )
    except Invalid as error:
        form.refuse(error, "text")
        return again(review, 422, action=form)
    except Conflict as error:
        return again(review, 409, problem=error.message, action=form)
    flash(_("Planned. Its owner is told, and reminded before it is due."), "good")
    return go_to(url_for("reviews.show", review_id=review_id))


@bp.get("/actions/<int:action_id>")
@requires(Permission.REVIEWS_VIEW)
def show_action(action_id: int) -> ResponseReturnValue:
    action = reviews.action_for(the_viewer(), action_id)
    form = _progress(ProgressForm(None, status=action.status.value, note=action.note))
    return render_template("diagnosis/action.html", action=action, form=form, review=action.review)


@bp.post("/actions/<int:action_id>")
@requires(Permission.REVIEWS_VIEW)
def follow(action_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    action = reviews.action_for(viewer, action_id)
    form = _progress(ProgressForm(request.form))
    status = 422
    if form.validate():
        try:
            acting.follow_action(
                action, status=form.status.data, note=form.note.data or "", by_id=viewer.person_id
            )
        except Invalid as error:
            form.refuse(error, "note")
        else:
            flash(_("Saved."), "good")
            return go_to(url_for("reviews.show", review_id=action.review_id))
    page = render_template("diagnosis/action.html", action=action, form=form, review=action.review)
    return page, status


def _progress(form: ProgressForm) -> ProgressForm:
    form.status.choices = [(status.value, label) for status, label in words.ACTION_STATUS.items()]
    return form
