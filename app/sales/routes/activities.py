"""Calls, meetings and demos, with or without a sale."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import DomainError, Forbidden
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.sales import activities, queries
from app.sales.forms import ActivityForm, refuse
from app.sales.routes.lists import asked, links, page_number

bp = Blueprint("activities", __name__)


@bp.get("/activities")
@requires(Permission.SALES_VIEW)
def index() -> ResponseReturnValue:
    return _page(ActivityForm(formdata=None, happened_on=clock.today()))


@bp.post("/activities")
@requires(Permission.SALES_RECORD)
def create() -> ResponseReturnValue:
    form, viewer = ActivityForm(), the_viewer()
    if not form.validate():
        return _page(form, 422)
    try:
        activities.record_activity(
            queries.ActivityKind(form.kind.data),
            person_id=viewer.person_id,
            by_id=viewer.person_id,
            on=form.happened_on.data,
            customer=form.customer.data or "",
            note=form.note.data,
            key=form.key.key,
        )
    except DomainError as error:
        refuse(form, error)
        return _page(form, error.status)
    flash(_("Saved."), "good")
    return redirect(url_for("activities.index"), 303)


@bp.post("/activities/<int:activity_id>/void")
@requires(Permission.SALES_RECORD)
def void(activity_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    activity = queries.activity_for(viewer, activity_id)
    if activity.person_id != viewer.person_id and not viewer.can(Permission.SALES_CORRECT):
        raise Forbidden
    activities.void_activity(activity, by_id=viewer.person_id)
    flash(_("Removed. It counts nowhere any more."), "good")
    if activity.sale_id is not None and request.form.get("from") == "sale":
        return redirect(url_for("sales.show", sale_id=activity.sale_id), 303)
    return redirect(url_for("activities.index"), 303)


def _page(form: ActivityForm, status: int = 200) -> ResponseReturnValue:
    viewer, wanted = the_viewer(), asked()
    kind = request.args.get("kind", "")
    page = queries.page_of_activities(
        viewer,
        person_id=wanted.rep_id,
        kind=kind,
        since=wanted.since,
        until=wanted.until,
        number=page_number(),
    )
    return make_response(
        render_template(
            "sales/activities.html",
            form=form,
            page=page,
            wanted=wanted,
            kind=kind,
            people=queries.people_in_sales(viewer),
            names=queries.customer_hints("", viewer.person_id),
            **links(page),
        ),
        status,
    )
