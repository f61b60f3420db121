"""A manager's week: who is behind, a goal spread and proposed, one revised and read."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import Browsers, defects, replaced, unread
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser

MANAGER = "beatriz.luna"


def figure(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def new_goal(page: Page, subject: str, metric: str, target: str) -> None:
    page.get_by_label("For whom").select_option(label=subject)
    page.get_by_label("What counts").select_option(metric)
    page.get_by_label("Target").fill(target)
    page.get_by_role("button", name="Save").first.click()


def test_from_the_team_by_distance_from_pace_to_a_goal_and_its_records(at_demo: Browsers) -> None:
    page = at_demo.page("/", MANAGER)
    expect(page.get_by_role("heading", name="My team, by distance from pace")).to_be_visible()
    first = page.locator("#home-team .team-row").first
    name = first.get_by_role("link").first.inner_text().partition("\n")[0]
    first.locator(".goal__label a").click()
    expect(page.locator("#goal-progress .lead")).to_contain_text(name)
    assert defects(page, "en") == []
    page.get_by_role("link", name="What it is made of").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.locator("tbody tr a").first.click()
    expect(page.locator("#sale")).to_contain_text(name)


def test_a_team_goal_is_spread_by_headcount_and_proposed_to_everybody(
    at_demo: Browsers, demo: Portal
) -> None:
    manager = demo.person(MANAGER)
    team = demo.row("SELECT * FROM teams WHERE id = %(id)s", id=manager["team_id"])
    page = at_demo.page("/goals/new", MANAGER, width=1280)
    new_goal(page, team["name"], "deals_won", "100")
    page.wait_for_url(re.compile(r"/goals/\d+$"))
    page.get_by_role("link", name="Spread it").click()
    page.get_by_text("By headcount").click()
    with replaced(page, "#cascade"):
        page.get_by_role("button", name="Recompute").click()
    expect(page.locator("#cascade [role=status]")).to_contain_text("Every level adds up to its whole.")
    rows = page.locator("#cascade tbody tr")
    assert rows.count() > 3
    assert defects(page, "en") == []
    page.get_by_role("button", name="Save as drafts").click()
    expect(page.locator("#toasts")).to_contain_text("Saved as drafts.")
    page.get_by_role("button", name="Propose to all").click()
    expect(page.locator("#toasts")).to_contain_text("were proposed")
    parts = demo.rows(
        """SELECT g.status, g.target FROM goals g JOIN goals whole ON whole.id = g.parent_id
        JOIN metrics m ON m.id = g.metric_id WHERE whole.team_id = %(team)s AND m.key = 'deals_won'""",
        team=team["id"],
    )
    assert sum(part["target"] for part in parts) == 100
    assert {part["status"] for part in parts} == {"proposed"}


def test_a_revision_has_a_reason_and_is_read_by_whom_it_touches(at_demo: Browsers, demo: Portal) -> None:
    goal = demo.row(
        """SELECT g.id, p.email, p.name FROM goals g JOIN people p ON p.id = g.person_id
        JOIN people m ON m.id = p.manager_id JOIN metrics k ON k.id = g.metric_id
        JOIN periods r ON r.id = g.period_id
        WHERE m.email LIKE %(manager)s AND k.key = 'revenue' AND g.status = 'accepted' AND p.is_active
        AND r.kind = 'quarter' AND now()::date BETWEEN r.starts_on AND r.ends_on ORDER BY g.id LIMIT 1""",
        manager=f"{MANAGER}@%",
    )
    rep = at_demo.page("/", goal["email"].partition("@")[0], width=390, language="es", scheme="dark")
    bell, before = rep.locator("#bell a"), unread(rep)
    page = at_demo.page(f"/goals/{goal['id']}", MANAGER)
    page.get_by_role("link", name="Revise").click()
    page.get_by_label("New target").fill("31500")
    page.get_by_text("Territory or customers changed").click()
    page.get_by_label("Why", exact=True).fill("Two valleys more since Monday.")
    page.get_by_role("button", name="Revise and tell them").click()
    expect(page.locator("#goal-progress .lead")).to_contain_text("Version 2")

    expect(bell).to_have_attribute("aria-label", re.compile(f"{before + 1} sin leer"))
    bell.tap()
    rep.wait_for_url("**/notifications")
    assert defects(rep, "es") == []
    rep.locator("#inbox li a").first.tap()
    expect(rep.locator("#goal-talk")).to_contain_text("Two valleys more since Monday.")
    rep.get_by_role("button", name="La he leído").first.tap()
    expect(rep.get_by_role("button", name="La he leído")).to_have_count(0)
    page.reload()
    expect(page.locator("#goal-talk")).to_contain_text(re.compile("[1-9] of [1-9] have read it"))
