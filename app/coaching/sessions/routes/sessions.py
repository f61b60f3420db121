"""One-to-ones, each with its agenda: planned, moved, held, cancelled, put into a calendar."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching import scope
from app.coaching.notes import queries as notes
from app.coaching.sessions import calendar_file, operations, pages, queries, rhythms, templates
from app.coaching.sessions.forms import CancelForm, CommitmentForm, ItemForm, MoveForm, PlanForm
from app.core import clock
from app.core.choices import SelectChoice, choices_of
from app.core.errors import Invalid, NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.live import live
from app.core.locales import language
from app.core.permissions import Permission, Role, requires
from app.core.viewer import the_viewer
from app.goals.forms import named

bp = Blueprint("coaching_sessions", __name__, url_prefix="/coaching")


@bp.get("/people/<int:person_id>/sessions/new")
@requires(Permission.COACHING_LEAD)
def new(person_id: int) -> ResponseReturnValue:
    scope.person_led(the_viewer(), person_id)
    proposed = rhythms.proposals([person_id]).get(person_id)
    plan_id = request.args.get("plan_id", type=int)
    day = _day_asked() or (proposed.day if proposed else _tomorrow())
    template_id = templates.after_a_miss() if plan_id else proposed and proposed.template_id
    form = _plan_form(
        formdata=None,
        day=day,
        at=proposed.at if proposed else rhythms.USUAL_TIME,
        minutes=30,
        template=str(template_id or 0),
        plan=plan_id,
    )
    return _new(person_id, form)


@bp.post("/people/<int:person_id>/sessions")
@requires(Permission.COACHING_LEAD)
def create(person_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    scope.person_led(viewer, person_id)
    form = _plan_form()
    if not form.validate():
        return _new(person_id, form, 422)
    try:
        made = operations.plan_session(
            person_id,
            by=viewer,
            starts_at=instant(form.day.data, form.at.data),
            minutes=form.minutes.data or 0,
            place=form.place.data or "",
            template_id=int(form.template.data or 0) or None,
            plan_id=number(form.plan.data),
            key=form.key.key,
        )
    except Invalid as error:
        form.refuse(error, "day")
        return _new(person_id, form, 422)
    flash(_("Planned. Both of you find it under coaching."), "good")
    return go_to(url_for("coaching_sessions.show", session_id=made.id))


@bp.get("/sessions/<int:session_id>")
@requires(Permission.COACHING_VIEW)
def show(session_id: int) -> ResponseReturnValue:
    return session_page(session_id)


@bp.get("/sessions/<int:session_id>/talk")
@requires(Permission.COACHING_VIEW)
@live("coaching:mine", "people")
def talk(session_id: int) -> ResponseReturnValue:
    """Agenda and commitments: both add to them, each sees what the other adds."""
    page = pages.page_of(the_viewer(), session_id)
    if not wants_fragment():
        return redirect(url_for("coaching_sessions.show", session_id=session_id))
    return render_template("coaching/sessions/_talk.html", page=page)


@bp.get("/sessions/<int:session_id>/calendar.ics")
@requires(Permission.COACHING_VIEW)
def calendar(session_id: int) -> ResponseReturnValue:
    session = queries.session_for(the_viewer(), session_id)
    url = url_for("coaching_sessions.show", session_id=session.id, _external=True)
    data = calendar_file.calendar_file(session, session.person, queries.coach_of(session), url)
    kind = f"text/calendar; charset=utf-8; method={calendar_file.method(session)}"
    name = f"session-{clock.day_of(session.starts_at).isoformat()}.ics"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return Response(data, content_type=kind, headers=headers)


@bp.post("/sessions/<int:session_id>/agenda")
@requires(Permission.COACHING_VIEW)
def add_item(session_id: int) -> ResponseReturnValue:
    mine_to_change(session_id)
    form = item_form()
    if not form.validate():
        return session_page(session_id, 422, item_form=form)
    try:
        operations.add_item(session_id, form.text.data or "", by=the_viewer(), key=form.key.key)
    except Invalid as error:
        form.refuse(error, "text")
        return session_page(session_id, 422, item_form=form)
    return changed(session_id)


@bp.post("/agenda/<int:item_id>")
@requires(Permission.COACHING_VIEW)
def tick_item(item_id: int) -> ResponseReturnValue:
    is_done = request.form.get("done") == "yes"
    return changed(operations.tick_item(item_id, is_done=is_done, by=the_viewer()).id)


@bp.post("/agenda/<int:item_id>/removal")
@requires(Permission.COACHING_VIEW)
def remove_item(item_id: int) -> ResponseReturnValue:
    return changed(operations.remove_item(item_id, by=the_viewer()).id)


@bp.post("/sessions/<int:session_id>/held")
@requires(Permission.COACHING_LEAD)
def hold(session_id: int) -> ResponseReturnValue:
    operations.hold_session(session_id, by=the_viewer())
    flash(_("Held. The figures stay as they are today."), "good")
    return go_to(url_for("coaching_sessions.show", session_id=session_id))


@bp.get("/sessions/<int:session_id>/move")
@requires(Permission.COACHING_VIEW)
def show_move(session_id: int) -> ResponseReturnValue:
    session = mine_to_change(session_id).session
    local = session.starts_at.astimezone(clock.zone())
    return _move(
        session_id, MoveForm(formdata=None, day=local.date(), at=local.time(), minutes=session.minutes)
    )


@bp.post("/sessions/<int:session_id>/move")
@requires(Permission.COACHING_VIEW)
def move(session_id: int) -> ResponseReturnValue:
    mine_to_change(session_id)
    form = MoveForm()
    if not form.validate():
        return _move(session_id, form, 422)
    try:
        operations.move_session(
            session_id,
            by=the_viewer(),
            starts_at=instant(form.day.data, form.at.data),
            minutes=form.minutes.data or 0,
            why=form.why.data or "",
        )
    except Invalid as error:
        form.refuse(error, "why")
        return _move(session_id, form, 422)
    flash(_("Moved. The other of you is told."), "good")
    return go_to(url_for("coaching_sessions.show", session_id=session_id))


@bp.get("/sessions/<int:session_id>/cancellation")
@requires(Permission.COACHING_VIEW)
def show_cancel(session_id: int) -> ResponseReturnValue:
    return _cancel(session_id, CancelForm(formdata=None))


@bp.post("/sessions/<int:session_id>/cancellation")
@requires(Permission.COACHING_VIEW)
def cancel(session_id: int) -> ResponseReturnValue:
    mine_to_change(session_id)
    form = CancelForm()
    if not form.validate():
        return _cancel(session_id, form, 422)
    try:
        operations.cancel_session(session_id, by=the_viewer(), why=form.why.data or "")
    except Invalid as error:
        form.refuse(error, "why")
        return _cancel(session_id, form, 422)
    flash(_("Cancelled. The other of you is told."), "info")
    return go_to(url_for("coaching_sessions.show", session_id=session_id))


def mine_to_change(session_id: int) -> pages.SessionPage:
    """Raises NotFound for whoever only reads it."""
    page = pages.page_of(the_viewer(), session_id)
    if not page.takes_part:
        raise NotFound
    return page


def changed(session_id: int) -> ResponseReturnValue:
    if wants_fragment():
        return fragment("coaching/sessions/_session.html", **_session_context(session_id))
    return go_to(url_for("coaching_sessions.show", session_id=session_id))


def session_page(session_id: int, status: int = 200, **forms: Form) -> ResponseReturnValue:
    template = "coaching/sessions/_session.html" if wants_fragment() else "coaching/sessions/show.html"
    return fragment(template, status, **_session_context(session_id) | forms)


def _session_context(session_id: int) -> dict[str, Any]:
    viewer = the_viewer()
    page = pages.page_of(viewer, session_id)
    return {
        "page": page,
        "session": page.session,
        # Who led it and manages the person no more reads the session, not the plan.
        "reads_plan": page.takes_part or viewer.role is Role.HR,
        "notes": notes.about(viewer, page.session.person_id, session_id=session_id),
        "proposal": queries.proposal_of(page.session.person_id) if page.leads else None,
        "item_form": item_form(formdata=None),
        "commitment_form": commitment_form(page, formdata=None),
    }


def item_form(**options: Any) -> ItemForm:
    form = ItemForm(**options)
    named(form, "item")
    return form


def commitment_form(page: pages.SessionPage, **options: Any) -> CommitmentForm:
    form = CommitmentForm(**options)
    named(form, "commitment")
    form.owner.choices = choices_of((one.id, one.name) for one in (page.person, page.coach))
    if "formdata" in options:
        form.owner.data = str(page.person.id)
    return form


def template_choices() -> list[SelectChoice]:
    named = ((each.id, templates.said(each.names, language())) for each in templates.templates())
    return choices_of([(0, _("An empty agenda")), *named])


def _plan_form(**options: Any) -> PlanForm:
    form = PlanForm(**options)
    form.template.choices = template_choices()
    return form


def _new(person_id: int, form: PlanForm, status: int = 200) -> ResponseReturnValue:
    html = render_template(
        "coaching/sessions/new.html",
        form=form,
        person=scope.person_led(the_viewer(), person_id),
        proposal=rhythms.proposals([person_id]).get(person_id),
        today=clock.today(),
    )
    return make_response(html, status)


def _move(session_id: int, form: MoveForm, status: int = 200) -> ResponseReturnValue:
    page = mine_to_change(session_id)
    html = render_template("coaching/sessions/move.html", form=form, page=page, today=clock.today())
    return make_response(html, status)


def _cancel(session_id: int, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    html = render_template("coaching/sessions/cancel.html", form=form, page=mine_to_change(session_id))
    return make_response(html, status)


def instant(day: date | None, at: time | None) -> datetime:
    """A day and a time of the company's zone, from a form that is valid."""
    if day is None or at is None:
        raise NotFound
    return datetime.combine(day, at, clock.zone())


def _day_asked() -> date | None:
    """A plan proposes a day of its own."""
    asked = request.args.get("day", type=date.fromisoformat)
    return asked if asked is not None and asked >= clock.today() else None


def _tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def number(text: Any) -> int | None:
    return int(text) if str(text or "").isdigit() else None
