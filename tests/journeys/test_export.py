"""The practice export of a CRM, through page and command line: the figures that it is known to have."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import Browsers, defects, replaced
from tests.journeys.administrator import CRM, bring_in, found_company
from tests.journeys.portal import Portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CRM.is_dir(), reason="the practice export is not beside this checkout"),
]

FILES = ["sales_pipeline.csv", "sales_teams.csv", "products.csv"]
QUARTER, WON, REVENUE = "2017-Q4", 1196, 2_802_496
BEST = {
    "Darcel Schlecht": 357_666,
    "Vicki Laflamme": 139_082,
    "Kary Hendrixson": 129_543,
    "James Ascencio": 124_938,
    "Reed Clapper": 123_580,
}
TEAM, OF_TEAM = "Melvin Marxen", 670_788


def dollars(text: str | None) -> int:
    return int(re.sub(r"\.00$|\D", "", text or "0"))


def board(page: Page) -> dict[str, int]:
    """What the board says exactly, by name."""
    rows = page.locator("#board tbody tr:not(.fold)").all()
    return {
        row.locator(".standings__name").inner_text(): dollars(
            row.locator(".standings__value").get_attribute("title")
        )
        for row in rows
    }


def standings(portal: Portal, metric: str, period: str, *more: str) -> dict[str, int]:
    done = portal.command("standings", "--metric", metric, "--period", period, "--json", *more)
    assert done.returncode == 0, done.stderr
    return {row["person"]: row["value"] or 0 for row in json.loads(done.stdout)}


def test_an_export_as_it_is_gives_its_figures_and_a_goal_comes_down_to_each(
    at_empty: Browsers, empty: Portal
) -> None:
    page = at_empty.page("/", language="en")
    found_company(page)
    bring_in(page, [CRM / name for name in FILES], sales="sales_pipeline.csv")
    expect(page.locator("#import")).to_contain_text("8,800")

    # On the pages.
    at_empty.go(page, f"/standings?metric=revenue&period={QUARTER}&top=50")
    shown = board(page)
    assert sum(shown.values()) == REVENUE
    assert dict(list(shown.items())[:5]) == BEST
    assert defects(page, "en") == []
    page.get_by_role("link", name="Teams", exact=True).first.click()
    expect(page.locator("#board tbody")).to_contain_text(TEAM)
    assert board(page)[TEAM] == OF_TEAM
    team = empty.row("SELECT id FROM teams WHERE name = %(name)s", name=TEAM)["id"]
    at_empty.go(page, f"/standings?metric=revenue&period={QUARTER}&team={team}&top=50")
    assert sum(board(page).values()) == OF_TEAM
    # From a figure to its sales.
    page.locator(".standings__value a").first.click()
    expect(page.locator("tbody tr").first).to_be_visible()

    # On the command line.
    said = standings(empty, "revenue", QUARTER)
    assert {name: said[name] for name in shown} == shown
    assert sum(standings(empty, "deals_won", QUARTER).values()) == WON
    assert sum(standings(empty, "revenue", QUARTER, "--team", TEAM).values()) == OF_TEAM
    for kind, name, rows in (
        ("people", "sales_teams", 35),
        ("products", "products", 7),
        ("sales", "sales_pipeline", 8800),
    ):
        again = empty.command("import", kind, str(CRM / f"{name}.csv"), "--source", "crm", "--json")
        said = json.loads(again.stdout)
        assert (again.returncode, said["unchanged"], said["created"], said["updated"]) == (0, rows, 0, 0)
    assert empty.command("totals", "verify").returncode == 0

    # A goal for the company, down the tree to each rep.
    at_empty.go(page, "/goals/periods?kind=quarter")
    page.get_by_role("link", name="Q4 2017").click()
    page.get_by_role("link", name="New goal").first.click()
    expect(page.get_by_label("Period")).to_have_value(QUARTER)
    page.get_by_label("For whom").select_option(label="Andina")
    page.get_by_label("What counts").select_option("revenue")
    page.get_by_label("Target").fill("3,000,001")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name="Spread it").click()
    for way in ("By headcount", "By last year"):
        page.get_by_text(way, exact=True).click()
        with replaced(page, "#cascade"):
            page.get_by_role("button", name="Recompute").click()
        expect(page.get_by_label(way)).to_be_checked()
        expect(page.locator("#cascade [role=status]")).to_contain_text("Every level adds up to its whole.")
    assert defects(page, "en") == []
    page.get_by_role("button", name="Save as drafts").click()
    expect(page.locator("#toasts")).to_contain_text("Saved as drafts.")
    levels = empty.rows(
        """SELECT whole.target, sum(part.target) AS parts FROM goals whole
        JOIN goals part ON part.parent_id = whole.id GROUP BY whole.id"""
    )
    assert len(levels) > 6
    assert all(level["target"] == level["parts"] for level in levels)
    reps = empty.row("SELECT sum(target) AS all, count(*) FROM goals WHERE person_id IS NOT NULL")
    assert (reps["all"], reps["count"] >= 30) == (3_000_001_00, True)
