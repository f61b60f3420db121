"""Goals in Chromium: bars move by themselves, answers need no page, a spread works without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.core.permissions import Role
from app.extensions import db
from app.goals.models import GoalStatus
from app.people.models import Person
from tests import factories
from tests.browsers import Browsers, Readers, defects, promptly, violations
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_sale
from tests.site import Site, serving

pytestmark = pytest.mark.browser


def a_team_with_goals() -> dict[str, object]:
    root = factories.the_root()
    norte = factories.make_team("Norte", root)
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    norte.lead_id = marta.id
    ana = factories.make_person("María Fernanda Castellanos-Etxeberria", Role.REP, norte, marta)
    factories.make_person("Bea Blanco", Role.REP, norte, marta)
    period = make_period(kind="year")
    own = make_goal(ana, 1_000_00, period=period, status=GoalStatus.PROPOSED, by=marta)
    team = make_goal(norte, 10_000_00, period=period, metric="deals_won", by=marta)
    return {"ana": ana, "marta": marta, "own": own, "team": team}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("goals_in_browser", a_team_with_goals, listen=True) as site:
        yield site


def test_the_bar_moves_on_every_open_page_within_two_seconds_of_a_sale(site: Site, at_site: Browsers) -> None:
    pages = [at_site.page(f"/goals/{site.own}", "ana", width=390), at_site.page("/goals", "marta")]
    shares = [page.locator(f"#goal-{site.own} .goal__share") for page in pages]
    for share in shares:
        expect(share).to_have_text("0%")
    with site.app.app_context():
        make_sale(db.session.get_one(Person, site.ana), 250_00)
    with promptly():
        for share in shares:
            expect(share).to_have_text("25%")


def test_a_rep_questions_and_accepts_on_a_phone_without_leaving_the_page(
    site: Site, at_site: Browsers
) -> None:
    page = at_site.page(f"/goals/{site.own}", "ana", width=390, language="es-CO", scheme="dark")
    assert defects(page, "es") == []
    page.get_by_role("button", name="Cuestionarla").click()
    expect(page.locator("#answer .field__error")).to_contain_text("Di de qué quieres hablar")
    page.locator("#answer textarea").fill("¿Por qué tanto?")
    page.get_by_role("button", name="Cuestionarla").click()
    expect(page.locator("#goal-conversation")).to_contain_text("¿Por qué tanto?")
    page.get_by_role("button", name="Aceptar").click()
    expect(page.locator("#goal-conversation")).to_contain_text("la aceptó")
    expect(page.locator("#answer")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["htmx", "no JavaScript"])
def test_a_goal_is_spread_and_recomputed(site: Site, at_site: Browsers, options: dict) -> None:
    page = at_site.page(f"/goals/{site.team}/cascade", "marta", **options)
    field = page.get_by_label("Bea Blanco, by hand")
    field.fill("7,000,000")
    field.press("Tab")
    page.get_by_role("button", name="Recompute").press("Enter")
    expect(page.locator("#cascade .notice").first).to_contain_text("more than the whole")
    page.get_by_label("Bea Blanco, by hand").fill("400,000")
    page.get_by_role("button", name="Recompute").click()
    expect(page.locator("#cascade .notice").first).to_contain_text("adds up")
    if not options:
        assert violations(page) == []
    page.get_by_role("button", name="Save as drafts").click()
    expect(page.get_by_text("saved drafts below wait to be proposed")).to_be_visible()


@pytest.mark.parametrize("path", ["/goals", "/goals/answers", "/goals/proposals?growth=5", "/goals/new"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_pages_are_accessible_and_fit(readers: Readers, path: str, width: int, scheme: str) -> None:
    page = readers.page(path, "marta", width=width, scheme=scheme, language="es-MX")
    assert defects(page, "es") == []
