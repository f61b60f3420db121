"""Sales, activities and trainings as columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from sqlalchemy import select

from app.core.money import precision
from app.diagnosis.loading.columns import NARROW, REAL, WIDE, day, read
from app.diagnosis.records import (
    ACTIVITY_KINDS,
    Activities,
    Reason,
    Sales,
    Span,
    Stage,
    Trainings,
)
from app.extensions import db
from app.people.company import the_company
from app.sales.models import ExchangeRate
from app.training import queries as training

_REASON = " ".join(f"WHEN '{reason.name.lower()}' THEN {reason.value}" for reason in Reason if reason)
_SALES: Mapping[str, tuple[str, str]] = {
    "id": (WIDE, "sales.id"),
    "person": (WIDE, "credit.person_id"),
    "product": (WIDE, "sales.product_id"),
    "source": (WIDE, "coalesce(sales.lead_source_id, 0)"),
    "opened": (NARROW, day("sales.opened_on")),
    "closed": (NARROW, day("sales.closed_on")),
    "stage": (
        NARROW,
        f"CASE sales.stage WHEN 'won' THEN {Stage.WON.value} WHEN 'lost' THEN {Stage.LOST.value} ELSE 0 END",
    ),
    "share": (REAL, "credit.share::float8 / 10000"),
    "quantity": (REAL, "sales.quantity"),
    "value": (REAL, "coalesce(credit.value, 0)"),
    # In the company's currency, by the sale's own rate; else the product's price where that is known.
    "list_value": (
        REAL,
        (
            "sales.quantity * credit.share::float8 / 10000 * coalesce("
            "sales.list_price * sales.rate::float8 * {scale},"
            "CASE products.currency WHEN %(currency)s THEN products.list_price"
            " WHEN sales.currency THEN products.list_price * sales.rate::float8 * {scale} END, 0)"
        ),
    ),
    "reason": (
        NARROW,
        (
            f"CASE WHEN coalesce(btrim(sales.lost_reason), '') = '' THEN {Reason.NONE.value} ELSE"
            f" CASE lower(btrim(sales.lost_reason)) {_REASON} ELSE {Reason.OTHER.value} END END"
        ),
    ),
    "promised": (NARROW, day("sales.promised_on")),
    "delivered": (NARROW, day("sales.delivered_on")),
    "followed_up": (NARROW, day("sales.followed_up_on")),
    "cancelled": (NARROW, day("sales.cancelled_on")),
    "satisfaction": (NARROW, "coalesce(sales.satisfaction, 0)"),
    "is_new_customer": (NARROW, "CASE WHEN customers.first_sale_id = sales.id THEN 1 ELSE 0 END"),
}
_SALES_FROM = """
FROM sales
JOIN sale_credits AS credit ON credit.sale_id = sales.id
JOIN products ON products.id = sales.product_id
LEFT JOIN customers ON customers.id = sales.customer_id
WHERE sales.voided_at IS NULL
  AND coalesce(sales.opened_on, sales.closed_on) <= %(as_of)s
  AND (sales.closed_on IS NULL OR sales.closed_on >= %(first)s OR sales.opened_on >= %(first)s)
"""
_DAYS = ("closed", "promised", "delivered", "followed_up", "cancelled")
_ACTIVITIES: Mapping[str, tuple[str, str]] = {
    "person": (WIDE, "person_id"),
    "kind": (
        NARROW,
        "CASE kind " + " ".join(f"WHEN '{kind}' THEN {n}" for n, kind in enumerate(ACTIVITY_KINDS)) + " END",
    ),
    "day": (NARROW, day("happened_on")),
    "count": (REAL, "count(*)"),
}
_ACTIVITIES_FROM = """
FROM activities WHERE voided_at IS NULL AND happened_on BETWEEN %(first)s AND %(as_of)s
GROUP BY person_id, kind, happened_on
"""


def sales(first: date, as_of: date) -> Sales:
    """All that were open at any time since `first`, as they stood on `as_of`."""
    company = the_company().currency
    others = db.session.scalars(select(ExchangeRate.currency).distinct()).all()
    # Amounts are in minor units: currencies with other decimals than the company's are scaled.
    scales = {each: precision(company) - precision(each) for each in others}
    scale = " ".join(f"WHEN '{each}' THEN 1e{power}" for each, power in scales.items() if power)
    spelled = {
        name: (kind, sql.format(scale=f"(CASE sales.currency {scale} ELSE 1 END)" if scale else "1"))
        for name, (kind, sql) in _SALES.items()
    }
    given = {"first": first, "as_of": as_of, "currency": company}
    found = read(spelled, _SALES_FROM, given, spread="sales.id")
    # In one order, whatever way the database took: sums of fractions must come out the same again.
    order = np.lexsort((found["person"], found["id"]))
    found = {name: column[order] for name, column in found.items()}
    known = as_of.toordinal()
    undecided = found["closed"] > known
    found["stage"][undecided] = Stage.OPEN
    for name in _DAYS:
        if name != "promised":
            found[name][found[name] > known] = 0
    found["value"][undecided] = 0
    found["reason"][undecided] = Reason.NONE
    return Sales(**found | {"is_new_customer": found["is_new_customer"].astype(bool)})


def activities(first: date, as_of: date) -> Activities:
    return Activities(
        **read(_ACTIVITIES, _ACTIVITIES_FROM, {"first": first, "as_of": as_of}, spread="person_id")
    )


def trainings(person_ids: Sequence[int], on: date) -> Trainings:
    """What each must have completed to sell a product, by the last day of the period."""
    rows = [
        (row.person_id, row.product_id or 0, _ordinal(row.completed_on), _ordinal(row.required_since))
        for row in training.required_products(person_ids, on)
    ]
    table = np.array(rows, np.int64).reshape(-1, 4)
    return Trainings(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


Held = Callable[[date, date], Iterable[tuple[int, date]]]
"""(person, day) of the coaching sessions held from one day to another."""
held_sessions: list[Held] = []
"""Coaching stands above and puts its query here."""


def coaching(spans: Sequence[Span]) -> dict[int, tuple[int, ...]]:
    """How many sessions each person had in each span."""
    found: dict[int, list[int]] = {}
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    for query in held_sessions:
        for person_id, on in query(first, last):
            counts = found.setdefault(person_id, [0] * len(spans))
            for place, span in enumerate(spans):
                counts[place] += span.first <= on <= span.last
    return {person_id: tuple(counts) for person_id, counts in found.items()}
