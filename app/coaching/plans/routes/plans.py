"""Coaching plans: read by the two and HR, agreed and talked about by the two, led by the manager."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching.plans import measures, operations, pages, queries
from app.coaching.plans.forms import AgreeForm, CommentForm, CompleteForm, DatesForm, EndForm
from app.coaching.plans.operations import Stale
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.hx import fragment, go_to, wants_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals.forms import named

bp = Blueprint("coaching_plans", __name__, url_prefix="/coaching/plans")

_FORMS = ("agree_form", "comment_form", "complete_form", "end_form")
MOVES = ("coaching", "training", "people", "company", "metrics")


@bp.get("")
@requires(Permission.COACHING_VIEW)
@live("totals", *MOVES)
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    return render_template(
        "coaching/plans/list.html" if wants_fragment() else "coaching/plans/index.html",
        mine=queries.mine(viewer),
        team=queries.others(viewer, number=request.args.get("page", 1, type=int)),
        ended=queries.ended(viewer),
        reads_all=queries.reads_all(viewer),
    )


@bp.get("/<int:plan_id>")
@requires(Permission.COACHING_VIEW)
def show(plan_id: int) -> ResponseReturnValue:
    return plan_page(plan_id)


@bp.get("/<int:plan_id>/progress")
@requires(Permission.COACHING_VIEW)
@live("totals", *MOVES)
def show_progress(plan_id: int) -> ResponseReturnValue:
    return _part("coaching/plans/progress.html", plan_id)


@bp.get("/<int:plan_id>/my-progress")
@requires(Permission.COACHING_VIEW)
@live("totals:mine", "coaching:mine", "training:mine", "people", "company", "metrics")
def show_my_progress(plan_id: int) -> ResponseReturnValue:
    """The same for the person whose plan it is: other people's sales do not concern it."""
    if queries.plan_for(the_viewer(), plan_id).person_id != the_viewer().person_id:
        raise NotFound
    return _part("coaching/plans/progress.html", plan_id)


@bp.get("/<int:plan_id>/conversation")
@requires(Permission.COACHING_VIEW)
@live("coaching", "people")
def show_conversation(plan_id: int) -> ResponseReturnValue:
    plan = queries.plan_for(the_viewer(), plan_id)
    if not wants_fragment():
        return redirect(url_for("coaching_plans.show", plan_id=plan_id))
    return render_template("coaching/plans/talk.html", plan=plan, turns=pages.turns(plan))


@bp.get("/<int:plan_id>/print")
@requires(Permission.COACHING_VIEW)
def show_print(plan_id: int) -> ResponseReturnValue:
    return render_template("coaching/plans/print.html", **_context(plan_id))


@bp.get("/<int:plan_id>/aims/<int:aim_id>/records")
@requires(Permission.COACHING_VIEW)
def show_records(plan_id: int, aim_id: int) -> ResponseReturnValue:
    """What the figure of an aim is made of."""
    viewer = the_viewer()
    plan = queries.plan_for(viewer, plan_id)
    aim = queries.aim_for(viewer, plan, aim_id)
    what = measures.of(aim)
    until = min(aim.by_on, clock.today())
    number = request.args.get("page", 1, type=int)
    stand = next(one for one in pages.progress(viewer, plan).stands if one.aim.id == aim.id)
    return render_template(
        "coaching/plans/records.html",
        plan=plan,
        stand=stand,
        rule=what.definition.parsed(),
        page=measures.page_of_records(what, aim.from_on, until, plan.person_id, number),
        until=until,
        may_open=viewer.can(Permission.SALES_VIEW),
    )


@bp.post("/<int:plan_id>/agreement")
@requires(Permission.COACHING_VIEW)
def agree(plan_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    form = AgreeForm()
    if not form.validate():
        return plan_page(plan_id, 422, agree_form=form)
    try:
        plan = operations.agree_plan(plan_id, by=viewer, version=form.seen, text=form.text.data or "")
    except Stale as error:
        return stale(plan_id, error)
    is_running = plan.agreed_by_person_at and plan.agreed_by_coach_at
    said = _("Agreed by both: the plan runs.") if is_running else _("Agreed. The other of you is told.")
    return changed(plan_id, said)


@bp.post("/<int:plan_id>/comments")
@requires(Permission.COACHING_VIEW)
def comment(plan_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    form = CommentForm()
    if not form.validate():
        _takes_part(plan_id)
        return plan_page(plan_id, 422, comment_form=form)
    operations.comment_plan(plan_id, by=viewer, text=form.text.data or "", key=form.key.key)
    return changed(plan_id)


@bp.get("/<int:plan_id>/dates")
@requires(Permission.COACHING_LEAD)
def edit_dates(plan_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    form = DatesForm(None, version=plan.version, ends_on=plan.ends_on, session_on=plan.session_on)
    return _dates(plan, form)


@bp.post("/<int:plan_id>/dates")
@requires(Permission.COACHING_LEAD)
def change_dates(plan_id: int) -> ResponseReturnValue:
    plan = led(plan_id)
    form = DatesForm()
    if not form.validate():
        return _dates(plan, form, 422)
    try:
        operations.change_dates(
            plan_id,
            by=the_viewer(),
            version=form.seen,
            ends_on=form.ends_on.data or plan.ends_on,
            session_on=form.session_on.data,
        )
    except Stale as error:
        return _dates(plan, form, 409, error)
    except Invalid as error:
        form.refuse(error, "ends_on")
        return _dates(plan, form, 422)
    return done(plan_id, _("Saved. %(name)s is asked to agree.", name=plan.person.name))


@bp.post("/<int:plan_id>/completion")
@requires(Permission.COACHING_LEAD)
def complete(plan_id: int) -> ResponseReturnValue:
    led(plan_id)
    form = CompleteForm()
    if not form.validate():
        return plan_page(plan_id, 422, complete_form=form)
    try:
        operations.complete_plan(plan_id, by=the_viewer(), text=form.text.data or "")
    except (Invalid, Conflict) as error:
        form.refuse(error, "text")
        return plan_page(plan_id, error.status, complete_form=form)
    return changed(plan_id, _("The plan is completed."))


@bp.post("/<int:plan_id>/ending")
@requires(Permission.COACHING_LEAD)
def end(plan_id: int) -> ResponseReturnValue:
    led(plan_id)
    form = EndForm()
    if not form.validate():
        return plan_page(plan_id, 422, end_form=form)
    operations.end_plan(plan_id, by=the_viewer(), reason=form.reason.data or "")
    return changed(plan_id, _("The plan has ended. Its history stays."))


def led(plan_id: int) -> Any:
    """A plan that the viewer leads. Raises NotFound for all others."""
    viewer = the_viewer()
    plan = queries.plan_for(viewer, plan_id)
    if not queries.standpoint(viewer, plan).is_coach:
        raise NotFound
    return plan


def plan_page(plan_id: int, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The whole page, or its body where htmx asked."""
    template = "coaching/plans/body.html" if wants_fragment() else "coaching/plans/show.html"
    return make_response(render_template(template, **_context(plan_id, **more)), status)


def changed(plan_id: int, said: str | None = None) -> ResponseReturnValue:
    """After a change on the plan's own page."""
    if not wants_fragment():
        return done(plan_id, said)
    trigger = {"toast": {"message": said, "kind": "good"}} if said else None
    return fragment("coaching/plans/body.html", trigger=trigger, **_context(plan_id))


def done(plan_id: int, said: str | None = None) -> ResponseReturnValue:
    """After a change on a page of its own: back to the plan."""
    if said:
        flash(said, "good")
    return go_to(url_for("coaching_plans.show", plan_id=plan_id))


def stale(plan_id: int, error: Stale) -> ResponseReturnValue:
    """What the other of the two has changed since."""
    return plan_page(plan_id, 409, news=_news(plan_id, error), problem=error.message)


def _news(plan_id: int, error: Stale) -> list[pages.Turn]:
    plan = queries.plan_for(the_viewer(), plan_id)
    return pages.turns(plan, since=error.since)


def _takes_part(plan_id: int) -> None:
    viewer = the_viewer()
    if not queries.standpoint(viewer, queries.plan_for(viewer, plan_id)).takes_part:
        raise NotFound


def _part(template: str, plan_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    plan = queries.plan_for(viewer, plan_id)
    if not wants_fragment():
        return redirect(url_for("coaching_plans.show", plan_id=plan_id))
    return render_template(template, progress=pages.progress(viewer, plan))


def _context(plan_id: int, **more: Any) -> dict[str, Any]:
    viewer = the_viewer()
    plan = queries.plan_for(viewer, plan_id)
    given: dict[str, Any] = {
        "plan": plan,
        "page": pages.plan_page(viewer, plan),
        "progress": pages.progress(viewer, plan),
        "turns": pages.turns(plan),
        "agree_form": AgreeForm(None, version=plan.version),
        "comment_form": CommentForm(None),
        "complete_form": CompleteForm(None),
        "end_form": EndForm(None),
        "news": (),
    }
    given |= more
    return given | {name: named(given[name], name.removesuffix("_form")) for name in _FORMS}


def _dates(plan: Any, form: DatesForm, status: int = 200, error: Stale | None = None) -> ResponseReturnValue:
    return edit_page("coaching/plans/dates.html", plan, form, status, error)


def edit_page(
    template: str, plan: Any, form: Any, status: int = 200, error: Stale | None = None, **more: Any
) -> ResponseReturnValue:
    """A page with one form about a plan. In a 409 what was typed stays, beside what the other has changed."""
    news: list[pages.Turn] = []
    if error is not None:
        news = _news(plan.id, error)
        form.version.data = str(queries.plan_for(the_viewer(), plan.id).version)
    page = render_template(
        template, plan=plan, form=form, news=news, problem=error.message if error else None, **more
    )
    return make_response(page, status)
