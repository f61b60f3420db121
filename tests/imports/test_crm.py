"""A CRM export as it is, from an empty portal to results."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.imports.factories import CATALOGUE, PIPELINE, TEAM, counts

CRM = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"


def won(start="2000-01-01", end="2100-01-01"):
    return db.session.scalar(
        text(
            """SELECT coalesce(sum(c.value), 0)::bigint / 100
            FROM sale_credits c JOIN sales s ON s.id = c.sale_id
            JOIN people p ON p.id = c.person_id JOIN teams t ON t.id = c.team_id
            WHERE s.stage = 'won' AND s.closed_on BETWEEN :start AND :end"""
        ),
        {"start": start, "end": end},
    )


def test_three_files_make_a_company_with_results(run_in_empty_portal):
    run = run_in_empty_portal
    people = run("people", TEAM)
    assert (counts(people), people["also"]) == ((3, 0, 0, 0), {"managers": 2, "teams": 4})
    assert counts(run("products", CATALOGUE)) == (2, 0, 0, 0)
    sales = run("sales", PIPELINE)
    assert (counts(sales), run.exit_code) == ((5, 0, 0, 0), 0)
    assert sales["matched"]["product"] == {"AlfaPro": "Alfa Pro"}
    assert won() == 4564
    assert db.session.scalar(text("SELECT count(*) FROM teams WHERE lead_id IS NOT NULL")) == 2
    for kind, content in (("people", TEAM), ("products", CATALOGUE), ("sales", PIPELINE)):
        created, updated, _, rejected = counts(run(kind, content))
        assert (created, updated, rejected) == (0, 0, 0)


def test_accounts_are_refused_by_name(run_in_empty_portal):
    for kind in ("people", "sales"):
        error = run_in_empty_portal(kind, "account,sector,employees,office_location\nAcme,tech,5,Kenya\n")[
            "error"
        ]
        assert "list of accounts" in error


@pytest.mark.skipif(not CRM.is_dir(), reason="the practice export is not beside this checkout")
class TestPracticeExport:
    def imported(self, run):
        for kind, name in (("people", "sales_teams"), ("products", "products"), ("sales", "sales_pipeline")):
            result = run(kind, CRM / f"{name}.csv")
            assert (result["rejected"], run.exit_code) == (0, 0)
        return result

    def test_the_figures_are_those_of_the_export(self, run_in_empty_portal):
        result = self.imported(run_in_empty_portal)
        assert counts(result) == (8800, 0, 0, 0)
        assert won() == 10_005_534
        quarter = ("2017-10-01", "2017-12-31")
        assert won(*quarter) == 2_802_496
        best = {
            "Darcel Schlecht": 357_666,
            "Vicki Laflamme": 139_082,
            "Kary Hendrixson": 129_543,
            "James Ascencio": 124_938,
            "Reed Clapper": 123_580,
        }
        rows = db.session.execute(
            text(
                """SELECT p.name, sum(c.value)::bigint / 100
                FROM sale_credits c JOIN sales s ON s.id = c.sale_id
                JOIN people p ON p.id = c.person_id
                WHERE s.stage = 'won' AND s.closed_on BETWEEN :a AND :b
                GROUP BY 1 ORDER BY 2 DESC LIMIT 5"""
            ),
            {"a": quarter[0], "b": quarter[1]},
        )
        assert dict(tuple(row) for row in rows) == best
        team = db.session.scalar(
            text(
                """SELECT sum(c.value)::bigint / 100 FROM sale_credits c JOIN sales s ON s.id = c.sale_id
                JOIN teams t ON t.id = c.team_id WHERE s.stage = 'won' AND t.name = 'Melvin Marxen'
                AND s.closed_on BETWEEN :a AND :b"""
            ),
            {"a": quarter[0], "b": quarter[1]},
        )
        assert team == 670_788
        stages = db.session.execute(
            text("SELECT stage, count(*) FROM sales WHERE closed_on BETWEEN :a AND :b GROUP BY 1"),
            {"a": quarter[0], "b": quarter[1]},
        )
        assert dict(tuple(row) for row in stages) == {"won": 1196, "lost": 789}

    def test_the_same_files_again_change_nothing(self, run_in_empty_portal):
        self.imported(run_in_empty_portal)
        for kind, name, rows in (
            ("people", "sales_teams", 35),
            ("products", "products", 7),
            ("sales", "sales_pipeline", 8800),
        ):
            assert counts(run_in_empty_portal(kind, CRM / f"{name}.csv")) == (0, 0, rows, 0)

    def test_totals_follow(self, run_in_empty_portal):
        self.imported(run_in_empty_portal)
        row = db.session.execute(
            text(
                "SELECT sum(value) FROM totals t JOIN metrics m ON m.id = t.metric_id WHERE m.key = 'revenue'"
            )
        ).scalar_one()
        assert row == 1_000_553_400

    def test_accounts_are_no_sales(self, run_in_empty_portal):
        with (CRM / "accounts.csv").open() as file:
            assert next(csv.reader(file))[0] == "account"
        assert "list of accounts" in run_in_empty_portal("sales", CRM / "accounts.csv")["error"]
