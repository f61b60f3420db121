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


class Strengths:
    """How everybody did at one thing in a period: asked once, answered for any number of people."""

    def __init__(self, product_id: int | None, aspect: str, period: Period) -> None:
        rows = _rows(product_id, aspect, period)
        self._is_number = aspect in _NUMBERS
        self._mean = sum(row[4] for row in rows) / (sum(row[5] for row in rows) or 1.0)
        self._usual = sum(row[6] for row in rows) / (len(rows) or 1)
        self._figures = {row[0]: self._figure(row) for row in rows}
        least = self._usual if self._is_number else self._mean
        enough = [row for row in rows if row[3] and row[6] >= ENOUGH and self._figures[row[0]] > least]
        enough.sort(key=lambda row: (-self._figures[row[0]], row[0]))
        self._strong = enough

    def peers_of(self, person_id: int, team_id: int | None, limit: int = 3) -> Sequence[Peer]:
        own = self._figures.get(person_id)
        best: list[Peer] = []
        for row in self._strong:
            if len(best) == 3 * limit or self._figures[row[0]] <= (own or 0.0):
                break
            if row[0] != person_id:
                is_in_team = team_id is not None and row[2] == team_id
                best.append(Peer(row[0], row[1], self._figures[row[0]], own, int(row[6]), is_in_team))
        best.sort(key=lambda peer: (not peer.is_in_team, -peer.figure, peer.person_id))
        return best[:limit]

    def _figure(self, row: Any) -> float:
        if self._is_number:
            return float(row[6])
        weight = row[5] / row[6]  # what one case weighs: 1, or money at list price
        among = row[5] + PRIOR * weight
        return float((row[4] + PRIOR * weight * self._mean) / among) if among else 0.0


def strong_peers(
    person_id: int, product_id: int | None, aspect: str, period: Period, limit: int = 3
) -> Sequence[Peer]:
    """Active colleagues who did clearly better in a period at `aspect` (a `findings.Why`), of one's own
    team first. Ratios are drawn towards the mean by `PRIOR` cases, so that few lucky ones are no strength.
    """
    own_team = db.session.scalar(select(Person.team_id).where(Person.id == person_id))
    return Strengths(product_id, aspect, period).peers_of(person_id, own_team, limit)


def _rows(product_id: int | None, aspect: str, period: Period) -> list[Any]:
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
    return [row for row in db.session.execute(stmt) if row[6]]
