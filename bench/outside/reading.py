"""From the rows of a simulated export to what a diagnosis reads.

Simpler than an import: a shared sale counts wholly for the rep it names, and nobody's absence is known.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from app.diagnosis.records import Company, Goal, Person, Reason, Sales, Span, Stage, Trainings
from bench.companies import RULES, Simulated

SPANS = (
    Span(date(2026, 1, 1), date(2026, 3, 31)),
    Span(date(2026, 4, 1), date(2026, 6, 30)),
    Span(date(2026, 7, 1), date(2026, 9, 30)),
)
NOW = SPANS[-1]


def read(rows: dict[str, Any], cause: str) -> Simulated:
    reps = [row for row in rows["people"] if row["role"] == "rep"]
    number = {row["email"]: place for place, row in enumerate(reps, 1)}
    product = {row["code"]: place for place, row in enumerate(rows["products"], 1)}
    sales = _sales(rows, number, product)
    required = rows["training"]
    trainings = Trainings(
        np.array([number[row["rep"]] for row in required], np.int64),
        np.array([product[row["product"]] for row in required], np.int64),
        np.array([_day(row["completed_on"]) for row in required], np.int64),
        np.zeros(len(required), np.int64),
    )
    known = date.fromordinal(int(max(sales.opened.max(), sales.closed.max())))
    company = Company(
        now=NOW,
        before=SPANS[:-1],
        as_of=max(NOW.last, known),
        people=_people(reps),
        sales=sales,
        trainings=trainings,
    )
    goals = _missed(rows, number, sales)
    missed = np.isin(np.arange(1, len(reps) + 1), [goal.id for goal in goals])
    cost = np.array([rows["touched"].get(row["email"], 0.0) for row in reps])
    return Simulated(company, goals, {cause: cost}, missed)


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal() if text else 0


def _people(reps: list[dict[str, Any]]) -> tuple[Person, ...]:
    teams: dict[str, int] = {}
    return tuple(
        Person(
            place,
            (1, 10 + teams.setdefault(row["team"], len(teams))),
            hired_on=date.fromisoformat(row["hired_on"]),
        )
        for place, row in enumerate(reps, 1)
    )


def _sales(rows: dict[str, Any], number: dict[str, int], product: dict[str, int]) -> Sales:
    sales = rows["sales"]
    usual_price = {row["code"]: float(row["list_price"]) for row in rows["products"]}
    stages = {stage.name.lower(): stage for stage in Stage}
    sources: dict[str, int] = {"": 0}

    def column(read: Callable[[dict[str, Any]], Any], kind: type = np.int64) -> np.ndarray:
        return np.array([read(row) for row in sales], kind)

    def days(name: str) -> np.ndarray:
        return column(lambda row: _day(row[name]))

    stage = column(lambda row: stages[row["stage"]])
    quantity = column(lambda row: row["quantity"], float)
    price = column(lambda row: float(row["list_price"] or usual_price[row["product"]]) * 100, float)
    amount = column(lambda row: float(row["amount"]) * 100, float)
    return Sales(
        id=np.arange(1, len(sales) + 1),
        person=column(lambda row: number[row["rep"]]),
        product=column(lambda row: product[row["product"]]),
        source=column(lambda row: sources.setdefault(row["lead_source"], len(sources))),
        opened=days("opened_on"),
        closed=days("closed_on"),
        stage=stage,
        share=np.ones(len(sales)),
        quantity=quantity,
        value=np.where(stage == Stage.WON, amount, 0),
        list_value=price * quantity,
        reason=column(lambda row: Reason.of(row["lost_reason"])),
        promised=days("promised_on"),
        delivered=days("delivered_on"),
        followed_up=days("followed_up_on"),
        cancelled=days("cancelled_on"),
        satisfaction=column(lambda row: row["satisfaction"] or 0),
        is_new_customer=np.zeros(len(sales), bool),
    )


def _missed(rows: dict[str, Any], number: dict[str, int], sales: Sales) -> list[Goal]:
    """Numbered as the reps are."""
    inside = (sales.closed >= NOW.first.toordinal()) & (sales.closed <= NOW.last.toordinal())
    kept = inside & (sales.stage == Stage.WON) & (sales.cancelled == 0)
    reached = np.bincount(sales.person, np.where(kept, sales.value, 0), len(number) + 1)
    goals = []
    for row in rows["goals"]:
        rep = number[row["rep"]]
        target, actual = Decimal(round(float(row["target"]) * 100)), Decimal(round(reached[rep]))
        if actual < target:
            goals.append(Goal(rep, (rep,), RULES["revenue"], target, actual))
    return goals
