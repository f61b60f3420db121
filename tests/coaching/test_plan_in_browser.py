"""A plan in Chromium, on phones and in both languages: agreed by two, moved by a sale, done step by step."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.people.models import Person
from app.sales.models import Product
from tests import factories
from tests.browsers import Browsers, Readers, defects, promptly
from tests.coaching.plans import aims_of, figure, found, make_plan, sold
from tests.sales.factories import make_product, make_sale
from tests.site import Site, serving

pytestmark = pytest.mark.browser


def a_team_with_plans() -> dict[str, object]:
    norte = factories.make_team("Norte", factories.the_root())
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    norte.lead_id = marta.id
    product = make_product("GTX Plus Profesional 4000")
    made: dict[str, object] = {"marta": marta, "product": product}
    for name, who in (("ana", "María Fernanda Castellanos-Etxeberria"), ("bea", "Bea Blanco")):
        made[name] = sold_badly(factories.make_person(who, Role.REP, norte, marta), product)
    for number in range(4):
        sold(factories.make_person(team=norte), won=6 + number, lost=14 - number, product=product)
    own_part = [found("capability", 0.8, product=product, figures=[figure(now=0.18, peers=0.33)])]
    for name in ("ana", "bea"):
        plan = make_plan(made[name], own_part)
        made |= {f"{name}s_plan": plan, f"{name}s_aim": aims_of(plan)[0]}
    return made


def sold_badly(person: Person, product: Product) -> Person:
    sold(person, won=9, lost=41, product=product)
    return person


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("plans_in_browser", a_team_with_plans, listen=True) as site:
        yield site


def sell(site: Site, who: int, stage: str = "won") -> None:
    with site.app.app_context():
        product = db.session.get_one(Product, site.product)
        make_sale(db.session.get_one(Person, who), 100_00, clock.today(), stage, product=product)


def agree(page: Page, button: str, done: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#plan-talk")).to_contain_text(done)
    expect(page.locator("#agree")).to_have_count(0)


@pytest.mark.parametrize(
    ("who", "language", "words"),
    [
        (
            "ana",
            "es",
            ("Estoy de acuerdo", "está de acuerdo", "En marcha", "Hecho", "1 de", "¿Por qué este paso?"),
        ),
        ("bea", "en", ("I agree", "agreed", "Running", "Done", "1 of", "Why this step?")),
    ],
)
def test_it_is_agreed_on_two_phones_and_a_sale_moves_the_bar_for_both(
    site: Site, at_site: Browsers, who: str, language: str, words: tuple[str, ...]
) -> None:
    i_agree, agreed, running, done, one_of, why = words
    path, aim = f"/coaching/plans/{getattr(site, f'{who}s_plan')}", getattr(site, f"{who}s_aim")
    rep = at_site.page(path, who, width=390, language=language)
    boss = at_site.page(path, "marta", width=390, language=language, scheme="dark")
    for page in (rep, boss):
        assert defects(page, language) == []
    agree(rep, i_agree, agreed)
    agree(boss, i_agree, agreed)
    for page in (rep, boss):
        expect(page.locator("#plan-progress .badge").first).to_have_text(running)
    reason = rep.locator("#plan-progress details", has_text=why).first
    reason.locator("summary").click()
    bars = [page.locator(f"#aim-{aim} .goal__share") for page in (rep, boss)]
    for bar in bars:
        expect(bar).to_have_text("–")
    sell(site, getattr(site, who))
    with promptly():
        for bar in bars:
            expect(bar).to_contain_text("100")
    sell(site, getattr(site, who), "lost")
    for bar in bars:
        expect(bar).to_contain_text("50")
    assert reason.evaluate("it => it.open"), "what was folded out stays so when the bars move"
    rep.get_by_role("button", name=done).first.click()
    for page in (rep, boss):
        expect(page.locator("#plan-progress")).to_contain_text(f"{one_of} ")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["htmx", "no JavaScript"])
def test_the_manager_changes_a_step(site: Site, at_site: Browsers, options: dict) -> None:
    page = at_site.page(f"/coaching/plans/{site.anas_plan}", "marta", **options)
    page.locator("#plan-progress ol summary[aria-label]").first.click()
    page.get_by_role("link", name="Change or drop").first.click()
    title = "Visit two customers" + (" again" if options else "")
    page.get_by_label("What is to be done").fill(title)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#plan-progress ol")).to_contain_text(title)
    expect(page.locator("#plan-talk")).to_contain_text(f"changed a step: {title}")


@pytest.mark.parametrize(
    "path", ["/coaching/plans", "/coaching/rules", "/coaching/rules/new", "/coaching/rules/steps/new"]
)
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_pages_are_accessible_and_fit(readers: Readers, path: str, width: int, scheme: str) -> None:
    page = readers.page(path, "marta", width=width, scheme=scheme, language="es-MX")
    assert defects(page, "es") == []
