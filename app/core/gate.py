"""The gate before every view: nothing passes without a declared permission."""

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.core.hx import is_htmx
from app.core.permissions import Permission, allows, public
from app.core.viewer import current_viewer


def sign_in_needed() -> ResponseReturnValue:
    """A page leads to the sign-in form; a fragment must not get that form inside itself."""
    if is_htmx():
        return "", 401, {"HX-Redirect": url_for("people.sign_in")}
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=target if target != "/" else None))


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # the 404 or 405 comes by itself
    view = current_app.view_functions[request.endpoint]
    permission: Permission | None = getattr(view, "__permission__")  # noqa: B009 - check_routes made sure
    if permission is None:
        return None
    viewer = current_viewer()
    if viewer is None:
        return sign_in_needed()
    if not allows(viewer.role, permission):
        abort(404)
    return None


def check_routes(app: Flask) -> None:
    """Refuse to start with a route that declares no permission."""
    bare = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "__permission__"))
    if bare:
        raise RuntimeError(f"routes without a declared permission: {', '.join(bare)}")


def init_app(app: Flask) -> None:
    app.before_request(_check)
    if app.has_static_folder:
        app.view_functions["static"] = static_file


@public
def static_file(filename: str) -> ResponseReturnValue:
    """Flask's own view is a bound method, which cannot carry a declaration."""
    return current_app.send_static_file(filename)
