from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.core.errors import Invalid
from app.core.hx import go_to
from app.core.permissions import public
from app.people.forms import NewPasswordForm, ResetRequestForm
from app.people.operations import access
from app.people.operations.access import LinkClosed, LinkState
from app.people.routes import bp
from app.people.routes.entering import browser, enter
from app.people.throttle import TooManyAttempts


@bp.get("/password-reset")
@public
def new_reset() -> ResponseReturnValue:
    return render_template("people/reset_request.html", form=ResetRequestForm())


@bp.post("/password-reset")
@public
def create_reset() -> ResponseReturnValue:
    form = ResetRequestForm()
    if not form.validate():
        return render_template("people/reset_request.html", form=form), 422
    try:
        access.request_reset(form.email.data or "", browser(), request.host_url)
    except TooManyAttempts as error:
        form.refuse(error, "email")
        answer = make_response(render_template("people/reset_request.html", form=form), 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    return render_template("people/reset_requested.html", email=form.email.data)


@bp.get("/access/<token>")
@public
def show_access(token: str) -> ResponseReturnValue:
    state, person = access.link_state(token)
    if state is not LinkState.OPEN:
        return render_template("people/access_closed.html", state=state), 410
    return render_template("people/access.html", form=NewPasswordForm(), person=person, token=token)


@bp.post("/access/<token>")
@public
def use_access(token: str) -> ResponseReturnValue:
    state, person = access.link_state(token)
    if state is not LinkState.OPEN:
        return render_template("people/access_closed.html", state=state), 410
    form = NewPasswordForm()
    if not form.validate():
        return render_template("people/access.html", form=form, person=person, token=token), 422
    try:
        session_token = access.use_link(token, form.password.data or "", browser())
    except Invalid as problem:
        form.refuse(problem, "password")
        return render_template("people/access.html", form=form, person=person, token=token), 422
    except LinkClosed:
        return render_template("people/access_closed.html", state=LinkState.USED), 410
    enter(session_token)
    return go_to("/")
