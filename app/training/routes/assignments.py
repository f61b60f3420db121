"""Giving courses to people in one's sight, taking them back, and saying what was completed elsewhere."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.choices import choices_of
from app.core.errors import Conflict, Invalid, NotFound
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer
from app.training import catalogue, learning, operations, overview, progress
from app.training.forms import AssignForm, CompletionForm, key_of
from app.training.overview import Wanted
from app.training.routes import people
from app.training.routes.overview import person_page, wanted


@people.get("/assignments/new")
@requires(Permission.TRAINING_ASSIGN)
def new() -> ResponseReturnValue:
    asked = wanted()
    form = AssignForm(formdata=None, course_id=str(asked.course_id or ""))
    return _page(form, asked, set(request.args.getlist("person", type=int)))


def _page(form: AssignForm, asked: Wanted, chosen: set[int], status: int = 200) -> ResponseReturnValue:
    viewer = the_viewer()
    form.course_id.choices = choices_of(catalogue.assignable(viewer))
    page = render_template(
        "training/assign.html",
        form=form,
        wanted=asked,
        chosen=chosen,
        candidates=overview.candidates(viewer, asked),
        most=overview.MOST,
        teams=overview.team_options(viewer),
    )
    return page, status


@people.post("/assignments")
@requires(Permission.TRAINING_ASSIGN)
def create() -> ResponseReturnValue:
    viewer, form = the_viewer(), AssignForm()
    form.course_id.choices = choices_of(catalogue.assignable(viewer))
    chosen = set(request.form.getlist("person", type=int))
    is_valid = form.validate()
    asked = Wanted(course_id=key_of(form.course_id.data))
    if not chosen:
        form.form_errors.append(_("Choose at least one person."))
    if not is_valid or not chosen:
        return _page(form, asked, chosen, 422)
    try:
        number = operations.assign_many(
            overview.assignable_people(viewer, chosen),
            asked.course_id or 0,
            by_id=viewer.person_id,
            due_on=form.due_on.data,
            key=form.key.key,
        )
    except Invalid as problem:
        form.refuse(problem, "due_on")
        return _page(form, asked, chosen, 422)
    if number:
        told = ngettext("%(num)s person has the course now.", "%(num)s people have the course now.", number)
        flash(told, "good")
    else:
        flash(_("Everybody you chose has this course already."), "info")
    return go_to(url_for("training_people.index", course=asked.course_id))


@people.post("/assignments/<int:round_id>/withdrawal")
@requires(Permission.TRAINING_ASSIGN)
def withdraw(round_id: int) -> ResponseReturnValue:
    """What a requirement asks for stays as long as it does; what somebody took up is theirs."""
    found = progress.round_for(the_viewer(), round_id)
    if found.origin not in operations.WITHDRAWABLE:
        raise NotFound
    try:
        operations.withdraw(found, by_id=the_viewer().person_id)
    except Conflict as problem:
        flash(str(problem.message), "danger")
    else:
        undo = url_for("training_people.restore", round_id=found.id)
        flash_with_undo(_("The course is taken back."), undo)
    return go_to(url_for("training_people.person", person_id=found.person_id))


@people.post("/assignments/<int:round_id>/restoration")
@requires(Permission.TRAINING_ASSIGN)
def restore(round_id: int) -> ResponseReturnValue:
    found = progress.round_for(the_viewer(), round_id)
    operations.restore(found, by_id=the_viewer().person_id)
    return go_to(url_for("training_people.person", person_id=found.person_id))


@people.post("/assignments/<int:round_id>/completion")
@requires(Permission.TRAINING_ASSIGN)
def record(round_id: int) -> ResponseReturnValue:
    """Of a course outside the portal."""
    found, form = progress.round_for(the_viewer(), round_id), CompletionForm()
    if not form.validate() or form.completed_on.data is None:
        return person_page(found.person_id, 422, completion=form, refused=found.id)
    try:
        learning.record_completion(found, on=form.completed_on.data, by_id=the_viewer().person_id)
    except Invalid as problem:
        form.refuse(problem, "completed_on")
        return person_page(found.person_id, 422, completion=form, refused=found.id)
    flash(_("Saved."), "good")
    return go_to(url_for("training_people.person", person_id=found.person_id))
