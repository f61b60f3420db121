"""Who must take which course: evaluated for everybody at once, in a few statements.

A round is given to whoever a requirement covers and who has none that is open or counts for a while yet.
What no requirement asks for any more is withdrawn, or is the person's own where they have begun.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Select,
    and_,
    any_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.orm import aliased

from app.core import audit, clock, idempotency
from app.core.changes import changes
from app.core.errors import Invalid, NotFound
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Person, Team
from app.sales.models import Product, Sale, SaleCredit
from app.training.models import (
    Assignment,
    AssignmentOrigin,
    Attempt,
    Course,
    LessonRead,
    Requirement,
)
from app.training.telling import tell
from app.training.validity import AHEAD

NEW_ROUND = ("person_id", "course_id", "origin", "requirement_id", "assigned_on", "due_on")
RENEWED = (AssignmentOrigin.MANAGER, AssignmentOrigin.PLAN, AssignmentOrigin.IMPORT)
DUE_DAYS = 30  # of a round that no requirement asks for


@atomic
def make_requirement(
    course: Course,
    *,
    role: Role | None,
    team_id: int | None,
    sells_product_id: int | None,
    sells_months: int = 12,
    due_days: int = 30,
    key: UUID | None = None,
    by_id: int,
) -> int:
    """Those whom it covers have the course at once; returns how many. Raises Invalid with the field."""
    if key is not None and (earlier := idempotency.earlier(key, by_id)) is not None:
        return _covered(earlier.subject_id)
    if course.archived_at is not None:
        raise NotFound
    team = db.session.get(Team, team_id) if team_id else None
    if team_id and (team is None or team.archived_at is not None):
        raise Invalid(_("Choose a team."), "team_id")
    if sells_product_id and db.session.get(Product, sells_product_id) is None:
        raise Invalid(_("Choose a product."), "sells_product_id")
    same = select(Requirement.id).where(
        Requirement.course_id == course.id,
        Requirement.ended_at.is_(None),
        Requirement.role.is_not_distinct_from(role),
        Requirement.team_id.is_not_distinct_from(team_id),
        Requirement.sells_product_id.is_not_distinct_from(sells_product_id),
    )
    if db.session.scalar(same) is not None:
        raise Invalid(_("The course is required of exactly these people already."), "role")
    made = Requirement(
        course_id=course.id,
        role=role,
        team_id=team_id,
        sells_product_id=sells_product_id,
        sells_months=sells_months,
        due_days=due_days,
        created_by_id=by_id,
    )
    db.session.add(made)
    audit.record("training.required", made, actor_id=by_id, course_id=course.id)
    if key is not None:
        idempotency.settle(key, made.id)
    evaluate(course.id)
    return _covered(made.id)


@atomic
def end_requirement(requirement: Requirement, *, by_id: int) -> None:
    """What nobody has begun is withdrawn; what was done stays."""
    if requirement.ended_at is not None:
        return
    requirement.ended_at = clock.now()
    audit.record("training.requirement_ended", requirement, actor_id=by_id, course_id=requirement.course_id)
    evaluate(requirement.course_id)


def _covered(requirement_id: int | None) -> int:
    stmt = select(func.count()).where(
        Assignment.requirement_id == requirement_id,
        Assignment.completed_on.is_(None),
        Assignment.withdrawn_at.is_(None),
    )
    return db.session.scalar(stmt) or 0


@atomic
def evaluate(course_id: int | None = None) -> int:
    """All requirements, or those of one course, as of today; returns how many rounds were given.

    A second time on the same day changes nothing.
    """
    db.session.flush()
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('cumbre training requirements'))"))
    today = clock.today()
    taken = _take_back(today, course_id)
    given = [*_give(_required(today), today, course_id), *_give(_expiring(today), today, course_id)]
    tell("training_assigned", given)
    if given or taken:
        audit.record("training.evaluated", None, actor_id=None, given=len(given), withdrawn=len(taken))
        changes.announce("training", people=sorted({person for person, *_ in given} | set(taken)))
    return len(given)


def covering(today: date) -> Select[int, int, int, int]:
    """person_id, course_id, requirement_id, due_days: whom an active requirement covers, by one each."""
    team, sold = aliased(Team), _sellers(today)
    since = cast(literal(today) - func.make_interval(0, Requirement.sells_months), Date)
    return (
        select(
            Person.id.label("person_id"),
            Requirement.course_id.label("course_id"),
            Requirement.id.label("requirement_id"),
            Requirement.due_days.label("due_days"),
        )
        .select_from(Requirement)
        .join(Course, Course.id == Requirement.course_id)
        .join(Person, _is_here(today))
        .outerjoin(team, team.id == Person.team_id)
        .outerjoin(
            sold,
            and_(sold.c.person_id == Person.id, sold.c.product_id == Requirement.sells_product_id),
        )
        .where(
            Requirement.ended_at.is_(None),
            _can_be_taken(),
            or_(Requirement.role.is_(None), Requirement.role == Person.role),
            or_(Requirement.team_id.is_(None), Requirement.team_id == any_(team.path)),
            or_(Requirement.sells_product_id.is_(None), sold.c.last_on >= since),
        )
        .ext(distinct_on(Person.id, Requirement.course_id))
        .order_by(Person.id, Requirement.course_id, Requirement.due_days, Requirement.id)
    )


def _is_here(today: date) -> Any:
    return and_(Person.is_active, or_(Person.hired_on.is_(None), Person.hired_on <= today))


def _can_be_taken() -> Any:
    return and_(Course.published_at.is_not(None), Course.archived_at.is_(None))


def _sellers(today: date) -> Any:
    """Who had a sale of a product that some requirement names, and when last: open, won or lost."""
    asked = select(Requirement.sells_product_id).where(
        Requirement.ended_at.is_(None), Requirement.sells_product_id.is_not(None)
    )
    day = func.coalesce(Sale.closed_on, Sale.opened_on)
    longest = select(func.max(Requirement.sells_months)).scalar_subquery()
    return (
        select(SaleCredit.person_id, Sale.product_id, func.max(day).label("last_on"))
        .join(Sale, Sale.id == SaleCredit.sale_id)
        .where(
            Sale.product_id.in_(asked),
            Sale.voided_at.is_(None),
            day >= cast(literal(today) - func.make_interval(0, longest), Date),
        )
        .group_by(SaleCredit.person_id, Sale.product_id)
        .cte("sellers")
    )


def _required(today: date) -> Select[Any]:
    wanted = covering(today).subquery("wanted")
    return select(
        wanted.c.person_id,
        wanted.c.course_id,
        literal(AssignmentOrigin.REQUIREMENT.value).label("origin"),
        wanted.c.requirement_id,
        wanted.c.due_days,
    )


def _expiring(today: date) -> Select[Any]:
    """What a manager, a plan or a file asked for is asked for again before it expires, unless taken back."""
    last = (
        select(Assignment.person_id, Assignment.course_id, Assignment.origin, Assignment.withdrawn_at)
        .ext(distinct_on(Assignment.person_id, Assignment.course_id))
        .order_by(Assignment.person_id, Assignment.course_id, Assignment.id.desc())
        .subquery("last")
    )
    return (
        select(
            last.c.person_id,
            last.c.course_id,
            last.c.origin,
            literal(None, Integer).label("requirement_id"),
            literal(DUE_DAYS).label("due_days"),
        )
        .join(Course, Course.id == last.c.course_id)
        .join(Person, and_(Person.id == last.c.person_id, _is_here(today)))
        .where(last.c.origin.in_(RENEWED), last.c.withdrawn_at.is_(None), _can_be_taken())
    )


def _give(wanted_: Select[Any], today: date, course_id: int | None) -> Sequence[tuple[int, int, date | None]]:
    """A round for each who has none that is open or that counts for a while yet."""
    wanted = wanted_.subquery("asked")
    had = (
        select(
            Assignment.person_id,
            Assignment.course_id,
            func.max(Assignment.expires_on).label("expires_on"),
            func.bool_or(
                or_(
                    Assignment.completed_on.is_(None),
                    Assignment.expires_on.is_(None),
                    Assignment.expires_on
                    - func.least(AHEAD, (Assignment.expires_on - Assignment.completed_on) // 4)
                    > today,
                )
            ).label("holds"),
        )
        .where(Assignment.withdrawn_at.is_(None))
        .group_by(Assignment.person_id, Assignment.course_id)
        .subquery("had")
    )
    due = case(  # by the day the last one expires, or from today where that is over
        (had.c.expires_on > today, had.c.expires_on), else_=literal(today) + wanted.c.due_days
    )
    stmt = (
        select(
            wanted.c.person_id,
            wanted.c.course_id,
            wanted.c.origin,
            wanted.c.requirement_id,
            literal(today),
            due,
        )
        .outerjoin(had, and_(had.c.person_id == wanted.c.person_id, had.c.course_id == wanted.c.course_id))
        .where(had.c.holds.is_not(True))
        .order_by(wanted.c.person_id, wanted.c.course_id)
    )
    if course_id is not None:
        stmt = stmt.where(wanted.c.course_id == course_id)
    made = db.session.execute(
        insert(Assignment)
        .from_select(NEW_ROUND, stmt)
        .on_conflict_do_nothing()
        .returning(Assignment.person_id, Assignment.course_id, Assignment.due_on)
    )
    return [(row.person_id, row.course_id, row.due_on) for row in made]


def _take_back(today: date, course_id: int | None) -> list[int]:
    """Whose open rounds changed: nobody asks for them any more, or they have left."""
    is_open = and_(Assignment.completed_on.is_(None), Assignment.withdrawn_at.is_(None))
    if course_id is not None:
        is_open = and_(is_open, Assignment.course_id == course_id)
    over = (
        select(Assignment.id)
        .join(Person, Person.id == Assignment.person_id)
        .join(Course, Course.id == Assignment.course_id)
        .where(is_open, or_(~Person.is_active, Course.archived_at.is_not(None)))
    )
    wanted = covering(today).subquery("wanted")
    is_begun = or_(
        exists().where(LessonRead.assignment_id == Assignment.id),
        exists().where(Attempt.assignment_id == Assignment.id),
    )
    dropped = db.session.execute(
        select(Assignment.id, is_begun)
        .outerjoin(
            wanted,
            and_(wanted.c.person_id == Assignment.person_id, wanted.c.course_id == Assignment.course_id),
        )
        .where(is_open, Assignment.origin == AssignmentOrigin.REQUIREMENT, wanted.c.person_id.is_(None))
    ).all()
    gone = [*db.session.scalars(over), *(key for key, begun in dropped if not begun)]
    kept = {key for key, begun in dropped if begun} - set(gone)
    own = {"origin": AssignmentOrigin.OWN, "due_on": None, "requirement_id": None}
    return [*_change(gone, withdrawn_at=clock.now()), *_change(kept, **own)]


def _change(ids: Iterable[int], **values: Any) -> list[int]:
    """Rounds that are open still; returns whose they are."""
    keys = sorted(set(ids))
    if not keys:
        return []
    changed = db.session.scalars(
        update(Assignment)
        .where(
            Assignment.id == any_(literal(keys, ARRAY(BigInteger))),
            Assignment.completed_on.is_(None),
            Assignment.withdrawn_at.is_(None),
        )
        .values(**values)
        .returning(Assignment.person_id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    return list(changed)
