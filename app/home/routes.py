"""One page a role, each made of parts that keep themselves up to date."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.coaching import access
from app.core import clock
from app.core.hx import wants_fragment
from app.core.live import live
from app.core.permissions import Permission, Role, requires
from app.core.viewer import Viewer, the_viewer
from app.home import checklist, department, executive, hr, manager, rep
from app.home.asked import asked
from app.home.today import today
from app.leaderboards import words
from app.leaderboards.filters import Of

bp = Blueprint("home", __name__)

MINE = ("totals:mine", "goals", "people", "company", "metrics", "periods", "coaching:mine", "diagnosis")
_ASKED = {Role.MANAGER, Role.DEPARTMENT_LEAD, Role.HR, Role.EXECUTIVE}
EVERYBODYS = ("totals", "goals", "sales", "people", "company", "metrics", "periods")
COACHS = (*EVERYBODYS, "coaching:mine")


@bp.get("/")
@requires(Permission.HOME_VIEW)
def show() -> ResponseReturnValue:
    viewer = the_viewer()
    found = _PAGES[viewer.role](viewer)
    if viewer.role in _ASKED:
        found["asked"] = asked(viewer)
    return render_template(f"home/{viewer.role.value}.html", now=clock.now(), **found)


def _rep(viewer: Viewer) -> dict[str, Any]:
    return _goals(viewer) | _standing(viewer)


def _goals(viewer: Viewer) -> dict[str, Any]:
    return {"goals": rep.goals_of(viewer)}


def _standing(viewer: Viewer) -> dict[str, Any]:
    return {"place": rep.place_of(viewer), "today": today(), "words": words, "Of": Of}


def _manager(viewer: Viewer) -> dict[str, Any]:
    return {"team": manager.team_of(viewer)} | _news(viewer)


def _news(viewer: Viewer) -> dict[str, Any]:
    return {"waiting": manager.waiting_for(viewer), "today": manager.todays(viewer)}


def _executive(viewer: Viewer) -> dict[str, Any]:
    return {"overview": executive.company(), "today": today()}


def _department(viewer: Viewer) -> dict[str, Any]:
    return {"department": department.department(viewer)}


def _hr(viewer: Viewer) -> dict[str, Any]:
    return {"people": hr.people()}


def _admin(viewer: Viewer) -> dict[str, Any]:
    return {"checklist": checklist.checklist(), "is_unguarded": access.is_bypassed()} | _standing(viewer)


_PAGES: dict[Role, Callable[[Viewer], dict[str, Any]]] = {
    Role.REP: _rep,
    Role.MANAGER: _manager,
    Role.EXECUTIVE: _executive,
    Role.DEPARTMENT_LEAD: _department,
    Role.HR: _hr,
    Role.ADMIN: _admin,
}


def _part(role: Role | None, template: str, make: Callable[[Viewer], dict[str, Any]]) -> ResponseReturnValue:
    """A part of the page of one role, or of several; whoever opens it by itself gets the whole."""
    viewer = the_viewer()
    if role is not None and viewer.role is not role:
        abort(404)
    if not wants_fragment():
        return redirect(url_for("home.show"))
    return render_template(template, **make(viewer))


@bp.get("/home/goals")
@requires(Permission.HOME_VIEW)
@live(*MINE)
def my_goals() -> ResponseReturnValue:
    return _part(Role.REP, "home/_goals.html", _goals)


@bp.get("/home/standing")
@requires(Permission.HOME_VIEW)
@live(*EVERYBODYS)
def standing() -> ResponseReturnValue:
    return _part(None, "home/_standing.html", _standing)


@bp.get("/home/team")
@requires(Permission.HOME_VIEW)
@live(*COACHS)
def team() -> ResponseReturnValue:
    return _part(Role.MANAGER, "home/_team.html", lambda viewer: {"team": manager.team_of(viewer)})


@bp.get("/home/news")
@requires(Permission.HOME_VIEW)
@live(*COACHS)
def news() -> ResponseReturnValue:
    return _part(Role.MANAGER, "home/_news.html", _news)


@bp.get("/home/company")
@requires(Permission.HOME_VIEW)
@live(*EVERYBODYS)
def company() -> ResponseReturnValue:
    return _part(Role.EXECUTIVE, "home/_company.html", _executive)
