"""From files to findings by command alone: no worker, no browser."""

import csv
import json
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.diagnosis.models import Case, Review
from app.extensions import db
from tests.site import own_app

Run = Callable[..., Result]
REPS, PRODUCTS, LEADS = 16, 4, 34  # a rep and quarter
QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1))


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def sales(chance: random.Random) -> list[dict[str, Any]]:
    """In the third quarter six of ten wins are lost over delivery, and most orders come late."""
    rows = []
    for number in range(REPS * LEADS * 3):
        rep, quarter = number % REPS, number // (REPS * LEADS)
        first, last = QUARTERS[quarter], QUARTERS[quarter + 1] - timedelta(days=1)
        opened = first + timedelta(days=chance.randrange(70))
        closed = min(opened + timedelta(days=chance.randrange(2, 20)), last)
        is_hit = quarter == 2
        won = chance.random() < (0.16 if is_hit else 0.4)
        lost_for = "delivery" if is_hit and chance.random() < 0.6 else chance.choice(["price", "no_decision"])
        promised = closed + timedelta(days=5)
        late = chance.random() < (0.7 if is_hit else 0.1)
        rows.append(
            {
                "external_id": f"S{number}",
                "rep": f"rep{rep}@acme.example",
                "product": f"P{number % PRODUCTS}",
                "stage": "won" if won else "lost",
                "lead_source": chance.choice(["web", "fair"]),
                "opened_on": opened,
                "closed_on": closed,
                "quantity": 1,
                "list_price": 1000,
                "amount": chance.randrange(800, 1000) if won else 0,
                "lost_reason": "" if won else lost_for,
                "promised_on": promised if won else "",
                "delivered_on": promised + timedelta(days=9 if late else -1) if won else "",
            }
        )
    return rows


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A company imported by files whose third quarter is closed. Nothing else has run."""
    files = tmp_path_factory.mktemp("files")
    with own_app("diagnosis_command_line") as app:
        people = [
            {
                "email": f"rep{n}@acme.example",
                "name": f"Rep Number{n}",
                "role": "rep",
                "team": f"Acme/T{n % 2}",
            }
            for n in range(REPS)
        ]
        products = [
            {"code": f"P{n}", "name": f"Product {n}", "list_price": 1000, "currency": "USD"}
            for n in range(PRODUCTS)
        ]
        goals = [
            {
                "rep": f"rep{n}@acme.example",
                "metric": "revenue",
                "starts_on": QUARTERS[2],
                "ends_on": QUARTERS[3] - timedelta(days=1),
                "target": 11000,
            }
            for n in range(REPS)
        ]
        rows = {"people": people, "products": products, "sales": sales(random.Random(5)), "goals": goals}
        for kind, content in rows.items():
            done = command(app, "import", kind, write(files / f"{kind}.csv", content))
            assert done.exit_code == 0, done.output
        done = command(app, "periods", "close", "2026-Q3")
        assert done.exit_code == 0, done.output
        yield app


def command(app: Flask, *arguments: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture
def run(acme: Flask) -> Run:
    return lambda *arguments: command(acme, "diagnosis", "show", *arguments)


def shown(run: Run) -> list[dict[str, Any]]:
    done = run("--period", "2026-Q3", "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_each_missed_goal_is_an_object_in_major_units(run: Run) -> None:
    found = shown(run)
    assert len(found) >= REPS // 2
    for one in found:
        assert one["person"].endswith("@acme.example")
        assert one["metric"] == "revenue"
        assert one["target"] == 11000
        assert Decimal(str(one["target"])) - Decimal(str(one["actual"])) == Decimal(str(one["shortfall"]))


def test_the_amounts_make_the_shortfall_without_remainder_largest_first(run: Run) -> None:
    for one in shown(run):
        amounts = [Decimal(str(finding["amount"])) for finding in one["findings"]]
        assert sum(amounts) == Decimal(str(one["shortfall"]))
        assert amounts == sorted(amounts, reverse=True)
        assert {"cause", "amount", "verdict", "figures"} <= set(one["findings"][0])


def test_the_planted_cause_is_the_main_one(run: Run) -> None:
    found = shown(run)
    assert sum(one["main_cause"] == "delivery" for one in found) >= 0.9 * len(found)
    assert not [one for one in found if one["main_cause"] == "capability"]


def test_a_second_time_says_the_same(run: Run, acme: Flask) -> None:
    assert shown(run) == shown(run)
    with acme.app_context():
        goals = db.session.execute(
            select(func.count(Case.goal_id), func.count(Case.goal_id.distinct()))
        ).one()
        assert goals[0] == goals[1]
        assert db.session.scalar(select(func.count(Review.id)).where(Review.cause == "delivery")) == 1


def test_without_json_it_is_a_table(run: Run) -> None:
    done = run("--period", "2026-Q3")
    assert done.exit_code == 0
    assert "delivery" in done.stdout
    assert "rep0@acme.example: revenue" in done.stdout


def test_a_period_that_is_open_is_said_so_in_one_line(run: Run) -> None:
    done = run("--period", "2026-Q4", "--json")
    assert done.exit_code == 1
    assert len(done.output.strip().splitlines()) == 1
    assert "2026-Q4 is not closed" in done.output


def test_a_period_that_there_is_not(run: Run) -> None:
    done = run("--period", "autumn")
    assert done.exit_code == 1
    assert "no such period: autumn" in done.output
