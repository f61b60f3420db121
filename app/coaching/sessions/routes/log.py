"""A session that has taken place, on one screen: when, the figures, the note, what was promised."""

from datetime import date, timedelta
from uuid import UUID

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching import scope
from app.coaching.notes.operations import LONGEST, Diverged, Draft
from app.coaching.sessions import figures, logbook, pages
from app.coaching.sessions.forms import LONGEST_LINE, LogForm
from app.coaching.sessions.logbook import Logged, Promised
from app.coaching.sessions.routes.sessions import bp, instant, number
from app.core import clock
from app.core.choices import choices_of
from app.core.errors import Invalid
from app.core.hx import go_to
from app.core.idempotency import new_key
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer

LINES = 3  # of commitments


@bp.get("/sessions/log")
@requires(Permission.COACHING_LEAD)
def log() -> ResponseReturnValue:
    """Who first: their figures come with the page."""
    people = [each.person for each in pages.team(the_viewer())]
    person_id = request.args.get("person", type=int)
    if person_id is None and len(people) == 1:
        person_id = people[0].id
    now = clock.now().astimezone(clock.zone())
    began = now - timedelta(minutes=30 + now.minute % 5)
    form = LogForm(
        formdata=None,
        day=now.date(),
        at=(began if began.date() == now.date() else now).time().replace(second=0, microsecond=0),
        minutes=30,
        note_key=new_key(),
    )
    return _log(person_id, form)


@bp.post("/people/<int:person_id>/log")
@requires(Permission.COACHING_LEAD)
def save_log(person_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    scope.person_led(viewer, person_id)
    form = _share_choices(LogForm())
    lines, problem = _lines(person_id, viewer.person_id)
    if not form.validate() or problem:
        return _log(person_id, form, 422, problem=problem)
    try:
        said = _logged(form, person_id, lines)
        session = logbook.write_down(person_id, said, by=viewer, key=form.key.key)
    except Diverged as error:
        form.base.data = str(error.note.revision)
        return _log(person_id, form, 409, other=error.note.body)
    except Invalid as error:
        form.refuse(error, "day")
        return _log(person_id, form, 422)
    flash(_("The session is in the book."), "good")
    return go_to(url_for("coaching_sessions.show", session_id=session.id))


def _log(
    person_id: int | None,
    form: LogForm,
    status: int = 200,
    *,
    problem: str | None = None,
    other: str | None = None,
) -> ResponseReturnValue:
    """`other`: what the note says elsewhere, where it was changed in two places."""
    viewer = the_viewer()
    person = scope.person_led(viewer, person_id) if person_id is not None else None
    html = render_template(
        "coaching/sessions/log.html",
        form=_share_choices(form),
        person=person,
        people=[each.person for each in pages.team(viewer)],
        figures=figures.now(person.id) if person else (),
        open=pages.person_page(viewer, person.id).open if person else (),
        lines=LINES,
        typed=request.form,
        problem=problem,
        other=other,
        today=clock.today(),
        longest=LONGEST_LINE,
    )
    answer = make_response(html, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _share_choices(form: LogForm) -> LogForm:
    form.share.choices = choices_of(
        [("draft", _("Only me, as a draft")), ("shared", _("The two of us, and HR"))]
    )
    return form


def _logged(form: LogForm, person_id: int, lines: list[Promised]) -> Logged:
    body = form.body.data or ""
    if len(body) > LONGEST:
        raise Invalid(_("At most %(num)s characters. Divide it into two notes.", num=LONGEST), "body")
    base = number(form.base.data) or 0
    note = Draft(UUID(str(form.note_key.data)), person_id, body, base) if body.strip() or base else None
    return Logged(
        at=instant(form.day.data, form.at.data),
        minutes=form.minutes.data or 0,
        place=form.place.data or "",
        note=note,
        share=form.share.data == "shared",
        promised=lines,
        kept=request.form.getlist("kept", type=int),
    )


def _lines(person_id: int, coach_id: int) -> tuple[list[Promised], str | None]:
    """What was promised, a line each; an empty line is none."""
    found = []
    for line in range(LINES):
        text = request.form.get(f"promise-{line}", "").strip()
        if not text:
            continue
        if len(text) > LONGEST_LINE:
            return [], _("At most %(num)s characters a commitment.", num=LONGEST_LINE)
        owner = coach_id if request.form.get(f"owner-{line}") == str(coach_id) else person_id
        until = request.form.get(f"until-{line}", "").strip()
        try:
            due_on = date.fromisoformat(until) if until else None
        except ValueError:
            return [], _("Choose a day for each commitment, or none.")
        if due_on is not None and due_on < clock.today():
            return [], _("The day of a commitment lies ahead.")
        found.append(Promised(text, owner, due_on))
    return found, None
