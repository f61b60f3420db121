"""The tree: company > department > team."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, text, update

from app.core import clock
from app.core.audit import record
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people import queries
from app.people.models import Function, Membership, Person, Team, TeamKind
from app.people.moving import moving
from app.people.operations.placing import lock, lock_structure
from app.people.timeline import Days


@atomic
def create_team(
    name: str,
    parent: Team,
    *,
    kind: TeamKind = TeamKind.TEAM,
    function: Function = Function.SALES,
    lead: Person | None = None,
    by_id: int | None,
) -> Team:
    """Raises Invalid for a name that its neighbours have, and for a parent that is a plain team."""
    lock_structure()
    _check_name(name, parent)
    _check_parent(parent)
    team = Team(
        name=name, parent_id=parent.id, kind=kind, function=function, lead_id=lead.id if lead else None
    )
    db.session.add(team)
    db.session.flush()
    team.path = [*parent.path, team.id]
    record("team.created", team, actor_id=by_id, name=name)
    changes.announce("people")
    return team


@atomic
def update_team(
    team: Team,
    *,
    name: str,
    parent: Team | None,
    kind: TeamKind,
    function: Function,
    lead: Person | None,
    by_id: int | None,
) -> None:
    """Rename, move, give another lead. For the company itself, parent and kind stay what they are.

    Raises Invalid for a circle in the tree, and as `create_team` does.
    """
    lock_structure()
    lock(team)
    is_root = team.kind is TeamKind.COMPANY
    before = (team.name, team.parent_id, team.kind, team.function, team.lead_id)
    if not is_root and parent is not None:
        if team.id in parent.path:
            raise Invalid(_("A team cannot be part of itself."), "parent")
        _check_parent(parent)
        _check_name(name, parent, besides=team.id)
        if kind is TeamKind.TEAM and _has_teams_below(team, archived=True):
            raise Invalid(_("There are teams in it, so it stays a department."), "kind")
        team.kind = kind
        if parent.id != team.parent_id:
            _move(team, parent)
    team.name, team.function, team.lead_id = name, function, lead.id if lead else None
    after = (team.name, team.parent_id, team.kind, team.function, team.lead_id)
    if before == after:
        return
    record("team.changed", team, actor_id=by_id, name=name, parent_id=team.parent_id, lead_id=team.lead_id)
    changes.announce("people")


def _move(team: Team, parent: Team) -> None:
    """All results of the teams moved count for other departments from now on, the past included."""
    inside = queries.below(team.id)
    members = db.session.scalars(
        select(Membership.person_id)
        .where(Membership.team_id.in_(inside))
        .union(select(Person.id).where(Person.team_id.in_(inside)))
        .order_by("person_id")
    ).all()
    depth = len(team.path)
    with moving(members, Days(date.min, date.max)):
        db.session.execute(
            update(Team)
            .where(Team.id.in_(inside))
            .values(path=func.array_cat(parent.path, text(f"path[{depth}:]")))
            .execution_options(synchronize_session=False)
        )
        team.parent_id = parent.id
        db.session.flush()
        db.session.expire(team, ["path"])


@atomic
def archive_team(team: Team, *, by_id: int | None) -> None:
    """Raises Conflict while somebody works in it or a team below it stands."""
    lock_structure()
    if team.kind is TeamKind.COMPANY:
        raise Conflict(_("The company itself stays."))
    if db.session.scalar(select(exists().where(Person.team_id == team.id, Person.is_active))):
        raise Conflict(_("Somebody works in %(team)s. Move them to another team first.", team=team.name))
    if _has_teams_below(team):
        raise Conflict(_("There are teams in %(team)s. Move or archive them first.", team=team.name))
    if team.archived_at is None:
        team.archived_at = clock.now()
        record("team.archived", team, actor_id=by_id)
        changes.announce("people")


@atomic
def restore_team(team: Team, *, by_id: int | None) -> None:
    """Raises Conflict where the team that it was part of is archived."""
    lock_structure()
    parent = db.session.get(Team, team.parent_id) if team.parent_id else None
    if parent is not None and parent.archived_at is not None:
        raise Conflict(_("Restore %(team)s first.", team=parent.name))
    if team.archived_at is not None:
        team.archived_at = None
        record("team.restored", team, actor_id=by_id)
        changes.announce("people")


@atomic
def team_by_path(path: str, *, create: bool = True, by_id: int | None = None) -> Team | None:
    """The team of `Company/West/Team 3`; a bare name is a team right under the company.

    The company may stand first, under its own name or as `Company`. What is missing is made where
    `create`; None otherwise, and for a path of no names.
    """
    names = [" ".join(part.split()) for part in path.split("/")]
    names = [name for name in names if name]
    if not names:
        return None
    team = root()
    if names[0].casefold() in {team.name.casefold(), "company"} and (
        len(names) == 1 or _child(team, names[0]) is None
    ):
        names = names[1:]
    for position, name in enumerate(names):
        child = _child(team, name)
        if child is None and not create:
            return None
        if child is None or child.archived_at is not None:
            lock_structure()
            child = _child(team, name)  # somebody else may have made it meanwhile
        if child is None:
            if team.kind is TeamKind.TEAM:
                team.kind = TeamKind.DEPARTMENT
            last = position == len(names) - 1
            child = create_team(
                name,
                team,
                kind=TeamKind.TEAM if last else TeamKind.DEPARTMENT,
                function=team.function,
                by_id=by_id,
            )
        elif child.archived_at is not None and create:
            child.archived_at = None
            record("team.restored", child, actor_id=by_id)
            changes.announce("people")
        team = child
    return team


def root() -> Team:
    """The company as a team. Raises RuntimeError in a portal without a company."""
    found = db.session.scalars(select(Team).where(Team.kind == TeamKind.COMPANY)).one_or_none()
    if found is None:
        raise RuntimeError("the portal has no company yet")
    return found


def _child(team: Team, name: str) -> Team | None:
    return db.session.scalars(
        select(Team).where(Team.parent_id == team.id, func.lower(Team.name) == func.lower(name))
    ).one_or_none()


def _check_name(name: str, parent: Team, besides: int = 0) -> None:
    if "/" in name:
        raise Invalid(_("A name has no slash: it separates teams in import files."), "name")
    taken = _child(parent, name)
    if taken is not None and taken.id != besides:
        if taken.archived_at is not None:
            raise Invalid(_("An archived team has this name. Restore it, or take another name."), "name")
        raise Invalid(_("%(parent)s already has a team of this name.", parent=parent.name), "name")


def _check_parent(parent: Team) -> None:
    if parent.archived_at is not None:
        raise Invalid(_("%(team)s is archived.", team=parent.name), "parent")
    if parent.kind is TeamKind.TEAM:
        raise Invalid(_("Teams are part of the company or of a department."), "parent")


def _has_teams_below(team: Team, *, archived: bool = False) -> bool:
    below = select(Team.id).where(Team.parent_id == team.id)
    if not archived:
        below = below.where(Team.archived_at.is_(None))
    return db.session.scalar(below.limit(1)) is not None
