from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.hx import fragment, go_to, wants_fragment
from app.core.live import live
from app.core.pagination import page_of
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.notifications import operations, queries, stories
from app.notifications.stories import Story

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


def _inbox() -> dict[str, Any]:
    only_unread = request.args.get("show") == "unread"
    page = page_of(
        queries.inbox(the_viewer(), only_unread=only_unread), request.args.get("page", 1, type=int), 30
    )
    unread = queries.unread_count(the_viewer().person_id)
    return {
        "page": page,
        "stories": stories.told(page.items),
        "only_unread": only_unread,
        "unread": unread,
    }


@bp.get("")
@requires(Permission.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    return render_template("notifications/index.html", **_inbox())


@bp.get("/list")
@requires(Permission.OWN_ACCOUNT)
@live("notifications", "goals", "metrics")
def show_list() -> ResponseReturnValue:
    return render_template("notifications/_list.html", **_inbox())


@bp.get("/bell")
@requires(Permission.OWN_ACCOUNT)
@live("notifications")
def bell() -> ResponseReturnValue:
    return render_template("notifications/_bell.html")


@bp.get("/<int:notification_id>")
@requires(Permission.OWN_ACCOUNT)
def show(notification_id: int) -> ResponseReturnValue:
    """Where the news leads to; it is read then."""
    viewer = the_viewer()
    news = queries.notification_for(viewer, notification_id)
    story = stories.told([news])[0]
    if not story.is_open:
        operations.mark_read(viewer.person_id, [news.id])
    return redirect(_url(story))


def _url(story: Story) -> str:
    if story.place is None or story.place[0] not in current_app.view_functions:
        return url_for("notifications.index")
    return url_for(story.place[0], **story.place[1])


@bp.post("/read")
@requires(Permission.OWN_ACCOUNT)
def read_all() -> ResponseReturnValue:
    operations.mark_read(the_viewer().person_id)
    return _after()


@bp.post("/<int:notification_id>/read")
@requires(Permission.OWN_ACCOUNT)
def read(notification_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    news = queries.notification_for(viewer, notification_id)
    operations.mark_read(viewer.person_id, [news.id])
    return _after()


@bp.post("/<int:notification_id>/acknowledgement")
@requires(Permission.OWN_ACCOUNT)
def acknowledge(notification_id: int) -> ResponseReturnValue:
    operations.acknowledge(queries.notification_for(the_viewer(), notification_id))
    if not wants_fragment():
        flash(_("Noted. Who revised the goal sees that you know."), "good")
    return _after()


def _after() -> ResponseReturnValue:
    if wants_fragment():
        return fragment("notifications/_list.html", trigger="notifications:read", **_inbox())
    return go_to(url_for("notifications.index"))
