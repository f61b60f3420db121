"""Learning on a phone in Chromium: stop, go on elsewhere, fail, pass, a certificate; no JavaScript needed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.training import learning
from app.training.models import Lesson, LessonRead
from tests import factories
from tests.browsers import Browsers, Readers, defects, violations
from tests.site import Site, serving
from tests.training.factories import (
    make_course,
    make_lesson,
    make_question,
    make_requirement,
    make_round,
)

pytestmark = pytest.mark.browser

LONG = "\n\n".join(
    f"## Part {number}\n\n" + "A boot is as good as its sole, and a sole as good as the ground. " * 12
    for number in range(1, 9)
)
WIDE = (
    "| "
    + " | ".join(f"A long heading {n}" for n in range(7))
    + " |\n"
    + "|---" * 7
    + "|\n"
    + "| x " * 7
    + "|"
)
SAID = {
    "en": {
        "start": "Start",
        "go on": "Continue",
        "read": "Read. Next",
        "to the quiz": "Read. On to the quiz",
        "hand in": "Hand in",
        "failed": "Not passed yet: 50%",
        "again": "Try again",
        "passed": "Passed with 100%",
        "certificate": "Certificate",
        "genuine": "genuine and valid today",
    },
    "es": {
        "start": "Empezar",
        "go on": "Continuar",
        "read": "Leída. Siguiente",
        "to the quiz": "Leída. Al cuestionario",
        "hand in": "Entregar",
        "failed": "Todavía sin aprobar: 50\u00a0%",
        "again": "Intentar de nuevo",
        "passed": "Aprobado con 100\u00a0%",
        "certificate": "Certificado",
        "genuine": "auténtico y hoy está vigente",
    },
}


def a_team_that_learns() -> dict[str, object]:
    root = factories.the_root()
    norte = factories.make_team("Norte", root)
    marta = factories.make_person("Marta Manrique", Role.MANAGER, norte)
    norte.lead_id = marta.id
    hilda = factories.make_person("Hilda Ramos", Role.HR, root)
    people = {
        name: factories.make_person(full, Role.REP, norte, marta)
        for name, full in (
            ("ana", "María Fernanda Castellanos-Etxeberria"),
            ("bea", "Bea Blanco"),
            ("carla", "Carla Cruz"),
            ("dina", "Dina Díaz"),
        )
    }
    unbroken = make_course("Unbroken")
    endless = make_lesson(unbroken, "E" * 90, "x" * 300 + "\n\n`" + "y" * 200 + "`")
    make_question(unbroken, "z" * 120, "right" * 30, "wrong" * 30)
    course = make_course("Selling boots in all weathers", summary="Know a boot by its sole.", pass_mark=80)
    first = make_lesson(course, "Soles", LONG)
    make_lesson(course, "Laces and other small matters of some importance", f"They are **tied**.\n\n{WIDE}")
    make_question(course, "What holds?", "The sole", "The box", "The colour")
    make_question(course, "What is tied?", "The lace", "The sole")
    make_requirement(course, role=Role.REP)
    today = clock.today()
    for number, person in enumerate(people.values()):
        make_round(person, course, due_on=today + timedelta(days=3 - 2 * number))
    done = make_course("First aid", is_outside=True, valid_months=24)
    make_round(people["ana"], done, completed_on=today, certificate="ABCD-EFGH-JKLM")
    make_round(people["bea"], done)
    make_round(people["dina"], unbroken)
    return {
        **people,
        "endless": endless,
        "unbroken": unbroken,
        "marta": marta,
        "hilda": hilda,
        "course": course,
        "first": first,
    }


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("training_in_browser", a_team_that_learns) as site:
        yield site


@pytest.mark.parametrize(("who", "language", "scheme"), [("ana", "es", "dark"), ("bea", "en", "light")])
def test_a_rep_learns_on_a_phone_and_goes_on_elsewhere(
    site: Site, at_site: Browsers, who: str, language: str, scheme: str
) -> None:
    said = SAID[language]
    phone = at_site.page("/training", who, width=390, language=language, scheme=scheme)
    assert defects(phone, language) == []
    phone.get_by_role("link", name=said["start"]).click()
    expect(phone.locator("h1")).to_have_text("Soles")
    assert defects(phone, language) == []
    with phone.expect_response("**/place") as kept:
        phone.get_by_role("heading", name="Part 5").evaluate("it => it.scrollIntoView()")
        phone.wait_for_function("scrollY > 500")
    assert kept.value.status == 204
    phone.get_by_role("heading", name="Part 6").evaluate("it => it.scrollIntoView()")
    phone.goto("/training")  # left at once: the place is kept on the way out

    desk = at_site.page("/training", who, language=language)
    expect(desk.locator("#next .button")).to_have_attribute("href", f"/training/lessons/{site.first}#part-10")
    desk.get_by_role("link", name=said["go on"]).click()
    expect(desk.get_by_role("heading", name="Part 6")).to_be_in_viewport()
    desk.get_by_role("button", name=said["read"]).click()
    expect(desk.locator("h1")).to_contain_text("Laces")
    assert defects(desk, language) == []

    phone.goto("/training")
    phone.get_by_role("link", name=said["go on"]).click()
    expect(phone.locator("h1")).to_contain_text("Laces")
    assert defects(phone, language) == []
    phone.get_by_role("button", name=said["to the quiz"]).click()
    assert defects(phone, language) == []
    phone.locator("fieldset", has_text="What holds?").get_by_label("The box").check()
    phone.locator("fieldset", has_text="What is tied?").get_by_label("The lace").check()
    phone.get_by_role("button", name=said["hand in"]).click()
    expect(phone.locator("h1")).to_have_text(said["failed"])
    assert defects(phone, language) == []
    phone.get_by_role("link", name=said["again"]).click()
    phone.locator("fieldset", has_text="What holds?").get_by_label("The sole").check()
    phone.locator("fieldset", has_text="What is tied?").get_by_label("The lace").check()
    phone.get_by_role("button", name=said["hand in"]).click()
    expect(phone.locator("h1")).to_have_text(said["passed"])
    assert defects(phone, language) == []
    phone.locator("#result").get_by_role("link", name=said["certificate"]).click()
    expect(phone.locator(".notice")).to_contain_text(said["genuine"])
    assert defects(phone, language) == []
    number = phone.url.rsplit("/", 1)[1]
    other = at_site.page(f"/training/certificates?number={number.lower()}", "marta", language=language)
    expect(other.locator(".certificate__title")).to_have_text("Selling boots in all weathers")


def test_all_of_it_works_without_javascript(at_site: Browsers) -> None:
    page = at_site.page("/training", "carla", width=390, java_script_enabled=False)
    page.get_by_role("link", name="Start").click()
    page.get_by_role("button", name="Stop here and go on later").nth(3).click()
    expect(page.get_by_text("Your place is kept")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    assert page.url.endswith("#part-8")
    page.get_by_role("button", name="Read. Next").click()
    page.get_by_role("button", name="Read. On to the quiz").click()
    page.locator("fieldset", has_text="What holds?").get_by_label("The sole").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".field__error")).to_have_count(1)
    page.locator("fieldset", has_text="What is tied?").get_by_label("The lace").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("h1")).to_have_text("Passed with 100%")


def test_a_lesson_is_written_and_looked_at_before_it_is_saved(site: Site, at_site: Browsers) -> None:
    page = at_site.page(f"/training/courses/{site.course}/edit", "hilda")
    assert violations(page) == []
    page.get_by_role("link", name="Add a lesson").click()
    page.get_by_label("Title").fill("Hostile")
    page.get_by_label("Text", exact=True).fill(
        "# Head\n\n<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
        "\n\n![x](https://evil.example/a.png)"
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview h2")).to_have_text("Head")
    expect(page.locator("#preview")).to_contain_text("<script>")
    assert page.locator("#preview img, #preview script").count() == 0
    assert "taken" not in page.title()
    assert defects(page) == []
    page.get_by_role("button", name="Save the lesson").click()
    page.get_by_role("link", name="3. Hostile").click()
    assert defects(page) == []
    page.goto(f"/training/courses/{site.course}")
    page.get_by_role("link", name="Hostile").click()
    expect(page.locator("article.lesson")).to_contain_text("<script>")
    assert "taken" not in page.title()
    page.goto(f"/training/courses/{site.course}/edit")
    page.locator("#lessons li", has_text="Hostile").locator("summary").click()
    page.get_by_role("button", name="Archive").click()
    expect(page.locator("#lessons")).not_to_contain_text("Hostile")


PAGES = {
    "marta": ("/training/people", "/training/assignments/new", "/training/people/{bea}"),
    "hilda": (
        "/training/courses",
        "/training/courses/new",
        "/training/courses/{course}/edit",
        "/training/courses/{course}/lessons/new",
        "/training/courses/{course}/questions/new",
        "/training/courses/{course}/requirements/new",
    ),
    "dina": (
        "/training/lessons/{endless}",
        "/training/courses/{unbroken}",
        "/training/courses/{unbroken}/quiz",
        "/training",
        "/training/catalogue",
        "/training/courses/{course}",
        "/training/certificates",
    ),
}


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_pages_are_accessible_and_fit(
    site: Site, readers: Readers, who: str, width: int, scheme: str
) -> None:
    page = readers.page(None, who, width=width, scheme=scheme, language="es-MX")
    found = []
    for path in PAGES[who]:
        readers.go(page, path.format(**vars(site)))
        found += defects(page, "es")
    assert found == []


def test_a_place_is_not_lost_by_looking_at_the_beginning(site: Site, at_site: Browsers) -> None:
    with site.app.app_context():
        lesson = db.session.get_one(Lesson, site.first)
        learning.keep_place(site.dina, lesson, 12)
    page = at_site.page(f"/training/lessons/{site.first}", "dina", width=390)
    expect(page.get_by_role("link", name="Go on where you stopped: Part 7")).to_be_visible()
    page.goto("/training")
    with site.app.app_context():
        parts = db.session.scalars(select(LessonRead.part).where(LessonRead.lesson_id == site.first))
        assert 12 in list(parts)
