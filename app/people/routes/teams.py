from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.choices import choices_of
from app.core.errors import Conflict, Invalid
from app.core.hx import fragment, go_to, wants_fragment
from app.core.pagination import page_of
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer
from app.people import directory, operations, queries, words
from app.people.directory import Filter
from app.people.forms import NewTeamForm, TeamForm
from app.people.operations import once
from app.people.routes import bp


def _offer(form: TeamForm, team: Any = None) -> None:
    form.parent.choices = choices_of(directory.possible_parents(team) or [(0, "–")])
    form.lead.choices = choices_of([(0, _("Nobody yet")), *directory.possible_leads()])
    if team is not None and team.lead_id and team.lead and not team.lead.is_active:
        left = choices_of([(team.lead_id, _("%(name)s (left)", name=team.lead.name))])
        form.lead.choices += left
    if team is not None and team.kind == "company":
        del form.parent, form.kind


def _chosen(form: TeamForm) -> dict[str, Any]:
    lead = form.lead.data
    parent = form.parent.data if "parent" in form else None
    return {
        "name": form.name.data or "",
        "parent": directory.team_of_directory(parent) if parent else None,
        "kind": words.kind(form.kind.data if "kind" in form else "company"),
        "function": words.function(form.function.data),
        "lead": queries.person_for(the_viewer(), lead) if lead else None,
    }


@bp.get("/teams")
@requires(Permission.PEOPLE_VIEW)
def list_teams() -> ResponseReturnValue:
    manages = the_viewer().can(Permission.PEOPLE_MANAGE)
    show_archived = manages and request.args.get("archived") == "1"
    return render_template(
        "people/teams.html",
        nodes=queries.team_tree(archived=show_archived),
        kinds=words.KINDS,
        functions=words.FUNCTIONS,
        show_archived=show_archived,
    )


@bp.get("/teams/new")
@requires(Permission.PEOPLE_MANAGE)
def new_team() -> ResponseReturnValue:
    form = NewTeamForm(parent=request.args.get("parent", type=int))
    _offer(form)
    return render_template("people/team_new.html", form=form)


@bp.post("/teams")
@requires(Permission.PEOPLE_MANAGE)
def create_team() -> ResponseReturnValue:
    form = NewTeamForm()
    _offer(form)
    if form.validate():
        try:
            team = once.create_team_once(**_chosen(form), key=form.key.key, by_id=the_viewer().person_id)
        except Invalid as problem:
            form.refuse(problem, "name")
        else:
            flash(_("%(team)s is there.", team=team.name), "good")
            return go_to(url_for("people.list_teams") + f"#team-{team.id}")
    part = "people/_team_form.html" if wants_fragment() else "people/team_new.html"
    return fragment(part, 422, form=form)


@bp.get("/teams/<int:team_id>")
@requires(Permission.PEOPLE_VIEW)
def show_team(team_id: int) -> ResponseReturnValue:
    team = directory.team_of_directory(team_id)
    people = directory.list_people(the_viewer(), Filter(team_id=team.id))
    return render_template(
        "people/team.html",
        team=team,
        is_in_scope=queries.is_visible_team(the_viewer(), team.id),
        above=[node for node in queries.team_tree(archived=True) if node.id in team.path[:-1]],
        below=[node for node in queries.team_tree() if node.parent_id == team.id],
        page=page_of(people, request.args.get("page", 1, type=int)),
        kinds=words.KINDS,
        functions=words.FUNCTIONS,
        roles=words.ROLES,
    )


@bp.get("/teams/<int:team_id>/edit")
@requires(Permission.PEOPLE_MANAGE)
def edit_team(team_id: int) -> ResponseReturnValue:
    team = directory.team_of_directory(team_id)
    form = TeamForm(
        name=team.name,
        parent=team.parent_id,
        kind=team.kind.value,
        function=team.function.value,
        lead=team.lead_id or 0,
    )
    _offer(form, team)
    return render_template("people/team_edit.html", form=form, team=team)


@bp.post("/teams/<int:team_id>")
@requires(Permission.PEOPLE_MANAGE)
def update_team(team_id: int) -> ResponseReturnValue:
    team, form = directory.team_of_directory(team_id), TeamForm()
    _offer(form, team)
    if form.validate():
        try:
            operations.update_team(team, **_chosen(form), by_id=the_viewer().person_id)
        except Invalid as problem:
            form.refuse(problem, "name")
        else:
            flash(_("Saved"), "good")
            return go_to(url_for("people.show_team", team_id=team_id))
    part = "people/_team_form.html" if wants_fragment() else "people/team_edit.html"
    return fragment(part, 422, form=form, team=directory.team_of_directory(team_id))


@bp.post("/teams/<int:team_id>/archival")
@requires(Permission.PEOPLE_MANAGE)
def archive_team(team_id: int) -> ResponseReturnValue:
    team = directory.team_of_directory(team_id)
    try:
        operations.archive_team(team, by_id=the_viewer().person_id)
    except Conflict as problem:
        flash(str(problem.message), "danger")
        return go_to(url_for("people.show_team", team_id=team_id))
    undo = url_for("people.restore_team", team_id=team_id)
    flash_with_undo(_("%(team)s is archived.", team=team.name), undo)
    return go_to(url_for("people.list_teams"))


@bp.post("/teams/<int:team_id>/restoration")
@requires(Permission.PEOPLE_MANAGE)
def restore_team(team_id: int) -> ResponseReturnValue:
    team = directory.team_of_directory(team_id)
    try:
        operations.restore_team(team, by_id=the_viewer().person_id)
        flash(_("%(team)s is back.", team=team.name), "good")
    except Conflict as problem:
        flash(str(problem.message), "danger")
    return go_to(url_for("people.show_team", team_id=team_id))
