from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.hx import go_to
from app.core.permissions import Permission, public, requires
from app.core.viewer import current_viewer, the_viewer
from app.people import sessions
from app.people.forms import SignInForm
from app.people.operations import founding, signing_in
from app.people.routes import bp
from app.people.routes.entering import browser, enter, own_path
from app.people.throttle import TooManyAttempts


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_viewer():
        return redirect(own_path(request.args.get("next")))
    if founding.is_open():
        return redirect(url_for("people.welcome"))
    return render_template("people/sign_in.html", form=SignInForm(next=own_path(request.args.get("next"))))


@bp.post("/sign-in")
@public
def create_session() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("people/sign_in.html", form=form), 422
    try:
        token = signing_in.sign_in(form.email.data or "", form.password.data or "", browser())
    except TooManyAttempts as error:
        form.refuse(error, "password")
        answer = make_response(render_template("people/sign_in.html", form=form), 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    if token is None:
        form.password.errors = [_("E-mail and password do not fit together.")]
        return render_template("people/sign_in.html", form=form), 422
    before = current_viewer()
    if before is not None:
        sessions.revoke(before.person_id, by_id=before.person_id, only=before.session_id)
    enter(token)
    return go_to(own_path(form.next.data))


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT)
def end_session() -> ResponseReturnValue:
    viewer = the_viewer()
    sessions.revoke(viewer.person_id, by_id=viewer.person_id, only=viewer.session_id)
    session.clear()
    return go_to(url_for("people.sign_in"))
