"""One sale: its credits, its activities, its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.core import clock
from app.extensions import db
from app.people.models import Person, Team
from app.sales.models import Activity, Sale, SaleCredit
from app.sales.steps import Facts, Rule, Station, way


@dataclass(frozen=True, slots=True)
class CreditRow:
    person_id: int
    name: str
    team: str | None
    share: int
    value: int | None


def credits_of(sale: Sale) -> list[CreditRow]:
    rows = db.session.execute(
        select(SaleCredit.person_id, Person.name, Team.name, SaleCredit.share, SaleCredit.value)
        .join(Person, Person.id == SaleCredit.person_id)
        .outerjoin(Team, Team.id == SaleCredit.team_id)
        .where(SaleCredit.sale_id == sale.id)
        .order_by(SaleCredit.share.desc(), SaleCredit.person_id)
    )
    return [CreditRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ActivityRow:
    id: int
    kind: str
    on: date
    note: str | None
    person_id: int
    person: str


def activities_of(sale: Sale) -> Sequence[ActivityRow]:
    rows = db.session.execute(
        select(
            Activity.id, Activity.kind, Activity.happened_on, Activity.note, Activity.person_id, Person.name
        )
        .join(Person, Person.id == Activity.person_id)
        .where(Activity.sale_id == sale.id, Activity.voided_at.is_(None))
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
    )
    return [ActivityRow(*row) for row in rows]


def facts_of(sale: Sale) -> Facts:
    return Facts(
        stage=sale.stage.value,
        opened_on=sale.opened_on,
        closed_on=sale.closed_on,
        promised_on=sale.promised_on,
        delivered_on=sale.delivered_on,
        followed_up_on=sale.followed_up_on,
        cancelled_on=sale.cancelled_on,
        is_void=sale.voided_at is not None,
    )


@dataclass(frozen=True, slots=True)
class StationRow:
    station: Station
    who: str | None  # the person who answers for it
    team: str | None


def stations_of(sale: Sale, rules: Mapping[str, Rule]) -> list[StationRow]:
    """The sale's way, each station with who answers for it; `sale.rep` is loaded."""
    stations = way(facts_of(sale), rules)
    lead = aliased(Person)
    teams = {
        team_id: (who, name)
        for team_id, name, who in db.session.execute(
            select(Team.id, Team.name, lead.name)
            .outerjoin(lead, lead.id == Team.lead_id)
            .where(Team.id.in_([s.team_id for s in stations if s.team_id]))
        )
    }
    found = []
    for station in stations:
        who, team = teams.get(station.team_id, (None, None)) if station.team_id else (sale.rep.name, None)
        found.append(StationRow(station, who, team))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """What a sale's page works out from what it says. Discount as a share; days as whole numbers."""

    list_total: int | None
    discount: Decimal | None
    days_to_decision: int | None
    delivery_days_late: int | None  # negative: early


def figures_of(sale: Sale) -> Figures:
    list_total = sale.list_price * sale.quantity if sale.list_price is not None else None
    discount = None
    if list_total and sale.amount is not None and sale.amount < list_total:
        discount = 1 - Decimal(sale.amount) / Decimal(list_total)
    took = (sale.closed_on - sale.opened_on).days if sale.closed_on and sale.opened_on else None
    late = (sale.delivered_on - sale.promised_on).days if sale.delivered_on and sale.promised_on else None
    return Figures(list_total, discount, took, late)


def suggested_day(sale: Sale, step: str | None, rules: Mapping[str, Rule]) -> date:
    """What the form proposes: today, and for a promise as many days after it as a delivery may take."""
    rule = rules.get("deliver")
    days = rule.days if step == "promise" and rule is not None else 0
    return clock.today() + timedelta(days=days)
