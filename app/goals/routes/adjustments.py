"""Adjustments: what somebody was kept from, asking for it, and deciding on it."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, DomainError, Invalid, NotFound, error_page
from app.core.forms import Form
from app.core.hx import go_to
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import current_viewer, the_viewer
from app.goals import adjusted, adjustment_drafts, adjustment_lists, periods, result_words
from app.goals import adjustments as operations
from app.goals.adjustment_lists import State
from app.goals.forms import AskForm, BackForm, VerdictForm
from app.goals.routes.answers import refused
from app.sales.closed_days import ClosedDay

bp = Blueprint("adjustments", __name__, url_prefix="/goals/adjustments")

STATES: tuple[State, ...] = ("waiting", "decided", "drafts")


def offer(error: ClosedDay) -> ResponseReturnValue:
    """Whoever meets closed days is taken to what they said, to ask for it."""
    viewer = current_viewer()
    if viewer is None or error.asked is None or not viewer.can(Permission.ADJUSTMENTS_ASK):
        return error_page(error.status, error.message)
    draft = adjustment_drafts.keep_draft(error, by=viewer.person_id)
    return go_to(url_for("adjustments.show", adjustment_id=draft.id))


@bp.get("")
@requires(Permission.GOALS_VIEW)
@live("goals", "people")
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    state: State = next((each for each in STATES if each == request.args.get("state")), "waiting")
    key = request.args.get("period", "").strip()
    page = adjustment_lists.page_of(
        viewer, state, _page_number(), periods.period_by_key(key) if key else None
    )
    counts = {each: adjustment_lists.count(viewer, each) for each in ("waiting", "drafts")}
    here: dict[str, Any] = {"state": state, "period": key or None}
    return render_template(
        "goals/adjustments.html",
        found=page,
        state=state,
        counts=counts,
        adjusted=adjusted,
        words=result_words,
        drafts_last=adjustment_drafts.DRAFTS_LAST,
        newer=url_for("adjustments.index", page=page.number - 1, **here) if page.has_previous else None,
        older=url_for("adjustments.index", page=page.number + 1, **here) if page.has_next else None,
    )


@bp.get("/<int:adjustment_id>")
@requires(Permission.GOALS_VIEW)
def show(adjustment_id: int) -> ResponseReturnValue:
    return _shown(adjustment_id)


@bp.post("/<int:adjustment_id>/request")
@requires(Permission.ADJUSTMENTS_ASK)
def ask(adjustment_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    adjustment_lists.adjustment_for(viewer, adjustment_id)
    form = AskForm()
    if not form.validate():
        return _shown(adjustment_id, 422, ask=form)
    try:
        operations.ask(adjustment_id, reason=form.reason.data or "", by=viewer.person_id)
    except Invalid as error:
        return _shown(adjustment_id, 422, ask=refused(form, error))
    except Conflict as error:
        form.form_errors.append(str(error.message))
        return _shown(adjustment_id, 409, ask=form)
    flash(_("Asked for. You hear of it when somebody has decided."), "good")
    return go_to(url_for("adjustments.show", adjustment_id=adjustment_id))


@bp.post("/<int:adjustment_id>/withdrawal")
@requires(Permission.ADJUSTMENTS_ASK)
def withdraw(adjustment_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    adjustment_lists.adjustment_for(viewer, adjustment_id)
    form = BackForm()
    if not form.validate():
        return _shown(adjustment_id, 422, back=form)
    try:
        operations.withdraw(adjustment_id, by=viewer.person_id, why=form.why.data or "")
    except Conflict as error:
        form.form_errors.append(str(error.message))
        return _shown(adjustment_id, 409, back=form)
    flash(_("Taken back. Nothing was changed, and those who were to decide are told."), "info")
    return go_to(url_for("adjustments.show", adjustment_id=adjustment_id))


@bp.post("/<int:adjustment_id>/removal")
@requires(Permission.ADJUSTMENTS_ASK)
def drop(adjustment_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    adjustment_lists.adjustment_for(viewer, adjustment_id)
    if not Form().validate():
        raise NotFound
    adjustment_drafts.drop_draft(adjustment_id, by=viewer.person_id)
    flash(_("Thrown away. Nothing was changed."), "info")
    return go_to(url_for("adjustments.index"))


@bp.post("/<int:adjustment_id>/decision")
@requires(Permission.ADJUSTMENTS_DECIDE)
def decide(adjustment_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    adjustment_lists.adjustment_for(viewer, adjustment_id)
    form, grant = VerdictForm(), request.form.get("grant")
    if grant not in {"yes", "no"}:
        raise NotFound
    if not form.validate():
        return _shown(adjustment_id, 422, verdict=form)
    try:
        operations.decide(
            adjustment_id, grant=grant == "yes", by=viewer.person_id, answer=form.answer.data or ""
        )
    except Invalid as error:
        return _shown(adjustment_id, 422, verdict=refused(form, error))
    except NotFound:
        raise
    except DomainError as error:
        form.form_errors.append(str(error.message))
        return _shown(adjustment_id, error.status, verdict=form)
    if grant == "yes":
        flash(_("Done. The results have a new version, and those they belong to are told."), "good")
    else:
        flash(_("Refused. Nothing was changed."), "info")
    return go_to(url_for("adjustments.show", adjustment_id=adjustment_id))


def _shown(adjustment_id: int, status: int = 200, **forms: Form) -> ResponseReturnValue:
    tried = request.args.get("tried") == "yes" or "verdict" in forms
    page = adjustment_lists.page_for(the_viewer(), adjustment_id, tried=tried)
    given = adjusted.given_reason(page.adjustment)
    template = render_template(
        "goals/adjustment.html",
        page=page,
        adjustment=page.adjustment,
        facts=adjusted.facts(page.adjustment) if page.shows_record else [],
        adjusted=adjusted,
        words=result_words,
        ask=forms.get("ask") or AskForm(None, reason=given),
        verdict=forms.get("verdict") or VerdictForm(None),
        back=forms.get("back") or BackForm(None),
        kept_until=page.adjustment.created_at + adjustment_drafts.DRAFTS_LAST,
    )
    return template, status


def _page_number() -> int:
    return max(request.args.get("page", 1, type=int), 1)
