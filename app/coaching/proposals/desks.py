"""A desk for many plans: rules, courses, names and what else they are drawn from, in few queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.coaching.models import StepChoice, StepTemplate
from app.coaching.plans.standing import product_names
from app.coaching.proposals.choosing import COURSE, Rule
from app.coaching.proposals.drawing import Desk
from app.coaching.proposals.evidence import Missed
from app.core import clock
from app.extensions import db
from app.goals.models import Period
from app.metrics.queries import metrics
from app.people.models import Person
from app.training.models import Assignment, Course
from app.training.queries import RequiredProduct, required_products


def desk(missed: Sequence[Missed]) -> Desk:
    """Everything that these plans need, in few queries."""
    people = {one.person_id for one in missed}
    products = {found.product for one in missed for found in one.findings} - {None}
    choices = db.session.scalars(
        select(StepChoice)
        .join(StepChoice.template)
        .where(StepChoice.is_active, StepTemplate.archived_at.is_(None))
        .options(joinedload(StepChoice.template))
    ).all()
    persons = {row.id: row for row in db.session.execute(select(Person.id, Person.name, Person.team_id))}
    courses = {
        course.id: course
        for course in db.session.scalars(
            select(Course).where(Course.published_at.is_not(None), Course.archived_at.is_(None))
        )
    }
    needs_courses = any(choice.template.kind == COURSE for choice in choices)
    due = _due_courses(people, courses) if needs_courses else []
    products |= {row.product_id for row in due}
    return Desk(
        rules=[_rule(choice) for choice in choices],
        templates={choice.template_id: choice.template for choice in choices},
        choices={choice.id: choice for choice in choices},
        metrics={metric.id: metric for metric in metrics(with_hidden=True)},
        products=product_names(products),
        periods={
            period.id: period
            for period in db.session.scalars(
                select(Period).where(Period.id.in_({one.period_id for one in missed}))
            )
        },
        teams={key: row.team_id for key, row in persons.items()},
        names={key: row.name for key, row in persons.items()},
        courses=courses,
        offered={(row.person_id, row.product_id): row.course_id for row in due},
        lacked=_lacked(due),
        open_to_all={
            course.product_id: course.id
            for course in sorted(courses.values(), key=lambda one: -one.id)
            if course.product_id is not None
        },
        has=_has(people) if needs_courses else set(),
        tried={},
    )


def _rule(choice: StepChoice) -> Rule:
    return Rule(
        id=choice.id,
        position=choice.position,
        cause=choice.cause,
        aspect=choice.aspect,
        least_share=choice.least_share,
        template=choice.template_id,
        kind=choice.template.kind.value,
        days=choice.template.days,
    )


def _due_courses(people: Collection[int], courses: Mapping[int, Course]) -> list[RequiredProduct]:
    """Required and not done: that course, rather than another about the product."""
    return [row for row in required_products(people) if row.completed_on is None and row.course_id in courses]


def _lacked(due: Iterable[RequiredProduct]) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, dict[int, date]] = {}
    for row in due:
        of_person = found.setdefault(row.person_id, {})
        of_person[row.product_id] = min(row.required_since, of_person.get(row.product_id, date.max))
    return {
        person_id: sorted((since, product) for product, since in products.items())
        for person_id, products in found.items()
    }


def _has(people: Collection[int]) -> set[tuple[int, int]]:
    today = clock.today()
    rows = db.session.execute(
        select(Assignment.person_id, Assignment.course_id).where(
            Assignment.person_id.in_(people),
            Assignment.completed_on.is_not(None),
            or_(Assignment.expires_on.is_(None), Assignment.expires_on > today),
        )
    )
    return {(person_id, course_id) for person_id, course_id in rows}
