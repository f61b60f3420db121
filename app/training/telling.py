"""What people hear of: new courses, completed ones, overdue ones. Many people in few events."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from app.core import events
from app.training.models import Assignment

AT_ONCE = 500  # people an event


def tell(name: str, rounds: Iterable[tuple[int, int, date | None]], **more: object) -> None:
    """`rounds`: person, course, due on. One event for all who hear the same; {people, course_ids, due_on}."""
    by_person: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    for person_id, course_id, due_on in rounds:
        by_person[person_id].append((course_id, due_on))
    same: dict[tuple[tuple[int, ...], str | None], list[int]] = defaultdict(list)
    for person_id, found in sorted(by_person.items()):
        days = [day for _, day in found if day is not None]
        due = min(days).isoformat() if days else None
        same[tuple(sorted(course_id for course_id, _ in found)), due].append(person_id)
    for (course_ids, due), people in same.items():
        for first in range(0, len(people), AT_ONCE):
            some = people[first : first + AT_ONCE]
            events.record(name, people=some, course_ids=list(course_ids), due_on=due, **more)


def tell_completed(round_: Assignment) -> None:
    events.record(
        "course_completed",
        person_id=round_.person_id,
        course_id=round_.course_id,
        assignment_id=round_.id,
    )
