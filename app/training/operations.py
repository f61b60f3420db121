"""Rounds: given, taken up, taken back."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Date, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core import audit, clock, idempotency
from app.core.changes import changes
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Person
from app.training.models import Assignment, AssignmentOrigin, Course
from app.training.telling import tell

# What one who may assign also takes back; a requirement is ended instead, and a plan changed.
WITHDRAWABLE = frozenset({AssignmentOrigin.MANAGER, AssignmentOrigin.IMPORT})


def open_round(person_id: int, course_id: int) -> Assignment | None:
    """Locked: whoever changes it waits for whoever else does."""
    return db.session.scalars(
        select(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.course_id == course_id,
            Assignment.completed_on.is_(None),
            Assignment.withdrawn_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()


@atomic
def assign(
    person_id: int,
    course_id: int,
    *,
    by_id: int | None,
    origin: AssignmentOrigin = AssignmentOrigin.MANAGER,
    due_on: date | None = None,
) -> Assignment:
    """A round for somebody, or the one that is open already: due on the earlier of the two days then.

    Raises NotFound for a course that nobody can take and for somebody who has left.
    """
    course = db.session.get(Course, course_id)
    # The person's row makes two rounds at a time take turns.
    person = db.session.get(Person, person_id, with_for_update={"key_share": True})
    if course is None or person is None or not person.is_active:
        raise NotFound
    if course.published_at is None or course.archived_at is not None:
        raise NotFound
    if due_on is not None and due_on < clock.today():
        raise Invalid(_("Choose a day from today on."), "due_on")
    found = open_round(person_id, course_id)
    if found is not None:
        _hasten(found, origin, due_on, by_id)
        return found
    made = Assignment(
        person_id=person_id,
        course_id=course_id,
        origin=origin,
        assigned_on=clock.today(),
        due_on=due_on,
        created_by_id=by_id,
    )
    db.session.add(made)
    audit.record("training.assigned", made, actor_id=by_id, person_id=person_id, course_id=course_id)
    if by_id != person_id:
        tell("training_assigned", [(person_id, course_id, due_on)], author_id=by_id)
    changes.announce("training", people=[person_id])
    return made


def _hasten(found: Assignment, origin: AssignmentOrigin, due_on: date | None, by_id: int | None) -> None:
    """What somebody took up for themselves, and what has no day yet, becomes what is asked of them now."""
    before = (found.origin, found.due_on)
    if found.origin is AssignmentOrigin.OWN and origin is not AssignmentOrigin.OWN:
        found.origin, found.created_by_id = origin, by_id
    if due_on is not None and (found.due_on is None or due_on < found.due_on):
        found.due_on = due_on
    if (found.origin, found.due_on) == before:
        return
    audit.record(
        "training.hastened", found, actor_id=by_id, due_on=found.due_on.isoformat() if found.due_on else None
    )
    if by_id != found.person_id:
        tell("training_assigned", [(found.person_id, found.course_id, found.due_on)], author_id=by_id)
    changes.announce("training", people=[found.person_id])


@atomic
def assign_many(
    person_ids: Iterable[int],
    course_id: int,
    *,
    by_id: int,
    due_on: date | None = None,
    key: UUID | None = None,
) -> int:
    """The same for many; returns how many have something to do now that they had not."""
    if key is not None and idempotency.earlier(key, by_id) is not None:
        return 0
    wanted, today = sorted(set(person_ids)), clock.today()
    course = db.session.get(Course, course_id)
    if course is None or course.published_at is None or course.archived_at is not None:
        raise NotFound
    if due_on is not None and due_on < today:
        raise Invalid(_("Choose a day from today on."), "due_on")
    chosen = select(
        Person.id,
        literal(course_id),
        literal(AssignmentOrigin.MANAGER.value),
        literal(today),
        literal(due_on, Date),
        literal(by_id),
    ).where(Person.id.in_(wanted), Person.is_active)
    made = db.session.execute(
        insert(Assignment)
        .from_select(("person_id", "course_id", "origin", "assigned_on", "due_on", "created_by_id"), chosen)
        .on_conflict_do_nothing()
        .returning(Assignment.person_id)
    )
    new = list(made.scalars())
    asked = update(Assignment).where(
        Assignment.person_id.in_(wanted),
        Assignment.person_id.not_in(new),
        Assignment.course_id == course_id,
        Assignment.origin == AssignmentOrigin.OWN,
        Assignment.completed_on.is_(None),
        Assignment.withdrawn_at.is_(None),
    )
    hastened = db.session.scalars(
        asked.values(origin=AssignmentOrigin.MANAGER, due_on=due_on, created_by_id=by_id)
        .returning(Assignment.person_id)
        .execution_options(synchronize_session=False)
    ).all()
    people = [*new, *hastened]
    if people:
        audit.record(
            "training.assigned",
            course,
            actor_id=by_id,
            people=sorted(people),
            due_on=due_on.isoformat() if due_on else None,
        )
        tell("training_assigned", [(person, course_id, due_on) for person in people], author_id=by_id)
        changes.announce("training", people=sorted(people))
    return len(people)


def take_up(person_id: int, course_id: int) -> Assignment:
    """Of one's own accord; a course that is under way goes on."""
    return assign(person_id, course_id, by_id=person_id, origin=AssignmentOrigin.OWN)


@atomic
def withdraw(round_: Assignment, *, by_id: int | None) -> None:
    """What was done in it stays. Raises Conflict for one that is completed."""
    db.session.refresh(round_, with_for_update=True)
    if round_.withdrawn_at is not None:
        return
    if round_.completed_on is not None:
        raise Conflict(_("This course has been completed in the meantime."))
    round_.withdrawn_at = clock.now()
    audit.record("training.withdrawn", round_, actor_id=by_id, person_id=round_.person_id)
    changes.announce("training", people=[round_.person_id])


@atomic
def restore(round_: Assignment, *, by_id: int | None) -> None:
    """Undo a withdrawal, unless there is another round by now."""
    db.session.get(Person, round_.person_id, with_for_update={"key_share": True})
    db.session.refresh(round_, with_for_update=True)
    if round_.withdrawn_at is None or open_round(round_.person_id, round_.course_id) is not None:
        return
    round_.withdrawn_at = None
    audit.record("training.restored", round_, actor_id=by_id, person_id=round_.person_id)
    changes.announce("training", people=[round_.person_id])
