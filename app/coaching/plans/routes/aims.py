"""The aims of a plan, as the manager sets them."""

from decimal import Decimal
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching.plans import aims, measures, offers, pages, queries
from app.coaching.plans.forms import AimForm, NewAimForm, Versioned
from app.coaching.plans.operations import Stale
from app.coaching.plans.routes.plans import bp, changed, done, edit_page, led, stale
from app.core import clock
from app.core.choices import choices_of
from app.core.errors import Conflict, Invalid, NotFound
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import units


@bp.get("/<int:plan_id>/aims/new")
@requires(Permission.COACHING_LEAD)
def new_aim(plan_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    return _new(plan, _new_form(plan, None))


@bp.post("/<int:plan_id>/aims")
@requires(Permission.COACHING_LEAD)
def add_aim(plan_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    form = _new_form(plan, request.form)
    if not form.validate():
        return _new(plan, form, 422)
    what = offers.measured(form.what.data, int(form.product.data) if form.product.data else None)
    try:
        aims.add_aim(
            plan_id,
            what,
            by=the_viewer(),
            version=form.seen,
            aims_at=units.to_kept(what, form.aims_at.data or Decimal(0)),
            by_on=form.by_on.data or clock.today(),
        )
    except Stale as error:
        return _new(plan, form, 409, error)
    except (Invalid, Conflict) as error:
        form.refuse(error, "aims_at")
        return _new(plan, form, error.status)
    return done(plan_id, _("Added. %(name)s is asked to agree.", name=plan.person.name))


@bp.get("/<int:plan_id>/aims/<int:aim_id>/edit")
@requires(Permission.COACHING_LEAD)
def edit_aim(plan_id: int, aim_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    aim = queries.aim_for(the_viewer(), plan, aim_id)
    form = AimForm(
        None,
        version=plan.version,
        aims_at=units.to_written(measures.of(aim), aim.aims_at),
        by_on=aim.by_on,
    )
    return _edit(plan, aim, form)


@bp.post("/<int:plan_id>/aims/<int:aim_id>")
@requires(Permission.COACHING_LEAD)
def change_aim(plan_id: int, aim_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    plan = led(plan_id)
    aim = queries.aim_for(viewer, plan, aim_id)
    form = AimForm()
    if not form.validate():
        return _edit(plan, aim, form, 422)
    try:
        aims.change_aim(
            plan_id,
            aim_id,
            by=viewer,
            version=form.seen,
            aims_at=units.to_kept(measures.of(aim), form.aims_at.data or Decimal(0)),
            by_on=form.by_on.data or clock.today(),
        )
    except Stale as error:
        return _edit(plan, aim, form, 409, error)
    except Invalid as error:
        form.refuse(error, "aims_at")
        return _edit(plan, aim, form, 422)
    return done(plan_id, _("Saved. %(name)s is asked to agree.", name=plan.person.name))


@bp.post("/<int:plan_id>/aims/<int:aim_id>/removal")
@requires(Permission.COACHING_LEAD)
def drop_aim(plan_id: int, aim_id: int) -> ResponseReturnValue:
    led(plan_id)
    form = Versioned()
    if not form.validate():
        raise NotFound
    try:
        aims.drop_aim(plan_id, aim_id, by=the_viewer(), version=form.seen)
    except Stale as error:
        return stale(plan_id, error)
    return changed(plan_id)


def _new_form(plan: Any, data: Any) -> NewAimForm:
    form = NewAimForm(data, **({"version": plan.version, "by_on": plan.ends_on} if data is None else {}))
    form.what.choices = choices_of(offers.measures_offered())
    form.product.choices = choices_of([("", _("all products")), *queries.products_offered()])
    return form


def _new(plan: Any, form: NewAimForm, status: int = 200, error: Stale | None = None) -> ResponseReturnValue:
    return edit_page("coaching/plans/aim.html", plan, form, status, error, aim=None, stand=None)


def _edit(
    plan: Any, aim: Any, form: AimForm, status: int = 200, error: Stale | None = None
) -> ResponseReturnValue:
    progress = pages.progress(the_viewer(), plan)
    stand = next(one for one in progress.stands if one.aim.id == aim.id)
    return edit_page("coaching/plans/aim.html", plan, form, status, error, aim=aim, stand=stand)
