"""One's own coaching, that of the people whom one coaches, and how often they are promised a session."""

from typing import Any

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching import scope
from app.coaching.notes import queries as notes
from app.coaching.plans import queries as plans
from app.coaching.sessions import pages, promises, queries, rhythms
from app.coaching.sessions.forms import RhythmForm
from app.coaching.sessions.routes.sessions import bp, template_choices
from app.core import clock
from app.core.choices import choices_of
from app.core.errors import Invalid
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer

RHYTHMS = (7, 14, 21, 28, 42)  # days to choose from


@bp.get("")
@requires(Permission.COACHING_VIEW)
def mine() -> ResponseReturnValue:
    viewer = the_viewer()
    return render_template(
        "coaching/sessions/mine.html",
        mine=pages.mine(viewer),
        leading=queries.next_session(viewer),
        notes=notes.shared_with(viewer),
        drafts=notes.drafts_of(viewer),
        plans=plans.mine(viewer),
    )


@bp.get("/team")
@requires(Permission.COACHING_LEAD)
def team() -> ResponseReturnValue:
    viewer = the_viewer()
    return render_template(
        "coaching/sessions/team.html",
        team=pages.team(viewer),
        overdue=promises.overdue_of(viewer),
    )


@bp.get("/people/<int:person_id>")
@requires(Permission.COACHING_VIEW)
def person(person_id: int) -> ResponseReturnValue:
    return _person(person_id)


@bp.post("/people/<int:person_id>/rhythm")
@requires(Permission.COACHING_LEAD)
def set_rhythm(person_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    scope.person_led(viewer, person_id)
    form = _rhythm_form(person_id, request.form)
    if not form.validate():
        return _person(person_id, 422, rhythm_form=form)
    try:
        rhythms.set_rhythm(
            person_id,
            every_days=int(form.every.data) or None,
            starts_on=form.starts_on.data,
            template_id=int(form.template.data) or None,
            by=viewer,
        )
    except Invalid as error:
        form.refuse(error, "every")
        return _person(person_id, 422, rhythm_form=form)
    flash(_("Saved."), "good")
    return go_to(url_for("coaching_sessions.person", person_id=person_id))


def _person(person_id: int, status: int = 200, rhythm_form: RhythmForm | None = None) -> ResponseReturnValue:
    viewer = the_viewer()
    page = pages.person_page(viewer, person_id)
    html = render_template(
        "coaching/sessions/person.html",
        page=page,
        notes=notes.about(viewer, person_id),
        rhythm_form=rhythm_form or (_rhythm_form(person_id, None) if page.leads else None),
    )
    return make_response(html, status)


def _rhythm_form(person_id: int, data: Any) -> RhythmForm:
    known = rhythms.rhythm_of(person_id)
    form = RhythmForm(
        data,
        every=str(known.every_days) if known else "0",
        starts_on=known.starts_on if known else clock.today(),
        template=str(known.template_id or 0) if known else "0",
    )
    weeks = sorted({*RHYTHMS, *([known.every_days] if known else [])})
    form.every.choices = choices_of([(0, _("No rhythm")), *((days, _every(days)) for days in weeks)])
    form.template.choices = template_choices()
    return form


def _every(days: int) -> str:
    if days == 7:
        return str(_("Every week"))
    if days % 7:
        return str(_("Every %(num)s days", num=days))
    return str(_("Every %(num)s weeks", num=days // 7))
