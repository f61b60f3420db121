"""`flask standings` prints a board for people, and for machines."""

import json

import pytest
from flask import Flask

from app.core import clock
from app.goals.fiscal import span_of
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_sale

PERIOD = span_of("quarter", clock.today()).key


def run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=["standings", *arguments])


def test_as_json_with_money_in_major_units(app, cast):
    make_period(PERIOD)
    make_goal(cast.ana, 1000_00, period=PERIOD)
    make_sale(cast.ana, 357_666_00)
    make_sale(cast.bea, 12_50)
    cast.luis.email = None
    done = run(app, "--metric", "revenue", "--period", PERIOD, "--json")
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert rows[:2] == [
        {"rank": 1, "person": "Ana Alonso", "email": cast.ana.email, "value": 357666, "attainment": 357.666},
        {"rank": 2, "person": "Bea Blanco", "email": cast.bea.email, "value": 12.5, "attainment": None},
    ]
    assert [(row["rank"], row["person"]) for row in rows[2:]] == [(3, "Luis Lago"), (3, "Nora Núñez")]
    assert rows[2]["email"] is None


def test_as_lines_for_people(app, cast):
    make_sale(cast.ana, 1234_00)
    done = run(app, "--metric", "revenue", "--period", PERIOD)
    assert done.stdout.splitlines()[0].split() == ["1", "Ana", "Alonso", "1,234"]


def test_who_opted_out_is_named_to_whoever_runs_the_server(app, cast):
    cast.ana.is_hidden = True
    make_sale(cast.ana)
    assert "Ana Alonso" in run(app, "--metric", "revenue", "--period", PERIOD).stdout


@pytest.mark.parametrize("team", ["Sur", "sur", "Andina/Sales/Sur", "Sales/Sur"])
def test_of_a_team_by_name_or_path(app, cast, team):
    make_sale(cast.ana)
    make_sale(cast.luis)
    done = run(app, "--metric", "revenue", "--period", PERIOD, "--team", team, "--json")
    assert [row["person"] for row in json.loads(done.stdout)] == ["Luis Lago"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--metric", "gold", "--period", PERIOD], "standings: no such metric: gold"),
        (["--metric", "revenue", "--period", "2026-13"], "standings: no such period: 2026-13"),
        (["--metric", "revenue", "--period", PERIOD, "--team", "Oeste"], "standings: no such team: Oeste"),
    ],
)
def test_what_is_unknown_is_one_line_and_exit_code_two(app, cast, arguments, line):
    done = run(app, *arguments)
    assert done.exit_code == 2
    assert done.stderr.strip().startswith(line)
    assert len(done.stderr.strip().splitlines()) == 1
