"""Companies of any size, written by COPY; totals are then made from the records by the portal itself."""

import random
from datetime import date, timedelta

from sqlalchemy import text

from app.core import clock
from app.core.bulk import copy_rows, take_keys
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.goals import periods
from app.metrics import check
from app.people import operations as people
from app.people import sessions
from app.people.models import Membership, Person, Team
from app.people.operations import CompanyFacts
from app.sales.models import Product, Sale, SaleCredit

FACTS = CompanyFacts(name="Bench", currency="USD", country="US", timezone="UTC", locale="en_US")
TEAM_SIZE = 50


@atomic
def company(reps: int) -> list[int]:
    """A company of teams of fifty; returns the keys of its reps."""
    people.found_company(FACTS)
    root = people.root()
    teams = []
    for number in range((reps + TEAM_SIZE - 1) // TEAM_SIZE):
        team = Team(name=f"Team {number}", kind="team", parent_id=root.id)
        db.session.add(team)
        teams.append(team)
    db.session.flush()
    for team in teams:
        team.path = [root.id, team.id]
    keys = take_keys(Person, reps)
    rows = [
        {
            "id": key,
            "name": f"Rep Number {number}",
            "email": f"rep{number}@bench.example",
            "role": Role.REP.value,
            "team_id": teams[number // TEAM_SIZE].id,
            "hired_on": date(2020, 1, 1),
        }
        for number, key in enumerate(keys)
    ]
    copy_rows(Person, tuple(rows[0]), rows)
    copy_rows(
        Membership,
        ("person_id", "team_id", "starts_on"),
        [{"person_id": r["id"], "team_id": r["team_id"], "starts_on": r["hired_on"]} for r in rows],
    )
    db.session.add(Product(code="A", name="Product A", list_price=100_00, currency="USD"))
    db.session.flush()
    return keys


@atomic
def sales(reps: list[int], number: int, days: int, seed: int = 7) -> None:
    """So many sales over the last days, two of three won; then all totals."""
    chance = random.Random(seed)
    today = clock.today()
    product = db.session.scalar(text("SELECT min(id) FROM products"))
    teams = {row.id: row.team_id for row in db.session.execute(text("SELECT id, team_id FROM people"))}
    keys = take_keys(Sale, number)
    rows, parts = [], []
    for key in keys:
        rep = reps[key % len(reps)]
        on = today - timedelta(days=chance.randrange(days))
        is_won = chance.random() < 0.66
        value = chance.randrange(10_00, 5_000_00) if is_won else 0
        rows.append(
            {
                "id": key,
                "rep_id": rep,
                "product_id": product,
                "stage": "won" if is_won else "lost",
                "opened_on": on,
                "closed_on": on,
                "amount": value,
                "value": value,
                "currency": "USD",
            }
        )
        parts.append({"sale_id": key, "person_id": rep, "team_id": teams[rep], "value": value})
    copy_rows(Sale, tuple(rows[0]), rows)
    copy_rows(SaleCredit, tuple(parts[0]), parts)


def totals() -> None:
    check.rebuild()
    periods.ensure_periods()
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


@atomic
def sign_in(person_ids: list[int]) -> list[str]:
    """Tokens of new sessions."""
    return [
        sessions.open_session(db.session.get_one(Person, key), address="127.0.0.1", browser="bench")
        for key in person_ids
    ]
