"""Which department answers for a cause, and who in it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

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
    teams = db.session.scalars(
        select(Team)
        .where(Team.archived_at.is_(None), Team.function != Function.SALES)
        .options(joinedload(Team.lead))
        .order_by(func.cardinality(Team.path), Team.id)
    ).all()
    executive = executive_id()
    found = {}
    for cause, functions in ANSWERS.items():
        fitting = [team for function in functions for team in teams if team.function is function]
        team = next((team for team in fitting if _leads(team.lead)), fitting[0] if fitting else None)
        lead = team.lead if team is not None and _leads(team.lead) else None
        found[cause] = Answerer(team.id if team else None, lead.id if lead else executive)
    return found


def executive_id() -> int | None:
    """Who leads the company, else the executive who is there longest."""
    lead = db.session.scalars(
        select(Person).join(Team, Team.lead_id == Person.id).where(Team.parent_id.is_(None)).limit(1)
    ).one_or_none()
    if _leads(lead) and lead is not None and lead.role is Role.EXECUTIVE:
        return lead.id
    return db.session.scalar(
        select(Person.id).where(Person.role == Role.EXECUTIVE, Person.is_active).order_by(Person.id).limit(1)
    )


def _leads(person: Person | None) -> bool:
    return person is not None and person.is_active and allows(person.role, Permission.REVIEWS_ANSWER)
