"""Pages and fragments that are polled: rendered again only when something they show has changed.

A route names the topics that it reads. While none of them changes (and the day does not turn),
a poll that carries the tag of what it has is answered 304 without running the view.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, g, has_request_context, make_response, request, session
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.changes import changes
from app.core.csp import PLACEHOLDER
from app.core.locales import pick
from app.core.viewer import Viewer, current_viewer

P = ParamSpec("P")

MAX_BYTES = 64 * 1024 * 1024  # a process


class _Kept:
    """Rendered answers, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Any, tuple[Any, bytes, str, datetime | None]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Any, stamp: Any) -> tuple[bytes, str] | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry[0] != stamp or (entry[3] is not None and clock.now() >= entry[3]):
                return None
            self._entries.move_to_end(key)
            return entry[1], entry[2]

    def put(self, key: Any, stamp: Any, body: bytes, tag: str, until: datetime | None = None) -> None:
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self._bytes -= len(old[1])
            self._entries[key] = (stamp, body, tag, until)
            self._bytes += len(body)
            while self._bytes > MAX_BYTES:
                _, (_, dropped, _, _) = self._entries.popitem(last=False)
                self._bytes -= len(dropped)


_kept = _Kept()


def tag_of(body: bytes) -> str:
    """The same in every process: the nonce's placeholder is each one's own."""
    return hashlib.blake2b(body.replace(PLACEHOLDER.encode(), b""), digest_size=12).hexdigest()


def _seen_as(viewer: Viewer | None) -> object:
    """All of a viewer that a page may depend on: Flask-Login compares viewers by their token alone."""
    if viewer is None:
        return None
    return viewer.role, viewer.team_id, viewer.locale, viewer.theme, viewer.name


def may_be_old() -> None:
    """Say that this answer may show something older than the latest change: it is not kept."""
    if has_request_context():
        g.answer_may_be_old = True


def holds_until(instant: datetime) -> None:
    """Say that this answer shows something which is over at an instant: it is kept no longer."""
    if has_request_context():
        g.answer_holds_until = min(instant, g.get("answer_holds_until", instant))


def live(*topics: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Declare which topics a GET view reads; see `core.changes` for who announces them. `totals:mine` is
    the topic as far as the viewer is named in a change, or nobody is.

    What a view shows may depend on nothing else but its URL, the viewer, the language and the day; where the
    hour matters, the view says so (`holds_until`).
    """

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            viewer = current_viewer()
            key = (
                viewer.session_id if viewer else None,
                request.full_path,
                request.headers.get("HX-Request-Type"),
                pick(),
            )
            # Read before the view runs: a change meanwhile makes this answer old, never wrong.
            person_id = viewer.person_id if viewer else None
            stamp = (changes.stamp(topics, person_id), _seen_as(viewer), clock.today())
            may_keep = changes.is_live and "_flashes" not in session
            kept = _kept.get(key, stamp) if may_keep else None
            if kept is None:
                response = make_response(view(*args, **kwargs))
                if response.status_code != 200 or response.mimetype != "text/html":
                    return response
                body = response.get_data()
                tag = tag_of(body)
                if may_keep and not g.pop("answer_may_be_old", False):
                    _kept.put(key, stamp, body, tag, g.pop("answer_holds_until", None))
            else:
                body, tag = kept
                response = Response(body, mimetype="text/html")
            if request.headers.get("HX-PTag") == tag:
                response = Response(status=304)
            response.headers["HX-PTag"] = tag
            return response

        return answer

    return decorate
