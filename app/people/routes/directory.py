from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.hx import go_to
from app.core.pagination import page_of, page_of_rows
from app.core.permissions import Permission, Role, requires
from app.core.viewer import the_viewer
from app.people import directory, queries, words
from app.people.directory import Filter, State
from app.people.forms import InvitationsForm
from app.people.operations import access
from app.people.routes import bp


def _filter() -> Filter:
    args = request.args
    role, state = args.get("role", ""), args.get("state", "")
    return Filter(
        text=args.get("q", "")[:100],
        team_id=args.get("team", type=int),
        role=Role(role) if role in list(Role) else None,
        state=State(state) if state in list(State) else State.ACTIVE,
        manager_id=args.get("manager", type=int),
    )


@bp.get("/people")
@requires(Permission.PEOPLE_VIEW)
def index() -> ResponseReturnValue:
    viewer, wanted = the_viewer(), _filter()
    page = page_of(directory.list_people(viewer, wanted), request.args.get("page", 1, type=int))
    manages = viewer.can(Permission.PEOPLE_MANAGE)
    context = {
        "page": page,
        "wanted": wanted,
        "teams": [(node.id, "\u2003" * node.depth + node.name) for node in queries.team_tree()],
        "roles": words.ROLES,
        "states": words.STATES,
        "access": directory.access_of(page.items) if manages else {},
        "waiting": directory.count_waiting() if manages else {},
        "manager": queries.people_by_id([wanted.manager_id]).get(wanted.manager_id)
        if wanted.manager_id
        else None,
    }
    return make_response(render_template("people/index.html", **context))


@bp.get("/people/reporting")
@requires(Permission.PEOPLE_VIEW)
def reporting() -> ResponseReturnValue:
    page = page_of_rows(directory.managers(the_viewer()), request.args.get("page", 1, type=int))
    return render_template("people/reporting.html", page=page)


@bp.get("/people/invitations")
@requires(Permission.PEOPLE_MANAGE)
def list_invitations() -> ResponseReturnValue:
    wanted = Filter(state=State.NOT_INVITED)
    page = page_of(directory.list_people(the_viewer(), wanted), request.args.get("page", 1, type=int), 200)
    return render_template(
        "people/invitations.html", page=page, form=InvitationsForm(), waiting=directory.count_waiting()
    )


@bp.post("/people/invitations")
@requires(Permission.PEOPLE_MANAGE)
def create_invitations() -> ResponseReturnValue:
    form = InvitationsForm()
    chosen = directory.active_people(form.people.data or []) if form.validate() else []
    invited = access.invite(chosen, by_id=the_viewer().person_id, address=request.host_url)
    if not invited:
        flash(_("Nobody was chosen."), "info")
        return go_to(url_for("people.list_invitations"))
    flash(ngettext("One invitation is on its way.", "%(num)s invitations are on their way.", invited), "good")
    return go_to(url_for("people.index", state=State.INVITED.value))
