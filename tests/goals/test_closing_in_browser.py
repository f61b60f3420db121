"""A period closes before somebody's eyes; a late sale is asked for on a phone and decided by another line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.core.permissions import Role
from app.extensions import db
from app.goals.closing import close_period
from app.goals.models import Period
from tests import factories
from tests.browsers import Browsers, Readers, defects
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_product, make_sale
from tests.site import Site, serving

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "missed": "Not reached",
        "reached": "Reached",
        "short": "Ended $20 short",
        "closed": "This lies in a closed period",
        "amount": "20",
        "why": "The contract came late",
        "ask": "Ask for the adjustment",
        "waits": "Waits for a second person",
        "approve": "Approve it",
        "approved": "Approved",
        "versions": "Versions",
        "results": "closed on",
    },
    "es": {
        "missed": "No alcanzada",
        "reached": "Alcanzada",
        "short": "Terminó a falta de",
        "closed": "Esto cae en un periodo cerrado",
        "amount": "20",
        "why": "El contrato llegó tarde",
        "ask": "Pedir el ajuste",
        "waits": "Espera a una segunda persona",
        "approve": "Aprobar",
        "approved": "Aprobado",
        "versions": "Versiones",
        "results": "se cerró el",
    },
}
QUARTERS = {"en": ("2026-Q2", "2026-05-20"), "es": ("2026-Q3", "2026-08-20")}


def two_lines() -> dict[str, object]:
    """Ana sells under Marta and was 20.00 short in two quarters; Omar manages another team."""
    root = factories.the_root()
    norte, sur = factories.make_team("Norte", root), factories.make_team("Sur", root)
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    omar = factories.make_person("Omar Otero", Role.MANAGER, sur)
    norte.lead_id, sur.lead_id = marta.id, omar.id
    ana = factories.make_person("María Fernanda Castellanos-Etxeberria", Role.REP, norte, marta)
    alba = factories.make_person("Alba Admin", Role.ADMIN, root)
    lamp = make_product("Lámpara de escritorio con brazo articulado", list_price=20_00)
    made: dict[str, object] = {"ana": ana, "marta": marta, "omar": omar, "alba": alba}
    for language, (key, _day) in QUARTERS.items():
        period = make_period(key)
        made[f"goal_{language}"] = make_goal(ana, 100_00, period=period, by=marta)
        make_goal(norte, 1000_00, period=period)
        make_sale(ana, 80_00, period.starts_on, product=lamp)
    return made


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("closing_in_browser", two_lines, listen=True) as site:
        yield site


def close(site: Site, key: str) -> None:
    with site.app.app_context():
        close_period(db.session.query(Period).filter_by(key=key).one())


def record_late_sale(page: Page, amount: str, day: str, *, has_script: bool = True) -> None:
    page.goto("/sales/new")
    page.fill("input[name=customer]", "Brío")
    page.locator("label:has(input[name=product])").first.click()
    if has_script:
        expect(page.locator("input[name=amount]")).to_have_value("20")  # the list price has come
    page.fill("input[name=amount]", amount)
    closed_on = page.locator("input[name=closed_on]")
    if not closed_on.is_visible():
        page.locator("details:has(input[name=closed_on]) summary").first.click()
    closed_on.fill(day)
    page.locator("main form[action='/sales'] button[type=submit]").last.click()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_late_sale_goes_from_a_closed_period_to_its_approval(
    site: Site, at_site: Browsers, language: str
) -> None:
    words, (key, day) = WORDS[language], QUARTERS[language]
    goal_id = getattr(site, f"goal_{language}")
    page = at_site.page(f"/goals/{goal_id}", "ana", width=390, language=language)
    close(site, key)
    expect(page.locator("#goal-progress .lead")).to_contain_text(words["missed"])
    expect(page.locator(f"#goal-{goal_id}")).to_contain_text(words["short"])
    assert defects(page, language) == []

    record_late_sale(page, words["amount"], day)
    expect(page.locator("main")).to_contain_text(words["closed"])
    expect(page.locator("#asked")).to_contain_text("Brío")
    assert defects(page, language) == []
    page.locator("#ask textarea").fill(words["why"])
    page.get_by_role("button", name=words["ask"]).click()
    expect(page.locator("main")).to_contain_text(words["waits"])
    url = page.url

    other = at_site.page("/goals/adjustments", "omar", width=390, language=language, scheme="dark")
    other.locator("main .card li a").first.click()
    expect(other.locator("#reasons")).to_contain_text(words["why"])
    assert other.url == url
    assert defects(other, language) == []
    other.get_by_role("button", name=words["approve"], exact=True).click()
    expect(other.locator("#decision")).to_contain_text(words["approved"])

    page.goto(f"/goals/{goal_id}")
    expect(page.locator("#goal-progress .lead")).to_contain_text(words["reached"])
    expect(page.locator("#result")).to_contain_text(words["versions"])
    assert defects(page, language) == []
    page.goto("/goals/results?period=" + key)
    expect(page.locator("#results")).to_contain_text(words["results"])
    expect(page.locator(f"#result-{goal_id}")).to_contain_text(words["reached"])


def test_without_javascript_it_is_asked_for_as_well(site: Site, at_site: Browsers) -> None:
    close(site, "2026-Q2")
    page = at_site.page(None, "ana", width=390, java_script_enabled=False)
    record_late_sale(page, "10", "2026-05-21", has_script=False)
    page.locator("#ask textarea").fill("It was signed on paper")
    page.get_by_role("button", name="Ask for the adjustment").click()
    expect(page.locator("#reasons")).to_contain_text("It was signed on paper")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
@pytest.mark.parametrize(
    "path",
    ["/goals/results", "/goals/adjustments", "/goals/adjustments?state=decided", "/goals/periods/closing"],
)
def test_the_pages_are_accessible_and_fit(
    site: Site, readers: Readers, path: str, width: int, scheme: str
) -> None:
    close(site, "2026-Q2")
    page = readers.page(path, "alba", width=width, scheme=scheme, language="es-CO")
    assert defects(page, "es") == []
