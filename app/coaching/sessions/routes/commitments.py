"""What the two have promised each other."""

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching.sessions import commitments, pages
from app.coaching.sessions.forms import DropForm
from app.coaching.sessions.routes.sessions import bp, changed, commitment_form, mine_to_change, session_page
from app.core.errors import Invalid
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer


@bp.post("/sessions/<int:session_id>/commitments")
@requires(Permission.COACHING_VIEW)
def commit(session_id: int) -> ResponseReturnValue:
    mine_to_change(session_id)
    form = commitment_form(pages.page_of(the_viewer(), session_id))
    if not form.validate():
        return session_page(session_id, 422, commitment_form=form)
    try:
        commitments.commit_to(
            session_id,
            form.text.data or "",
            owner_id=int(form.owner.data),
            due_on=form.due_on.data,
            by=the_viewer(),
            key=form.key.key,
        )
    except Invalid as error:
        form.refuse(error, "text")
        return session_page(session_id, 422, commitment_form=form)
    return changed(session_id)


@bp.post("/commitments/<int:commitment_id>/done")
@requires(Permission.COACHING_VIEW)
def keep(commitment_id: int) -> ResponseReturnValue:
    kept = commitments.keep(commitment_id, by=the_viewer())
    back = url_for("coaching_sessions.reopen", commitment_id=kept.id)
    flash_with_undo(_("Done: well kept."), back)
    return go_to(_back(kept.session_id))


@bp.post("/commitments/<int:commitment_id>/open")
@requires(Permission.COACHING_VIEW)
def reopen(commitment_id: int) -> ResponseReturnValue:
    opened = commitments.reopen(commitment_id, by=the_viewer())
    return go_to(_back(opened.session_id))


@bp.get("/commitments/<int:commitment_id>/drop")
@requires(Permission.COACHING_VIEW)
def show_drop(commitment_id: int) -> ResponseReturnValue:
    return _drop(commitment_id, DropForm(formdata=None))


@bp.post("/commitments/<int:commitment_id>/drop")
@requires(Permission.COACHING_VIEW)
def drop(commitment_id: int) -> ResponseReturnValue:
    form = DropForm()
    commitments.to_settle(the_viewer(), commitment_id)
    if not form.validate():
        return _drop(commitment_id, form, 422)
    try:
        dropped = commitments.drop(commitment_id, form.why.data or "", by=the_viewer())
    except Invalid as error:
        form.refuse(error, "why")
        return _drop(commitment_id, form, 422)
    flash(_("Dropped, with your reason."), "info")
    return go_to(url_for("coaching_sessions.show", session_id=dropped.session_id))


def _drop(commitment_id: int, form: DropForm, status: int = 200) -> ResponseReturnValue:
    commitment = commitments.to_settle(the_viewer(), commitment_id)
    html = render_template("coaching/sessions/drop.html", form=form, commitment=commitment)
    return make_response(html, status)


def _back(session_id: int) -> str:
    """To the page that the button stood on, where it says so."""
    place = request.form.get("back", "")
    if place == "mine":
        return url_for("coaching_sessions.mine")
    if place == "team":
        return url_for("coaching_sessions.team")
    if place.isdigit():
        return url_for("coaching_sessions.show", session_id=int(place))
    return url_for("coaching_sessions.show", session_id=session_id)
