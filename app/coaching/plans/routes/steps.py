"""The steps of a plan: the manager writes them, either of the two says that one is done."""

from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching.plans import offers, steps, words
from app.coaching.plans.forms import DropForm, StepForm
from app.coaching.plans.operations import Stale
from app.coaching.plans.routes.plans import bp, changed, done, edit_page, led, stale
from app.core import clock
from app.core.choices import choices_of
from app.core.errors import Invalid
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer

IN = timedelta(days=14)


@bp.get("/<int:plan_id>/steps/new")
@requires(Permission.COACHING_LEAD)
def new_step(plan_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    return _new(plan, _form(plan, None, kind="practice", due_on=clock.today() + IN))


@bp.post("/<int:plan_id>/steps")
@requires(Permission.COACHING_LEAD)
def add_step(plan_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    form = _form(plan, request.form)
    if not form.validate():
        return _new(plan, form, 422)
    try:
        steps.add_step(plan_id, _said(form), by=the_viewer(), version=form.seen, key=form.key.key)
    except Stale as error:
        return _new(plan, form, 409, error)
    except Invalid as error:
        form.refuse(error, "title")
        return _new(plan, form, 422)
    return done(plan_id, _("Added. %(name)s is asked to agree.", name=plan.person.name))


@bp.get("/<int:plan_id>/steps/<int:step_id>/edit")
@requires(Permission.COACHING_LEAD)
def edit_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    step = steps.step_in(plan, step_id)
    return _edit(plan, step, _unchanged(plan, step))


@bp.post("/<int:plan_id>/steps/<int:step_id>")
@requires(Permission.COACHING_LEAD)
def change_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    step = steps.step_in(plan, step_id)
    form = _form(plan, request.form)
    if not form.validate():
        return _edit(plan, step, form, 422)
    try:
        steps.change_step(plan_id, step_id, _said(form), by=the_viewer(), version=form.seen)
    except Stale as error:
        return _edit(plan, step, form, 409, error)
    except Invalid as error:
        form.refuse(error, "title")
        return _edit(plan, step, form, 422)
    return done(plan_id, _("Saved. %(name)s is asked to agree.", name=plan.person.name))


@bp.post("/<int:plan_id>/steps/<int:step_id>/removal")
@requires(Permission.COACHING_LEAD)
def drop_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    step = steps.step_in(plan, step_id)
    form = DropForm()
    if not form.validate():
        return _edit(plan, step, _unchanged(plan, step), 422, drop=form)
    try:
        steps.drop_step(plan_id, step_id, by=the_viewer(), version=form.seen, why=form.why.data or "")
    except Stale as error:
        return stale(plan_id, error)
    undo_url = url_for("coaching_plans.restore_step", plan_id=plan_id, step_id=step_id)
    flash_with_undo(_("Dropped: %(step)s", step=step.title()), undo_url)
    return done(plan_id)


@bp.post("/<int:plan_id>/steps/<int:step_id>/return")
@requires(Permission.COACHING_LEAD)
def restore_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    led(plan_id)
    steps.restore_step(plan_id, step_id, by=the_viewer())
    return changed(plan_id)


@bp.post("/<int:plan_id>/steps/<int:step_id>/position")
@requires(Permission.COACHING_LEAD)
def move_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    version = request.form.get("version", plan.version, type=int)
    try:
        steps.move_step(
            plan_id, step_id, by=the_viewer(), version=version, is_up=request.form.get("way") == "up"
        )
    except Stale as error:
        return stale(plan_id, error)
    return changed(plan_id)


@bp.post("/<int:plan_id>/steps/<int:step_id>/completion")
@requires(Permission.COACHING_VIEW)
def finish_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    steps.finish_step(plan_id, step_id, by=the_viewer())
    return changed(plan_id)


@bp.post("/<int:plan_id>/steps/<int:step_id>/reopening")
@requires(Permission.COACHING_VIEW)
def reopen_step(plan_id: int, step_id: int) -> ResponseReturnValue:
    steps.reopen_step(plan_id, step_id, by=the_viewer())
    return changed(plan_id)


def _form(plan: Any, data: Any, **values: Any) -> StepForm:
    form = StepForm(data, **({"version": plan.version} if data is None else {}), **values)
    nothing = ("", _("None"))
    form.kind.choices = choices_of(words.KINDS.items())
    form.course.choices = choices_of([nothing, *offers.courses_offered()])
    form.peer.choices = choices_of([nothing, *offers.peers_offered(plan)])
    return form


def _unchanged(plan: Any, step: Any) -> StepForm:
    return _form(
        plan,
        None,
        kind=step.kind.value,
        title=step.title(),
        text=step.text(),
        due_on=step.due_on,
        course=str(step.course_id or ""),
        peer=str(step.peer_id or ""),
    )


def _said(form: StepForm) -> steps.Said:
    return steps.Said(
        kind=form.kind.data,
        title=form.title.data or "",
        text=form.text.data or "",
        due_on=form.due_on.data or clock.today(),
        course_id=int(form.course.data) if form.course.data else None,
        peer_id=int(form.peer.data) if form.peer.data else None,
    )


def _new(plan: Any, form: StepForm, status: int = 200, error: Stale | None = None) -> ResponseReturnValue:
    return edit_page("coaching/plans/step.html", plan, form, status, error, step=None, drop=None)


def _edit(
    plan: Any,
    step: Any,
    form: StepForm,
    status: int = 200,
    error: Stale | None = None,
    drop: DropForm | None = None,
) -> ResponseReturnValue:
    drop = drop or DropForm(None, version=plan.version)
    return edit_page("coaching/plans/step.html", plan, form, status, error, step=step, drop=drop)
