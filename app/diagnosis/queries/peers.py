"""Who is strong exactly there: whom to watch, when somebody wants to learn it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, case, cast, func, select

from app.diagnosis.findings import Why
from app.extensions import db
from app.goals.models import Period
from app.people.models import Person
from app.sales.models import Sale, SaleCredit, Stage

ENOUGH = 8  # cases, below which a figure says little
PRIOR = 10  # cases of the company's mean that are added to everybody's: few cases count for little


@dataclass(frozen=True, slots=True)
class Peer:
    """`figure` is a share (of what was decided or won), money in minor units, or a number."""

    person_id: int
    name: str
    figure: float
    own: float | None  # the asking person's
    cases: int
    is_in_team: bool


_won = Sale.stage == Stage.WON
_kept = Sale.stage.in_([Stage.WON]) & Sale.cancelled_on.is_(None)
# What is counted, among what; sums over credits in the period.
_FIGURES: dict[str, tuple[Any, Any]] = {
    Why.WIN_RATE: (case((_won, 1.0), else_=0.0), 1.0),
    Why.LEAD_QUALITY: (case((_won, 1.0), else_=0.0), 1.0),
    Why.CANCELLATIONS: (case((_kept, 1.0), else_=0.0), case((_won, 1.0), else_=0.0)),
    Why.DEAL_VALUE: (case((_won, cast(SaleCredit.value, Float)), else_=0.0), case((_won, 1.0), else_=0.0)),
    Why.DISCOUNTS: (
        case((_won & Sale.list_price.is_not(None), cast(Sale.amount, Float)), else_=0.0),
        case((_won, cast(Sale.list_price, Float) * Sale.quantity), else_=0.0),
    ),
}
_NUMBERS = {Why.LEADS, Why.ACTIVITY}  # how many were decided: no ratio


def strong_peers(
    person_id: int, product_id: int | None, aspect: str, period: Period, limit: int = 3
) -> Sequence[Peer]:
    """Active colleagues who did clearly better in a period at `aspect` (a `findings.Why`), of one's own
    team first. Ratios are drawn towards the mean by `PRIOR` cases, so that few lucky ones are no strength.
    """
    over, among = _FIGURES.get(aspect, _FIGURES[Why.WIN_RATE])
    counted = func.sum(case((_won, 1), else_=0) if aspect in {Why.DEAL_VALUE, Why.CANCELLATIONS} else 1)
    stmt = (
        select(
            SaleCredit.person_id,
            Person.name,
            Person.team_id,
            Person.is_active,
            func.coalesce(func.sum(over), 0.0),
            func.coalesce(func.sum(among), 0.0),
            counted,
        )
        .join(Sale, Sale.id == SaleCredit.sale_id)
        .join(Person, Person.id == SaleCredit.person_id)
        .where(Sale.voided_at.is_(None), Sale.closed_on.between(period.starts_on, period.ends_on))
        .group_by(SaleCredit.person_id, Person.name, Person.team_id, Person.is_active)
    )
    if product_id is not None:
        stmt = stmt.where(Sale.product_id == product_id)
    rows = [row for row in db.session.execute(stmt) if row[6]]
    if not rows:
        return []
    own_team = db.session.scalar(select(Person.team_id).where(Person.id == person_id))
    is_number = aspect in _NUMBERS
    mean = sum(row[4] for row in rows) / (sum(row[5] for row in rows) or 1.0)
    usual = sum(row[6] for row in rows) / len(rows)

    def figure(row: Any) -> float:
        if is_number:
            return float(row[6])
        weight = row[5] / row[6]  # what one case weighs: 1, or money at list price
        return float((row[4] + PRIOR * weight * mean) / (row[5] + PRIOR * weight))

    own = next((figure(row) for row in rows if row[0] == person_id), None)
    least = max(usual if is_number else mean, own or 0.0)
    found = [
        Peer(row[0], row[1], figure(row), own, int(row[6]), own_team is not None and row[2] == own_team)
        for row in rows
        if row[0] != person_id and row[3] and row[6] >= ENOUGH and figure(row) > least
    ]
    found.sort(key=lambda peer: (not peer.is_in_team, -peer.figure, peer.person_id))
    best = sorted(found, key=lambda peer: (-peer.figure, peer.person_id))[: 3 * limit]
    return [peer for peer in found if peer in best][:limit]
