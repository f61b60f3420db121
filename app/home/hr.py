"""HR's home: who comes, who goes, who has nobody to turn to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.people.models import DayOff, Person

AROUND = timedelta(days=60)
SHOWN = 8


@dataclass(frozen=True, slots=True)
class People:
    active: int
    joined: Sequence[Person]
    left: Sequence[Person]
    unmanaged: Sequence[Person]
    away: Sequence[tuple[Person, DayOff]]


def people() -> People:
    today = clock.today()
    since = today - AROUND
    manager = aliased(Person)
    joined = select(Person).where(Person.hired_on.between(since, today), Person.is_active)
    left = select(Person).where(Person.left_on.between(since, today + AROUND))
    unmanaged = (
        select(Person)
        .outerjoin(manager, manager.id == Person.manager_id)
        .where(
            Person.is_active,
            Person.role == Role.REP,
            or_(Person.manager_id.is_(None), manager.is_active.is_(False)),
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    away = (
        select(Person, DayOff)
        .join(DayOff, DayOff.person_id == Person.id)
        .where(DayOff.ends_on >= today, DayOff.starts_on <= today + AROUND, Person.is_active)
        .order_by(DayOff.starts_on, Person.id)
    )
    return People(
        active=db.session.scalar(select(func.count()).select_from(Person).where(Person.is_active)) or 0,
        joined=db.session.scalars(joined.order_by(Person.hired_on.desc(), Person.id).limit(SHOWN)).all(),
        left=db.session.scalars(left.order_by(Person.left_on.desc(), Person.id).limit(SHOWN)).all(),
        unmanaged=db.session.scalars(unmanaged.limit(SHOWN)).all(),
        away=[(person, off) for person, off in db.session.execute(away.limit(SHOWN))],
    )
