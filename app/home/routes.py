from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.core.permissions import Permission, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.HOME_VIEW)
def show() -> ResponseReturnValue:
    return ""
