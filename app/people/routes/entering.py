"""What all ways of signing in share."""

from urllib.parse import urlsplit

from flask import request, session
from flask_login import login_user

from app.core.permissions import Permission
from app.people import sessions
from app.people.operations import access
from app.people.operations.signing_in import Browser


def browser() -> Browser:
    return Browser(request.remote_addr, request.user_agent.string or None)


def own_path(target: str | None) -> str:
    """The path of this portal that `target` names; the home page for anything else."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if "\\" in target or any(ord(letter) < 32 or ord(letter) == 127 for letter in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target


def enter(token: str) -> None:
    """Make the new session this browser's: nothing of the cookie before lives on."""
    session.clear()
    viewer = sessions.viewer_for(token)
    if viewer is None:
        raise RuntimeError("a session that was just opened is not open")
    login_user(viewer)
    if viewer.can(Permission.COMPANY_MANAGE):
        access.learn_address(request.host_url, only_first=True)
