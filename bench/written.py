"""A simulated company (bench.companies) as a portal's rows: people, teams, departments, sales, goals."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import text

from app.core.bulk import copy_rows, take_keys
from app.core.permissions import Role
from app.core.transactions import atomic
from app.diagnosis.records import Reason, Stage
from app.extensions import db
from app.goals import periods
from app.goals.models import Goal, GoalStatus
from app.metrics.queries import metric_by_key
from app.people import operations as people
from app.people.models import Function, Membership, Person, Team, TeamKind
from app.sales.models import LeadSource, Product
from bench.companies import Simulated
from bench.fill import FACTS, TEAM_SIZE

DEPARTMENTS = (
    Function.PRODUCTION,
    Function.PRICING,
    Function.LOGISTICS,
    Function.CUSTOMER_SERVICE,
    Function.MARKETING,
    Function.HR,
)
HIRED = date(2020, 1, 1)


@atomic
def company(simulated: Simulated) -> None:
    """Everything of a simulated company but its totals (bench.fill.totals)."""
    people.found_company(FACTS)
    root = people.root()
    reps = [person.id for person in simulated.company.people]
    teams = _teams(root, (len(reps) + TEAM_SIZE - 1) // TEAM_SIZE)
    _departments(root)
    keys = dict(zip(reps, take_keys(Person, len(reps)), strict=True))
    team_of = {rep: teams[number // TEAM_SIZE].id for number, rep in enumerate(reps)}
    rows = [
        {
            "id": keys[rep],
            "name": f"Rep Number {rep}",
            "email": f"rep{rep}@bench.example",
            "role": Role.REP.value,
            "team_id": team_of[rep],
            "manager_id": teams[number // TEAM_SIZE].lead_id,
            "hired_on": HIRED,
        }
        for number, rep in enumerate(reps)
    ]
    copy_rows(Person, tuple(rows[0]), rows)
    members = [{"person_id": row["id"], "team_id": row["team_id"], "starts_on": HIRED} for row in rows]
    copy_rows(Membership, tuple(members[0]), members)
    products = {int(key): _product(int(key)) for key in np.unique(simulated.company.sales.product)}
    sources = {
        int(key): LeadSource(name=f"Source {key}") for key in np.unique(simulated.company.sales.source)
    }
    db.session.add_all([*products.values(), *sources.values()])
    db.session.flush()
    _sales(simulated, keys, team_of, products, sources)
    db.session.flush()
    period = periods.period_by_key(_key(simulated.company.now.last))
    assert period is not None
    metric = metric_by_key("revenue")
    goals = [
        {
            "period_id": period.id,
            "metric_id": metric.id,
            "person_id": keys[goal.people[0]],
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
            "target": goal.target,
            "status": GoalStatus.ACCEPTED.value,
        }
        for goal in simulated.goals
    ]
    copy_rows(Goal, tuple(goals[0]), goals)


def _key(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _teams(root: Team, number: int) -> list[Team]:
    made = [Team(name=f"Team {number}", kind=TeamKind.TEAM, parent_id=root.id) for number in range(number)]
    leads = [Person(name=f"Manager Number {n}", role=Role.MANAGER, hired_on=HIRED) for n in range(number)]
    db.session.add_all([*made, *leads])
    db.session.flush()
    for team, lead in zip(made, leads, strict=True):
        team.path, team.lead_id, lead.team_id = [root.id, team.id], lead.id, team.id
    db.session.flush()
    return made


def _departments(root: Team) -> None:
    for function in DEPARTMENTS:
        team = people.create_team(
            function.value, root, kind=TeamKind.DEPARTMENT, function=function, by_id=None
        )
        lead = Person(name=f"Lead of {function.value}", role=Role.DEPARTMENT_LEAD, team_id=team.id)
        db.session.add(lead)
        db.session.flush()
        team.lead_id = lead.id


def _product(key: int) -> Product:
    return Product(code=f"P{key}", name=f"Product {key}", list_price=100_000, currency=FACTS.currency)


def _sales(
    simulated: Simulated,
    keys: dict[int, int],
    team_of: dict[int, int],
    products: dict[int, Product],
    sources: dict[int, LeadSource],
) -> None:
    sales = simulated.company.sales
    first = db.session.scalar(text("SELECT nextval(pg_get_serial_sequence('sales', 'id'))")) or 1
    ids = first + np.arange(len(sales))
    db.session.execute(
        text("SELECT setval(pg_get_serial_sequence('sales', 'id'), :last)"), {"last": int(ids[-1])}
    )
    _copy(
        "sales",
        {
            "id": ids.tolist(),
            "source": ["bench"] * len(sales),
            "rep_id": [keys[rep] for rep in sales.person.tolist()],
            "product_id": [products[key].id for key in sales.product.tolist()],
            "lead_source_id": [sources[key].id for key in sales.source.tolist()],
            "stage": [Stage(stage).name.lower() for stage in sales.stage.tolist()],
            "opened_on": _days(sales.opened),
            "closed_on": _days(sales.closed),
            "quantity": sales.quantity.astype(int).tolist(),
            "list_price": [int(price) or None for price in (sales.list_value / sales.quantity).tolist()],
            "amount": sales.value.astype(int).tolist(),
            "value": sales.value.astype(int).tolist(),
            "currency": [FACTS.currency] * len(sales),
            "lost_reason": [Reason(code).name.lower() if code else None for code in sales.reason.tolist()],
            "promised_on": _days(sales.promised),
            "delivered_on": _days(sales.delivered),
            "followed_up_on": _days(sales.followed_up),
            "cancelled_on": _days(sales.cancelled),
            "satisfaction": [int(score) or None for score in sales.satisfaction.tolist()],
        },
    )
    _copy(
        "sale_credits",
        {
            "sale_id": ids.tolist(),
            "person_id": [keys[rep] for rep in sales.person.tolist()],
            "team_id": [team_of[rep] for rep in sales.person.tolist()],
            "value": sales.value.astype(int).tolist(),
        },
    )


def _days(ordinals: Any) -> list[date | None]:
    known = {int(day): date.fromordinal(int(day)) for day in np.unique(ordinals) if day}
    return [known.get(day) for day in ordinals.tolist()]


def _copy(table: str, columns: dict[str, list[Any]]) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        yield from zip(*columns.values(), strict=True)

    connection: Any = db.session.connection().connection.driver_connection
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows():
            copy.write_row(row)
