"""What other rooms ask: who needed which course, and who has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, and_, case, cast, func, literal, or_, select

from app.core import clock
from app.extensions import db
from app.training.models import Assignment, AssignmentOrigin, Course


@dataclass(frozen=True, slots=True)
class RequiredProduct:
    """A course about a product that a person had to have on a day. `completed_on` is None where they did not
    have it then: never completed, or expired. `required_since` is `date.min` where only a file says so.
    """

    person_id: int
    product_id: int
    course_id: int
    completed_on: date | None
    required_since: date


def required_products(
    person_ids: Iterable[int] | None = None, on: date | None = None
) -> list[RequiredProduct]:
    """By person, product, course. What somebody took up for themselves is no requirement; but it counts."""
    day = on or clock.today()
    round_ = Assignment
    is_required = round_.origin != AssignmentOrigin.OWN
    since = case(
        (round_.origin == AssignmentOrigin.IMPORT, literal(date.min)),
        else_=func.least(round_.assigned_on, round_.completed_on),
    )
    zone = clock.zone().key
    withdrawn_on = cast(func.timezone(zone, round_.withdrawn_at), Date)
    holds = and_(round_.completed_on <= day, or_(round_.expires_on.is_(None), round_.expires_on > day))
    stmt = (
        select(
            round_.person_id,
            Course.product_id,
            round_.course_id,
            func.max(round_.completed_on).filter(holds),
            func.min(since).filter(is_required),
        )
        .join(Course, Course.id == round_.course_id)
        .where(
            Course.product_id.is_not(None),
            since <= day,
            or_(round_.withdrawn_at.is_(None), withdrawn_on > day),
        )
        .group_by(round_.person_id, Course.product_id, round_.course_id)
        .having(func.bool_or(is_required))
        .order_by(round_.person_id, Course.product_id, round_.course_id)
    )
    if person_ids is not None:
        stmt = stmt.where(round_.person_id.in_(list(person_ids)))
    return [RequiredProduct(*row) for row in db.session.execute(stmt)]


def completed(
    person_id: int, course_ids: Iterable[int], *, since: date | None = None, on: date | None = None
) -> dict[int, date]:
    """Of these courses, those that a person has and that count on a day (today): course -> when completed.

    `since`: only what was completed from that day on, for a step that asks to take a course again.
    """
    day = on or clock.today()
    stmt = (
        select(Assignment.course_id, func.max(Assignment.completed_on))
        .where(
            Assignment.person_id == person_id,
            Assignment.course_id.in_(list(course_ids)),
            Assignment.completed_on <= day,
            or_(Assignment.expires_on.is_(None), Assignment.expires_on > day),
        )
        .group_by(Assignment.course_id)
    )
    if since is not None:
        stmt = stmt.where(Assignment.completed_on >= since)
    return {course_id: found for course_id, found in db.session.execute(stmt) if found is not None}
