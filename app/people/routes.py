from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.core.permissions import public

bp = Blueprint("people", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    return ""
