"""On a phone, in both languages: a period closes, the rep reads why and contests it, production answers."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.permissions import Role
from app.core.transactions import atomic
from app.diagnosis import opening
from app.diagnosis.findings import Cause
from app.diagnosis.models import Case, Diagnosis
from app.extensions import db
from app.goals import closing
from app.goals.models import Period
from tests import factories
from tests.browsers import Browsers, defects
from tests.diagnosis.factories import amounts
from tests.goals.factories import make_goal, make_period
from tests.jobs import run_jobs
from tests.sales.factories import make_product, make_sale
from tests.site import Site, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REPS, LEADS = 6, 20  # a rep and quarter
QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
WORDS = {
    "en": {
        "what": "Shelter Tent: fewer deals with it were won, by everybody",
        "contest": "This is not right",
        "why": "What is not right?",
        "send": "Send it",
        "sent": "answers.",
        "confirm": "We confirm it",
        "happened": "What happened",
        "do": "Confirm",
        "confirmed": "Confirmed",
    },
    "es": {
        "what": "Shelter Tent: se ganaron menos ventas, y le pasó a todo el mundo",
        "contest": "Esto no es así",
        "why": "¿Qué no es así?",
        "send": "Enviar",
        "sent": "Responde Hilda Ramos.",
        "confirm": "Lo confirmamos",
        "happened": "Qué ha pasado",
        "do": "Confirmar",
        "confirmed": "Confirmada",
    },
}


def a_company_whose_tent_leaks() -> dict[str, object]:
    """Half of all leads are for the tent. In the third quarter nearly none of these is won any more."""
    root = factories.the_root()
    norte = factories.make_team("Norte", root)
    production = factories.make_team("Production", root, kind="department", function="production")
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    petra = factories.make_person("Petra Prieto", Role.DEPARTMENT_LEAD, production)
    hilda = factories.make_person("Hilda Ramos", Role.HR, root)
    norte.lead_id, production.lead_id = marta.id, petra.id
    reps = [factories.make_person(f"Rep{n} Romero", Role.REP, norte, marta) for n in range(REPS)]
    products = [make_product("Shelter Tent"), make_product("Rope")]
    _sell(reps, products)
    for rep in reps:
        make_goal(rep, 900_00, period=make_period("2026-Q3"))
    db.session.commit()
    return {"rep0": reps[0], "rep1": reps[1], "marta": marta, "petra": petra, "hilda": hilda}


@atomic
def _sell(reps: list, products: list) -> None:
    for number in range(REPS * LEADS * 3):
        rep, quarter = number % REPS, number // (REPS * LEADS)
        turn = number // REPS % LEADS
        opened = QUARTERS[quarter] + timedelta(days=turn * 3)
        is_tent = turn % 2 == 0
        is_hit = is_tent and quarter == 2
        is_won = turn % 20 == 0 and rep == 0 if is_hit else turn % 4 < 2
        reason = {} if is_won else {"lost_reason": "product" if is_hit else "no_decision"}
        make_sale(
            reps[rep],
            100_00 if is_won else None,
            opened + timedelta(days=9),
            "won" if is_won else "lost",
            product=products[0] if is_tent else products[1],
            opened_on=opened,
            **reason,
        )


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("diagnosis_in_browser", a_company_whose_tent_leaks) as site:
        with site.app.app_context():
            period = db.session.scalars(db.select(Period).where(Period.key == "2026-Q3")).one()
            closing.close_period(period)
            run_jobs()
            assert opening.diagnose_period(period.id) == 0, "the worker has been there"
            found = db.session.scalars(db.select(Diagnosis.main_cause).distinct()).all()
            assert found == [Cause.PRODUCT]
        yield site


def look(page: Page, language: str) -> None:
    assert defects(page, language) == []


@pytest.mark.parametrize(("language", "scheme", "who"), [("en", "light", "rep0"), ("es", "dark", "rep1")])
def test_the_rep_reads_why_and_contests_it(
    site: Site, at_site: Browsers, language: str, scheme: str, who: str
) -> None:
    said = WORDS[language]
    page = at_site.page("/", who, width=390, language=language, scheme=scheme)
    page.locator("main a[href^='/cases/']").first.click()
    finding = page.locator("article", has_text=said["what"])
    expect(finding).to_be_visible()
    look(page, language)
    finding.locator("a[href*='/records/0']").click()
    expect(page.locator("main tbody tr").first).to_be_visible()
    look(page, language)
    page.go_back()
    page.locator("article", has_text=said["what"]).get_by_role("link", name=said["contest"]).click()
    look(page, language)
    page.get_by_label(said["why"]).fill("The tents I lost were all of one customer who went bankrupt.")
    page.get_by_role("button", name=said["send"]).click()
    expect(page.locator("article", has_text=said["what"])).to_contain_text(said["sent"])
    look(page, language)
    with site.app.app_context():
        case = db.session.scalars(db.select(Case).where(Case.person_id == getattr(site, who))).one()
        assert case.status == "contested"
        assert case.read_at is not None
        assert set(amounts(case)) >= {"product"}


@pytest.mark.parametrize(("language", "scheme"), [("es", "light"), ("en", "dark")])
def test_the_production_lead_finds_the_review_on_their_home(
    site: Site, at_site: Browsers, language: str, scheme: str
) -> None:
    page = at_site.page("/", "petra", width=390, language=language, scheme=scheme)
    page.locator("#asked a").first.click()
    expect(page.locator("h1")).to_contain_text("Shelter Tent")
    look(page, language)
    page.locator("a[href*='/records/0']").first.click()
    expect(page.locator("main tbody tr").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Romero")
    look(page, language)


@pytest.mark.parametrize("language", ["es"])
def test_the_production_lead_answers(site: Site, at_site: Browsers, language: str) -> None:
    said = WORDS[language]
    page = at_site.page("/reviews", "petra", width=390, language=language)
    look(page, language)
    page.locator("main tbody a").first.click()
    page.get_by_text(said["confirm"]).click()
    page.get_by_label(said["happened"]).fill("La costura nueva dejaba pasar el agua.")
    page.get_by_role("button", name=said["do"], exact=True).click()
    expect(page.locator("main")).to_contain_text(said["confirmed"])
    look(page, language)
    page = at_site.page("/cases", "rep0", width=390, language=language)
    page.locator("main tbody a").first.click()
    expect(page.locator("main")).to_contain_text("La costura nueva dejaba pasar el agua.")
    look(page, language)
