"""A company whose third quarter of 2026 went wrong, small enough to be read.

Half of all leads are for a tent that then let water in: nobody won these any more. Rosa also lost nearly all
of the others, which her peers went on winning. Raúl never sold the tent; his goal was set too high. Rita and
Ramón reached theirs.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from app.core.bulk import copy_rows, take_keys
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.goals import periods
from app.metrics import check
from app.people.models import Person
from app.sales.models import Product, Sale, SaleCredit
from tests import factories
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_product

KEY = "2026-Q3"
QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
LEADS = 40  # a rep and quarter; half of them were won
NAMES = ("Rosa", "Remedios", "Rodrigo", "Rebeca", "Rubén", "Rita", "Ramón", "Raúl")
MISSED = 6  # persons; and their team
AMOUNT = 100_00


def write(**company: Any) -> SimpleNamespace:
    """Committed; everybody by their first name, the products too."""
    factories.make_company(**company)
    root = factories.the_root()
    norte = factories.make_team("Norte", root)
    production = factories.make_team("Production", root, kind="department", function="production")
    make = factories.make_person
    cast = SimpleNamespace(
        marta=make("Marta Manrique", Role.MANAGER, norte),
        petra=make("Petra Prieto", Role.DEPARTMENT_LEAD, production),
        hilda=make("Hilda Ramos", Role.HR, root),
        norte=norte,
    )
    norte.lead_id, production.lead_id = cast.marta.id, cast.petra.id
    reps = [make(f"{name} Romero", Role.REP, norte, cast.marta) for name in NAMES]
    cast.tent, cast.rope = make_product("Shelter Tent", AMOUNT), make_product("Rope", AMOUNT)
    _sell(reps, cast.tent, cast.rope)
    check.rebuild()
    period = make_period(KEY)
    set_on = period.starts_on - timedelta(days=3)
    for rep, name in zip(reps, NAMES, strict=True):
        target = {"Rita": 8, "Ramón": 8, "Raúl": 36}.get(name, 20) * AMOUNT
        make_goal(rep, target, period=period, created_at=set_on)
    make_goal(norte, 150 * AMOUNT, period=period, created_at=set_on)
    periods.ensure_periods()
    db.session.commit()
    cast.__dict__.update(zip((name.lower() for name in NAMES), reps, strict=True))
    return cast


@atomic
def _sell(reps: list[Person], tent: Product, rope: Product) -> None:
    rows = [row for place, rep in enumerate(reps) for row in _leads(NAMES[place], rep, tent, rope)]
    keys = take_keys(Sale, len(rows))
    for key, row in zip(keys, rows, strict=True):
        row["id"] = key
    copy_rows(Sale, tuple(rows[0]), rows)
    parts = [
        {"sale_id": row["id"], "person_id": rep.id, "team_id": rep.team_id, "value": row["value"]}
        for rep in reps
        for row in rows
        if row["rep_id"] == rep.id
    ]
    copy_rows(SaleCredit, tuple(parts[0]), parts)


def _leads(name: str, rep: Person, tent: Product, rope: Product) -> Iterator[dict[str, Any]]:
    for begins in QUARTERS:
        is_bad = begins == QUARTERS[-1]
        for turn in range(LEADS):
            opened = begins + timedelta(days=turn * 2)
            is_tent = turn % 2 == 0 and name != "Raúl"
            is_won = turn % 4 < 2
            if is_bad and is_tent:
                is_won = False
            elif is_bad and name == "Rosa":
                is_won = turn == 1
            value = AMOUNT if is_won else 0
            yield {
                "rep_id": rep.id,
                "product_id": tent.id if is_tent else rope.id,
                "stage": "won" if is_won else "lost",
                "opened_on": opened,
                "closed_on": opened + timedelta(days=9),
                "quantity": 1,
                "list_price": AMOUNT,
                "amount": value,
                "value": value,
                "currency": rope.currency,
                "lost_reason": None if is_won else "product" if is_bad and is_tent else "no_decision",
            }
