"""A missed goal on a phone, from the period's close to the coaching that follows, in both languages."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.extensions import db
from app.people.operations.signing_in import set_password
from bin.screens import PASSWORD
from tests.browsers import Browsers, defects, promptly, quiet, sign_in
from tests.goals import missed_quarter
from tests.journeys.conftest import WORKER
from tests.journeys.portal import PATIENCE, Portal, running
from tests.journeys.spoken import Spoken, untranslated
from tests.site import own_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPANIES = {
    "es": {"currency": "EUR", "country": "ES", "timezone": "Europe/Madrid", "locale": "es_ES"},
    "en": {"currency": "USD", "country": "US", "timezone": "America/New_York", "locale": "en_US"},
}

STEP = "Visita conjunta / Joint visit"
NOTE = "Ofertas en el día / Offers the same day"
DRAFT = "QX-DRAFT"
GOAL = {"es": "Ingresos, T3 2026", "en": "Revenue, Q3 2026"}


class Walk:
    """One portal and its people on phones that speak one language."""

    def __init__(self, portal: Portal, browsers: Browsers, language: str) -> None:
        self.portal, self.browsers, self.language = portal, browsers, language
        self.say = Spoken(language)

    def phone(self, path: str, who: str | None = None, scheme: str = "light") -> Page:
        return self.browsers.page(path, who, width=390, language=self.language, scheme=scheme)

    def look(self, page: Page, name: str) -> None:
        """Accessible, no wider than the phone, in one language."""
        found = [*defects(page, self.language), *untranslated(page, self.language)]
        assert found == [], name

    def wait_for_worker(self) -> None:
        """Everything that has happened is told."""
        self.wait_until("SELECT count(*) = 0 FROM procrastinate_jobs WHERE task_name LIKE 'core.deliver%%'")

    def wait_until(self, statement: str) -> None:
        """The worker has done something, however busy the machine is."""
        deadline = time.monotonic() + PATIENCE
        while not self.portal.row(f"SELECT ({statement}) AS is_so")["is_so"]:
            assert time.monotonic() < deadline, statement
            time.sleep(0.05)


@pytest.fixture(params=["es", "en"])
def walk(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    language = request.param
    with own_app(f"missed_{WORKER}") as app:
        with app.app_context():
            cast = missed_quarter.write(**COMPANIES[language])
            set_password(cast.rosa, PASSWORD, by_id=cast.rosa.id)
            db.session.commit()
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        with (
            running(url, tmp_path_factory.mktemp("missed")) as portal,
            quiet(Browsers(chromium, portal)) as browsers,
        ):
            yield Walk(portal, browsers, language)


def close_the_quarter(walk: Walk) -> None:
    """By command, or by the worker, which does it every minute anyway."""
    if walk.language == "es":
        done = walk.portal.command("periods", "close", missed_quarter.KEY)
        assert done.returncode == 0, done.stderr
    else:
        walk.portal.connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            """ VALUES ('default', 'goals.close_periods', '{"timestamp": 0}')"""
        )
    walk.wait_until("SELECT count(*) = 7 FROM cases")
    walk.wait_for_worker()


def the_rep_is_told_reads_why_and_contests(walk: Walk) -> Page:
    say, page = walk.say, walk.phone("/sign-in")
    sign_in(page, walk.portal.person("Rosa Romero")["email"])
    expect(page.locator("main")).to_contain_text(say("What the records say about a goal that was missed"))
    walk.look(page, "home")
    page.locator("#bell a").tap()
    page.wait_for_url("**/notifications")
    walk.look(page, "inbox")
    told = say("What the records say about a missed goal: %(goal)s", goal=GOAL[walk.language])
    page.locator("#inbox").get_by_role("link", name=told).tap()
    expect(page.get_by_role("heading", name=say("What explains it"))).to_be_visible()
    walk.look(page, "case")
    finding = page.locator("article", has_text="Shelter Tent").first
    finding.get_by_role("link", name=say("This is not right")).tap()
    page.get_by_label(say("What is not right?")).fill("Feria Valle 2026")
    walk.look(page, "contest")
    page.get_by_role("button", name=say("Send it")).tap()
    expect(finding).to_contain_text(say("%(name)s answers.", name="Hilda Ramos"))
    walk.look(page, "contested")
    return page


def the_reviewer_answers(walk: Walk) -> None:
    say, page = walk.say, walk.phone("/", "Hilda Ramos", scheme="dark")
    walk.look(page, "hilda-home")
    page.locator("#asked a").first.tap()
    page.get_by_label(say("The finding stands")).check()
    page.get_by_role("textbox", name=say("Why")).fill("Feria Valle 2026: sí / yes.")
    walk.look(page, "contest-answer")
    page.get_by_role("button", name=say("Answer"), exact=True).tap()
    expect(page.locator("#toasts")).not_to_be_empty()
    walk.look(page, "contest-answered")


def production_takes_an_action(walk: Walk) -> None:
    say, page = walk.say, walk.phone("/", "Petra Prieto")
    walk.look(page, "petra-home")
    page.locator("#asked a").first.tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shelter Tent")
    walk.look(page, "review")
    page.get_by_text(say("We do something about it")).tap()
    page.get_by_label(say("What is done about it")).fill("Costura doble / double seam")
    page.locator("#action-due_on").fill("2027-01-29")
    walk.look(page, "review-action")
    page.get_by_role("button", name=say("Plan it")).tap()
    expect(page.get_by_role("heading", name=say("Corrective actions"))).to_be_visible()
    walk.look(page, "review-answered")


def the_manager_edits_the_plan(walk: Walk) -> Page:
    say, page = walk.say, walk.phone("/", "Marta Manrique")
    walk.look(page, "marta-home")
    page.locator("#bell a").tap()
    page.wait_for_url("**/notifications")
    walk.look(page, "marta-inbox")
    page.goto("/coaching/plans")
    walk.look(page, "marta-plans")
    page.locator("main a", has_text="Rosa Romero").first.tap()
    expect(page.locator("#plan-progress")).to_be_visible()
    walk.look(page, "marta-plan")
    page.locator("#plan-progress ol summary[aria-label]").first.tap()
    page.get_by_role("link", name=say("Change or drop")).first.tap()
    page.get_by_label(say("What is to be done")).fill(STEP)
    walk.look(page, "marta-step")
    page.get_by_role("button", name=say("Save")).tap()
    expect(page.locator("#plan-progress ol")).to_contain_text(STEP)
    return page


def the_rep_comments_and_both_agree(walk: Walk, rosa: Page, marta: Page) -> None:
    say = walk.say
    rosa.goto("/")
    walk.look(rosa, "rosa-home-plan")
    rosa.locator("main").get_by_role("link", name=say("To the plan")).tap()
    expect(rosa.locator("#plan-progress")).to_be_visible()
    walk.look(rosa, "rosa-plan")
    rosa.locator("#comment-text").fill("¿Y en enero? / And in January?")
    rosa.get_by_role("button", name=say("Send"), exact=True).tap()
    expect(marta.locator("#plan-talk")).to_contain_text("And in January?")
    for page, name in ((rosa, "Rosa Romero"), (marta, "Marta Manrique")):
        page.get_by_role("button", name=say("I agree"), exact=True).tap()
        expect(page.locator("#plan-progress")).to_contain_text(say("%(name)s agreed", name=name))
    walk.look(marta, "marta-agreed")
    walk.look(rosa, "rosa-agreed")


def the_manager_holds_a_session(walk: Walk, person_id: int) -> tuple[str, str]:
    """With a shared note, and a draft of the manager's own: the paths of the session and the draft."""
    path = f"/coaching/sessions/log?person={person_id}"
    say, page = walk.say, walk.phone(path, "Marta Manrique", scheme="dark")
    page.locator("[name=body]").fill(NOTE)
    page.get_by_label(say("The two of us, and HR")).check()
    page.locator("[name=promise-0]").fill("Llamar a tres / Call three")
    walk.look(page, "session-log")
    page.get_by_role("button", name=say("Save the session")).tap()
    page.wait_for_url(re.compile(r"/coaching/sessions/\d+$"))
    expect(page.locator("#session")).to_contain_text("Call three")
    walk.look(page, "session")
    session = page.url
    page.get_by_role("link", name=say("Begin a note")).tap()
    page.locator("[name=body]").fill(DRAFT)
    page.get_by_role("button", name=say("Save the draft")).tap()
    page.wait_for_url(re.compile(r"/coaching/notes/\d+$"))
    walk.look(page, "draft")
    return session, page.url


def a_sale_moves_the_bars(walk: Walk, rosa: Page, marta: Page) -> None:
    say = walk.say
    bars = [page.locator("#plan-progress .goal__share").first for page in (rosa, marta)]
    before = [bar.inner_text() for bar in bars]
    tab = rosa.context.new_page()
    tab.goto("/sales/new")
    walk.look(tab, "record")
    tab.get_by_label(say("Customer")).fill("Refugio")
    tab.get_by_text("Rope", exact=True).tap()
    tab.locator("#amount").fill("100")
    tab.get_by_role("button", name=say("Save the sale")).tap()
    tab.wait_for_url("**/sales/*")
    with promptly():
        for bar, was in zip(bars, before, strict=True):
            expect(bar).not_to_have_text(was)
    walk.look(rosa, "rosa-moved")
    walk.look(tab, "sale")


def hr_reads_what_it_may(walk: Walk, session: str, plan: str, draft: str) -> None:
    page = walk.phone(session, "Hilda Ramos")
    expect(page.locator("main")).to_contain_text("Call three")
    expect(page.locator("main")).not_to_contain_text(DRAFT)
    page.locator("main a[href*='/coaching/notes/']").tap()
    expect(page.locator("#note-body")).to_contain_text(NOTE)
    walk.look(page, "hr-note")
    page.goto(plan)
    expect(page.locator("#plan-progress")).to_contain_text(STEP)
    for is_for_the_two in ("textarea", "main form[method=post]"):
        expect(page.locator(is_for_the_two)).to_have_count(0)
    walk.look(page, "hr-plan")
    walk.browsers.expected = {404}
    walk.browsers.go(page, draft, 404)
    walk.look(page, "hr-draft")


def others_read_nothing(walk: Walk, *paths: str) -> None:
    peer = walk.phone("/", "Remedios Romero")
    assert [peer.request.get(path).status for path in paths] == [404] * len(paths)


def test_from_the_close_to_the_coaching_that_follows(walk: Walk) -> None:
    close_the_quarter(walk)
    rosa = the_rep_is_told_reads_why_and_contests(walk)
    the_reviewer_answers(walk)
    production_takes_an_action(walk)
    walk.wait_for_worker()
    marta = the_manager_edits_the_plan(walk)
    the_rep_comments_and_both_agree(walk, rosa, marta)
    session, draft = the_manager_holds_a_session(walk, walk.portal.person("Rosa Romero")["id"])
    a_sale_moves_the_bars(walk, rosa, marta)
    hr_reads_what_it_may(walk, session, rosa.url, draft)
    others_read_nothing(walk, session, rosa.url, draft)
    rosa.goto(session)
    rosa.locator("main a[href*='/coaching/notes/']").tap()
    expect(rosa.get_by_text(walk.say("Who has read it"))).to_be_visible()
    expect(rosa.locator("main")).to_contain_text("Hilda Ramos")
    walk.look(rosa, "rosa-note")
