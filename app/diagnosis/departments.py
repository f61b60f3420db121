"""Which department answers for a cause, and who in it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.permissions import Permission, Role, allows
from app.diagnosis.findings import Cause
from app.extensions import db
from app.people.models import Function, Person, Team

# In order: the next where the company has no such department.
ANSWERS: dict[Cause, tuple[Function, ...]] = {
    Cause.PRODUCT: (Function.PRODUCTION,),
    Cause.PRICE: (Function.PRICING,),
    Cause.DELIVERY: (Function.LOGISTICS, Function.PRODUCTION),
    Cause.SERVICE: (Function.CUSTOMER_SERVICE,),
    Cause.MARKETING: (Function.MARKETING,),
    Cause.TRAINING: (Function.HR,),
}


@dataclass(frozen=True, slots=True)
class Answerer:
    """A department and its lead; nobody in a company that has neither it nor an executive."""

    team_id: int | None = None
    owner_id: int | None = None


def answerers() -> dict[Cause, Answerer]:
    """Of every cause. A department without a lead who may answer leaves it to the executive."""
    teams = db.session.execute(
        select(Team.id, Team.function, Person)
        .outerjoin(Person, Person.id == Team.lead_id)
        .where(Team.archived_at.is_(None), Team.function != Function.SALES)
        .order_by(func.cardinality(Team.path), Team.id)
    ).all()
    executive = executive_id()
    found = {}
    for cause, functions in ANSWERS.items():
        fitting = [(key, lead) for function in functions for key, of, lead in teams if of is function]
        led = [Answerer(key, lead.id) for key, lead in fitting if _leads(lead)]
        left = [Answerer(key, executive) for key, _lead in fitting]
        found[cause] = [*led, *left, Answerer(None, executive)][0]
    return found


def executive_id() -> int | None:
    """Who leads the company, else the executive who is there longest."""
    lead = db.session.scalars(
        select(Person).join(Team, Team.lead_id == Person.id).where(Team.parent_id.is_(None)).limit(1)
    ).one_or_none()
    if _leads(lead) and lead is not None and lead.role == Role.EXECUTIVE:
        return lead.id
    return db.session.scalar(
        select(Person.id).where(Person.role == Role.EXECUTIVE, Person.is_active).order_by(Person.id).limit(1)
    )


def _leads(person: Person | None) -> bool:
    return person is not None and person.is_active and allows(person.role, Permission.REVIEWS_ANSWER)
