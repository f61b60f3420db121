"""`totals verify` and `totals rebuild`."""

import json
from datetime import date

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.sales.factories import make_sale


@pytest.fixture
def invoke(app, cast):
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    return lambda *arguments: app.test_cli_runner().invoke(args=["totals", *arguments])


def spoil(person):
    db.session.execute(text("UPDATE totals SET value = value + 1 WHERE person_id = :id"), {"id": person.id})
    db.session.commit()


def test_verify_finds_nothing_where_all_agrees(invoke):
    result = invoke("verify")
    assert (result.exit_code, result.output) == (0, "All totals agree with the records.\n")


def test_verify_lists_what_differs_and_rebuild_mends_it(invoke, cast):
    spoil(cast.ana)
    result = invoke("verify", "--metric", "revenue")
    assert result.exit_code == 1
    assert f"revenue  person {cast.ana.id}  2026-03-01: kept 10001, recomputed 10000" in result.output
    assert "were mended" in invoke("rebuild").output
    assert invoke("verify").exit_code == 0


def test_verify_speaks_json(invoke, cast):
    assert json.loads(invoke("verify", "--json").output) == {"differences": []}
    spoil(cast.ana)
    result = invoke("verify", "--json", "--metric", "deals_won")
    assert result.exit_code == 1
    (found,) = json.loads(result.output)["differences"]
    assert (found["metric"], found["value"], found["expected_value"]) == ("deals_won", "2.0000", "1.0000")


def test_an_unknown_metric_is_named(invoke):
    result = invoke("rebuild", "--metric", "luck")
    assert result.exit_code == 2
    assert "no metric luck" in result.output
