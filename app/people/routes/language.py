from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from app.core.locales import LOCALES
from app.core.permissions import public
from app.people.routes import bp
from app.people.routes.entering import own_path


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """For those not signed in; the others have it in their preferences."""
    answer = make_response(redirect(own_path(request.form.get("next")), 303))
    chosen = request.form.get("locale")
    if chosen in LOCALES:
        answer.set_cookie(
            "locale", chosen, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return answer
