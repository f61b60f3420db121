"""The first run: in an empty portal every page leads here, until there is a company and an administrator."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import Invalid
from app.core.hx import go_to, is_htmx
from app.core.permissions import Role, public
from app.people import company, places
from app.people.forms import WelcomeForm
from app.people.operations import founding
from app.people.operations.founding import AlreadyFounded, CompanyFacts
from app.people.operations.persons import NewPerson
from app.people.routes import bp
from app.people.routes.entering import browser, enter

_ALWAYS = {"people.welcome", "people.create_company", "people.choose_language"}


def lead_to_welcome() -> ResponseReturnValue | None:
    """Once there is a company this asks nobody: its settings are known to each request anyway."""
    if company.settings() is not None or _stays_open(request.endpoint) or not founding.is_open():
        return None
    if is_htmx():
        return "", 401, {"HX-Redirect": url_for("people.welcome")}
    return redirect(url_for("people.welcome"))


def _stays_open(endpoint: str | None) -> bool:
    """What other rooms show to everybody needs nobody's sign-in."""
    if endpoint is None or endpoint in _ALWAYS:
        return endpoint is not None
    permission = getattr(current_app.view_functions[endpoint], "__permission__", None)
    return permission is None and not endpoint.startswith(f"{bp.name}.")


@bp.get("/welcome")
@public
def welcome() -> ResponseReturnValue:
    if not founding.is_open():
        abort(404)
    chosen = request.cookies.get("locale")
    likely = places.guess([*([chosen] if chosen else []), *request.accept_languages.values()])
    form = WelcomeForm(
        country=likely.country,
        currency=likely.currency,
        timezone=likely.timezone,
        locale=likely.locale,
        fiscal_start_month=1,
    )
    form.offer_places()
    return render_template("people/welcome.html", form=form)


@bp.post("/welcome")
@public
def create_company() -> ResponseReturnValue:
    if not founding.is_open():
        abort(404)
    form = WelcomeForm()
    form.offer_places()
    if not form.validate():
        return render_template("people/welcome.html", form=form), 422
    admin = NewPerson(
        name=form.person.data or "", role=Role.ADMIN, email=form.email.data, locale=form.locale.data
    )
    try:
        token = founding.found(
            CompanyFacts(**form.facts()), admin, form.password.data or "", browser(), request.host_url
        )
    except Invalid as problem:
        form.refuse(problem, "email")
        return render_template("people/welcome.html", form=form), 422
    except AlreadyFounded:
        abort(404)
    enter(token)
    return go_to("/")
