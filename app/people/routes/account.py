"""What everybody may change about themselves."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.core.errors import Invalid, NotFound
from app.core.hx import fragment, go_to, is_htmx, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people import queries, sessions
from app.people.browsers import browser_words
from app.people.forms import ChangePasswordForm, PreferencesForm
from app.people.operations import preferences, signing_in
from app.people.routes.entering import browser
from app.people.throttle import TooManyAttempts

bp = Blueprint("account", __name__)


@bp.get("/account/preferences")
@requires(Permission.OWN_ACCOUNT)
def show_preferences() -> ResponseReturnValue:
    person = queries.the_person(the_viewer().person_id)
    form = PreferencesForm(locale=person.locale or "", theme=person.theme.value, is_hidden=person.is_hidden)
    return render_template("people/preferences.html", form=form)


@bp.post("/account/preferences")
@requires(Permission.OWN_ACCOUNT)
def set_preferences() -> ResponseReturnValue:
    form = PreferencesForm()
    if not form.validate():
        part = "people/_preferences.html" if wants_fragment() else "people/preferences.html"
        return fragment(part, 422, form=form)
    preferences.set_preferences(
        the_viewer().person_id,
        locale=form.locale.data or None,
        theme=form.theme.data,
        is_hidden=form.is_hidden.data,
    )
    if form.locale.data:
        with force_locale(form.locale.data):
            flash(_("Saved"), "good")
    else:
        flash(_("Saved"), "good")
    answer = make_response(go_to(url_for("account.show_preferences")))
    if is_htmx():  # the frame, too, is in another language and theme now
        answer.headers.pop("HX-Location", None)
        answer.headers["HX-Redirect"] = url_for("account.show_preferences")
    return answer


def _sessions() -> dict[str, Any]:
    viewer = the_viewer()
    rows = [(one, *browser_words(one.browser)) for one in sessions.open_sessions(viewer.person_id)]
    return {"rows": rows, "own_id": viewer.session_id}


@bp.get("/account/sessions")
@requires(Permission.OWN_ACCOUNT)
def list_sessions() -> ResponseReturnValue:
    return render_template("people/sessions.html", **_sessions())


@bp.post("/account/sessions/<int:session_id>/revocation")
@requires(Permission.OWN_ACCOUNT)
def revoke_session(session_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    if not sessions.revoke(viewer.person_id, by_id=viewer.person_id, only=session_id):
        raise NotFound
    return _after_revoking(_("Signed out there."))


@bp.post("/account/sessions/revocation")
@requires(Permission.OWN_ACCOUNT)
def revoke_other_sessions() -> ResponseReturnValue:
    viewer = the_viewer()
    ended = sessions.revoke(viewer.person_id, by_id=viewer.person_id, keep=viewer.session_id)
    return _after_revoking(
        ngettext("Signed out of one other browser.", "Signed out of %(num)s other browsers.", ended)
    )


def _after_revoking(words: str) -> ResponseReturnValue:
    if wants_fragment():
        toast = {"toast": {"message": words, "kind": "good"}}
        return fragment("people/_sessions.html", trigger=toast, **_sessions())
    flash(words, "good")
    return go_to(url_for("account.list_sessions"))


@bp.get("/account/password")
@requires(Permission.OWN_ACCOUNT)
def show_password() -> ResponseReturnValue:
    email = queries.the_person(the_viewer().person_id).email
    return render_template("people/password.html", form=ChangePasswordForm(), email=email)


@bp.post("/account/password")
@requires(Permission.OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    form, viewer, status, seconds = ChangePasswordForm(), the_viewer(), 422, None
    if form.validate():
        try:
            signing_in.change_password(
                viewer.person_id,
                form.current.data or "",
                form.password.data or "",
                keep=viewer.session_id,
                browser=browser(),
            )
            flash(_("Your password is changed. Other browsers are signed out."), "good")
            return go_to(url_for("account.list_sessions"))
        except Invalid as problem:
            form.refuse(problem, "password")
        except TooManyAttempts as error:
            form.refuse(error, "current")
            status, seconds = 429, error.seconds
    part = "people/_password.html" if wants_fragment() else "people/password.html"
    email = queries.the_person(viewer.person_id).email
    answer = make_response(render_template(part, form=form, email=email), status)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer
