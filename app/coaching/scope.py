"""Whose coaching a viewer may read and lead: themselves, those they manage now; HR reads everybody's.

The same as the database's policies (migration 0013), so that what is not theirs is not even asked for.
"""

from typing import Any

from sqlalchemy import Select, and_, false, or_, select

from app.coaching import access
from app.core.errors import NotFound
from app.core.permissions import Permission, Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person


def readable_people(viewer: Viewer) -> Select[Any]:
    """Keys of those whose sessions, commitments and shared notes this viewer may read."""
    if viewer.role is Role.ADMIN:
        return select(Person.id).where(false())
    if viewer.role is Role.HR:
        return select(Person.id)
    return select(Person.id).where(or_(Person.id == viewer.person_id, Person.manager_id == viewer.person_id))


def coached_by(viewer: Viewer) -> Select[Any]:
    """Keys of those whom this viewer coaches: their reports of today."""
    if not viewer.can(Permission.COACHING_LEAD):
        return select(Person.id).where(false())
    return select(Person.id).where(Person.manager_id == viewer.person_id, Person.is_active)


def taking_part(viewer: Viewer) -> Select[Any]:
    """Keys of those in whose sessions the viewer has a say: themselves and those whom they coach.

    One condition on people, not two on sessions: `mine or theirs` would read all sessions there are.
    """
    own = Person.id == viewer.person_id
    if not viewer.can(Permission.COACHING_LEAD):
        return select(Person.id).where(own)
    return select(Person.id).where(or_(own, and_(Person.manager_id == viewer.person_id, Person.is_active)))


def person_for(viewer: Viewer, person_id: int) -> Person:
    """Somebody whose coaching the viewer may read. Raises NotFound for all others."""
    return _one(viewer, person_id, readable_people(viewer))


def person_led(viewer: Viewer, person_id: int) -> Person:
    """Somebody whom the viewer coaches now. Raises NotFound for all others."""
    return _one(viewer, person_id, coached_by(viewer))


def leads(viewer: Viewer, person: Person) -> bool:
    return viewer.can(Permission.COACHING_LEAD) and person.manager_id == viewer.person_id and person.is_active


def _one(viewer: Viewer, person_id: int, among: Select[Any]) -> Person:
    access.reading_as(viewer)
    found = db.session.scalars(
        select(Person).where(Person.id == person_id, Person.id.in_(among))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
