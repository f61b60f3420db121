"""Rows for tests: each maker fills in what a test does not care about."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.people.models import Company, Membership, Person, ReportingLine, Team, TeamKind

_number = itertools.count(1)


def make_company(**values: Any) -> Company:
    found = db.session.get(Company, 1)
    if found is None:
        defaults = {
            "id": 1,
            "name": "Andina",
            "currency": "USD",
            "country": "US",
            "timezone": "UTC",
            "locale": "en_US",
        }
        found = Company(**defaults)
        db.session.add(found)
    for name, value in values.items():
        setattr(found, name, value)
    db.session.commit()
    return found


def the_root() -> Team:
    root = db.session.scalars(select(Team).where(Team.kind == TeamKind.COMPANY)).one_or_none()
    if root is None:
        make_company()
        root = Team(name="Andina", kind=TeamKind.COMPANY)
        db.session.add(root)
        db.session.flush()
        root.path = [root.id]
        db.session.commit()
    return root


def make_team(name: str | None = None, parent: Team | None = None, **values: Any) -> Team:
    parent = parent or the_root()
    values.setdefault("kind", TeamKind.TEAM)
    team = Team(name=name or f"Team {next(_number)}", parent_id=parent.id, **values)
    db.session.add(team)
    db.session.flush()
    team.path = [*parent.path, team.id]
    db.session.commit()
    return team


def make_person(
    name: str | None = None,
    role: Role = Role.REP,
    team: Team | None = None,
    manager: Person | None = None,
    hired_on: date = date(2024, 1, 1),
    **values: Any,
) -> Person:
    number = next(_number)
    name = name or f"Person {number}"
    values.setdefault("email", f"{name.split()[0].lower()}.{number}@andina.example")
    person = Person(
        name=name,
        role=role,
        team_id=team.id if team else None,
        manager_id=manager.id if manager else None,
        hired_on=hired_on,
        **values,
    )
    db.session.add(person)
    db.session.flush()
    if team:
        db.session.add(Membership(person_id=person.id, team_id=team.id, starts_on=hired_on))
    if manager:
        db.session.add(ReportingLine(person_id=person.id, manager_id=manager.id, starts_on=hired_on))
    db.session.commit()
    return person


def today() -> date:
    return clock.today()
