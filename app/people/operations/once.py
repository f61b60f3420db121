"""What one form asks for, in one transaction."""

from datetime import date
from uuid import UUID

from app.core import idempotency
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Function, Person, Team, TeamKind
from app.people.operations.access import invite
from app.people.operations.persons import NewPerson, create_person
from app.people.operations.placing import place, set_manager
from app.people.operations.teams import create_team


@atomic
def create_person_once(new: NewPerson, *, key: UUID, by_id: int, invite_from: str | None) -> Person:
    """The same form twice makes one person. With an address, they are invited to come there."""
    earlier = idempotency.earlier(key, by_id)
    if earlier is not None and earlier.subject_id is not None:
        return db.session.get_one(Person, earlier.subject_id)
    person = create_person(new, by_id=by_id)
    idempotency.settle(key, person.id)
    if invite_from:
        invite([person], by_id=by_id, address=invite_from)
    return person


@atomic
def place_and_report(
    person: Person, team: Team | None, manager: Person | None, on: date, *, by_id: int
) -> None:
    """Team and manager from the same day on. Without a team the person stays where they are."""
    if team is not None:
        place(person, team, on, by_id=by_id)
    set_manager(person, manager, on, by_id=by_id)


@atomic
def create_team_once(
    name: str,
    parent: Team,
    *,
    kind: TeamKind,
    function: Function,
    lead: Person | None,
    key: UUID,
    by_id: int,
) -> Team:
    earlier = idempotency.earlier(key, by_id)
    if earlier is not None and earlier.subject_id is not None:
        return db.session.get_one(Team, earlier.subject_id)
    team = create_team(name, parent, kind=kind, function=function, lead=lead, by_id=by_id)
    idempotency.settle(key, team.id)
    return team
