"""Reminders: a week before a course is due, the day after, and each week that it stays overdue."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from app.core import clock
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Person
from app.people.operations.access import portal_address
from app.training import letters
from app.training.models import Assignment, Course
from app.training.telling import tell

WEEK = timedelta(days=7)
AT_ONCE = 200  # people a transaction


def remind_all() -> int:
    """Returns how many people were reminded; a second time on the same day nobody is."""
    reminded = 0
    while some := _remind_some(clock.today()):
        reminded += some
    return reminded


def _is_due(today: date) -> ColumnElement[bool]:
    """What `reminded_on` leaves to be said today."""
    told, due = Assignment.reminded_on, Assignment.due_on
    soon = and_(due >= today, due <= today + WEEK, or_(told.is_(None), told < due - WEEK))
    late = and_(due < today, or_(told.is_(None), told <= due, told <= today - WEEK))
    return and_(
        Assignment.completed_on.is_(None),
        Assignment.withdrawn_at.is_(None),
        Assignment.assigned_on < today,  # whoever got it today knows
        or_(soon, late),
    )


@atomic
def _remind_some(today: date) -> int:
    people = (
        select(Assignment.person_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(_is_due(today), Person.is_active)
        .distinct()
        .order_by(Assignment.person_id)
        .limit(AT_ONCE)
    )
    told = db.session.execute(
        update(Assignment)
        .where(Assignment.person_id.in_(people.scalar_subquery()), _is_due(today))
        .values(reminded_on=today)
        .returning(Assignment.person_id, Assignment.course_id, Assignment.due_on)
        .execution_options(synchronize_session=False)
    ).all()
    rounds = [(row.person_id, row.course_id, row.due_on) for row in told if row.due_on is not None]
    tell("training_due", [one for one in rounds if one[2] >= today])
    tell("training_overdue", [one for one in rounds if one[2] < today])
    _mail(rounds, today)
    return len({person_id for person_id, *_rest in rounds})


def _mail(rounds: Sequence[tuple[int, int, date]], today: date) -> None:
    """To those who can sign in: nobody is sent to a closed door."""
    called = select(Course.id, Course.title).where(Course.id.in_({course_id for _, course_id, _ in rounds}))
    titles: dict[int, str] = {row.id: row.title for row in db.session.execute(called)}
    people = {
        person.id: person
        for person in db.session.scalars(
            select(Person).where(
                Person.id.in_({person_id for person_id, *_rest in rounds}),
                Person.email.is_not(None),
                Person.password_hash.is_not(None),
            )
        )
    }
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for person_id, course_id, due_on in sorted(rounds, key=lambda one: (one[2], titles[one[1]])):
        found[person_id].append((titles[course_id], due_on))
    address = portal_address()
    for person_id, courses in found.items():
        if person_id in people:
            letters.send_reminder(people[person_id], courses, today, address)
