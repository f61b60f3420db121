"""htmx 4 over htmx-flask, which predates it: one place that knows the differences."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import request


def is_htmx() -> bool:
    """Whether htmx made this request, for a part or for a whole page."""
    return bool(request.htmx)


def wants_fragment() -> bool:
    """Whether htmx asked for a part of a page, not for a whole one or one from the history."""
    return (
        is_htmx()
        and request.headers.get("HX-Request-Type") != "full"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def source_id() -> str | None:
    """The id of the element that asked; htmx 4 sends `tag#id` in HX-Source."""
    _, _, name = request.headers.get("HX-Source", "").partition("#")
    return name or None


def fragment(
    template: str,
    status: int = 200,
    *,
    trigger: str | Mapping[str, Any] | None = None,
    push_url: str | None = None,
    retarget: str | None = None,
    **context: Any,
) -> Response:
    """Render one fragment file. `trigger` names an event for the browser, or maps names to details."""
    response = make_response(render_template(template, **context), status)
    if trigger:
        # As JSON in ASCII: a bare non-ASCII string would go out raw.
        events = {trigger: None} if isinstance(trigger, str) else dict(trigger)
        response.headers["HX-Trigger"] = json.dumps(events)
    if push_url:
        response.headers["HX-Push-Url"] = push_url
    if retarget:
        response.headers["HX-Retarget"] = retarget
    return response


def page_or_fragment(page: str, part: str, status: int = 200, **context: Any) -> Response:
    """The whole page, or only `part` when htmx asked for a part."""
    return make_response(render_template(part if wants_fragment() else page, **context), status)


def go_to(url: str) -> ResponseReturnValue:
    """After a successful change: a redirect that works for a plain form and for htmx alike."""
    if is_htmx():
        return "", 204, {"HX-Redirect": url} if not wants_fragment() else {"HX-Location": url}
    return redirect(url, 303)


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Request-Type", "Cookie"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def init_app(app: Flask) -> None:
    app.after_request(_vary)
