"""Take back an import of people: those it made go, unless something speaks of them; others are as before."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, delete, literal_column, select

from app.core import clock
from app.extensions import db
from app.imports import changes
from app.imports.kinds import Undone
from app.imports.models import ImportedChange
from app.imports.references import is_referred_to
from app.people import operations
from app.people.models import Membership, Person, ReportingLine, Team

THEIR_OWN = ("memberships.person_id", "reporting_lines.person_id")
AS_MANAGER = ("reporting_lines.manager_id", "people.manager_id", "teams.lead_id")


def undo(import_id: int, actor_id: int | None) -> Undone:
    undone = Undone()

    def put(person: Person, before: dict[str, Any]) -> None:
        _put(person, before, actor_id)

    changes.restore(import_id, Person, lambda person: person.name, put, undone)
    db.session.flush()
    made = set(db.session.scalars(select(Person.id).where(Person.import_id == import_id)))
    in_use = literal_column(is_referred_to("people", "people.id", (*THEIR_OWN, *AS_MANAGER)), Boolean)
    kept = set(db.session.scalars(select(Person.id).where(Person.id.in_(made), in_use)))
    new_teams = set(
        db.session.scalars(
            select(ImportedChange.subject_id).where(
                ImportedChange.import_id == import_id, ImportedChange.subject_type == "teams"
            )
        )
    )
    while more := _managers_of_those_who_stay(made - kept, new_teams):  # they stay as well
        kept |= more
    gone = made - kept
    db.session.execute(Team.__table__.update().where(Team.lead_id.in_(gone)).values(lead_id=None))
    for table, column in ((ReportingLine, ReportingLine.person_id), (Membership, Membership.person_id)):
        db.session.execute(delete(table).where(column.in_(gone)))
    db.session.execute(Person.__table__.update().where(Person.id.in_(gone)).values(manager_id=None))
    db.session.execute(
        delete(Person).where(Person.id.in_(gone)).execution_options(synchronize_session="fetch")
    )
    undone.removed = len(gone)
    names = db.session.execute(select(Person.name).where(Person.id.in_(kept)).order_by(Person.name))
    undone.kept += [(name, "in_use") for (name,) in names]
    _remove_teams(import_id)
    return undone


def _put(person: Person, before: dict[str, Any], actor_id: int | None) -> None:
    today = clock.today()
    for name, value in before.items():
        if name == "team_id" and value is not None:
            operations.place(person, db.session.get_one(Team, value), today, by_id=actor_id)
        elif name == "manager_id":
            manager = db.session.get(Person, value) if value is not None else None
            operations.set_manager(person, manager, today, by_id=actor_id)
        elif name == "left_on":
            if value is None and person.team_id is not None:
                team = db.session.get_one(Team, person.team_id)
                assert person.left_on is not None
                operations.bring_back(person, max(today, _day_after(person)), team, by_id=actor_id)
        else:
            setattr(person, name, date.fromisoformat(value) if name == "hired_on" and value else value)


def _day_after(person: Person) -> Any:
    assert person.left_on is not None
    return person.left_on + timedelta(days=1)


def _managers_of_those_who_stay(going: set[int], new_teams: set[int]) -> set[int]:
    if not going:
        return set()
    stay = select(ReportingLine.manager_id).where(
        ReportingLine.manager_id.in_(going), ReportingLine.person_id.not_in(going)
    )
    now = select(Person.manager_id).where(Person.manager_id.in_(going), Person.id.not_in(going))
    return {key for key in (*db.session.scalars(stay), *db.session.scalars(now)) if key is not None}


def _remove_teams(import_id: int) -> None:
    """Teams that the import made and nobody uses, those below first."""
    db.session.flush()
    in_use = literal_column(is_referred_to("teams", "teams.id", ()), Boolean)
    made = select(ImportedChange.subject_id).where(
        ImportedChange.import_id == import_id, ImportedChange.subject_type == "teams"
    )
    while db.session.scalars(
        delete(Team)
        .where(Team.id.in_(made), ~in_use)
        .returning(Team.id)
        .execution_options(synchronize_session="fetch")
    ).all():
        pass
