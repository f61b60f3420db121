"""Goals by command line: for people and teams, in the metric's own unit."""

from decimal import Decimal

from sqlalchemy import select

from app.extensions import db
from app.goals.models import Goal, GoalStatus
from tests.imports.factories import counts, table, why

QUARTER = {"starts_on": "2026-10-01", "ends_on": "2026-12-31"}


def goal(**values):
    return {"metric": "revenue", **QUARTER, "target": "50000", "rep": "", "team": "", **values}


def test_goals_are_proposed_to_those_whose_they_are(run, cast):
    rows = table(
        goal(rep="Ana Alonso"),
        goal(team="Sales/Norte", target="120,000.50"),
        goal(rep="Luis Lago", metric="win_rate", target="25%"),
        goal(team="Andina", metric="Deals won", target="300", starts_on="2026-11-01", ends_on="2026-11-30"),
    )
    result = run("goals", rows)
    assert (counts(result), run.exit_code) == ((4, 0, 0, 0), 0)
    made = {(g.person_id, g.team_id): g for g in db.session.scalars(select(Goal))}
    assert made[cast.ana.id, None].target == 5_000_000
    assert made[None, cast.norte.id].target == 12_000_050
    assert made[cast.luis.id, None].target == Decimal("0.25")
    assert made[None, cast.root.id].target == 300
    assert made[cast.ana.id, None].status is GoalStatus.PROPOSED
    assert counts(run("goals", rows)) == (0, 0, 4, 0)


def test_a_goal_that_is_out_is_revised_in_the_portal_not_here(run):
    run("goals", table(goal(rep="Ana Alonso")))
    assert why(run("goals", table(goal(rep="Ana Alonso", target="1")))) == ["goal_running"]


def test_one_column_may_hold_people_and_teams(run, cast):
    rows = [
        {"rep or team": name, "metric": "revenue", "target": 5, **QUARTER} for name in ("Bea Blanco", "Sur")
    ]
    assert counts(run("goals", table(*rows))) == (2, 0, 0, 0)
    assert {g.person_id or g.team_id for g in db.session.scalars(select(Goal))} == {cast.bea.id, cast.sur.id}


def test_goals_that_make_no_sense_are_rejected(run):
    rows = table(
        goal(rep="Nobody"),
        goal(rep="Ana Alonso", team="Norte"),
        goal(rep="Ana Alonso", metric="happiness"),
        goal(rep="Ana Alonso", starts_on="2026-10-05", ends_on="2026-10-11"),
        goal(rep="Ana Alonso", target="0"),
        goal(team="Nowhere"),
    )
    result = run("goals", rows)
    assert counts(result) == (0, 0, 0, 6)
    assert set(why(result)) == {
        "unknown_rep",
        "one_subject",
        "unknown_metric",
        "no_period",
        "not_positive",
        "unknown_team",
    }
