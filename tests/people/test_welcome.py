"""The first run of an empty portal."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import create_app
from app.core.permissions import Role
from app.extensions import db
from app.people.models import Company, Person, SignInSession, Team
from config import Config
from tests import factories
from tests.client import Client
from tests.database import fresh_database

ANSWERS = {
    "name": "Andina",
    "person": "Alba Arce",
    "email": "alba@andina.example",
    "password": "una frase bastante larga",
}


def filled(client: Client) -> dict[str, str]:
    return client.get("/welcome").form_data("main form[action='/welcome']") | ANSWERS


@pytest.mark.parametrize("url", ["/", "/sign-in", "/account/preferences", "/password-reset", "/nowhere"])
def test_in_an_empty_portal_every_page_leads_to_the_first_run(anonymous, url):
    assert anonymous.get(url).location == "/welcome"
    fragment = anonymous.hx_get(url)
    assert (fragment.status, fragment.headers["HX-Redirect"]) == (401, "/welcome")


def test_what_is_needed_from_outside_works_in_an_empty_portal(anonymous):
    assert anonymous.get("/health").status == 200
    assert anonymous.post("/language", {"locale": "es_ES", "next": "/welcome"}).location == "/welcome"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("es-CO,es;q=0.9", ("CO", "COP", "America/Bogota", "es_CO")),
        ("es-MX", ("MX", "MXN", "America/Mexico_City", "es_MX")),
        ("es-ES", ("ES", "EUR", "Europe/Madrid", "es_ES")),
        ("es-AR", ("AR", "ARS", "America/Argentina/Buenos_Aires", "es_MX")),
        ("en-GB", ("GB", "GBP", "Europe/London", "en_US")),
        ("en-US,en;q=0.9", ("US", "USD", "America/New_York", "en_US")),
        ("de-AT", ("AT", "EUR", "Europe/Vienna", "en_US")),
        ("xx-ZZ", ("US", "USD", "America/New_York", "en_US")),
        ("", ("US", "USD", "America/New_York", "en_US")),
    ],
)
def test_the_browsers_language_makes_country_and_currency_likely(app, language, expected):
    form = Client(app, language=language).get("/welcome").form_data("main form[action='/welcome']")
    assert (form["country"], form["currency"], form["timezone"], form["locale"]) == expected


def test_the_first_run_makes_the_company_and_its_administrator_who_is_signed_in(anonymous):
    page = anonymous.post("/welcome", filled(anonymous))
    assert (page.status, page.location) == (303, "/")
    company = db.session.get(Company, 1)
    assert (company.name, company.country, company.currency) == ("Andina", "US", "USD")
    assert company.address == "http://localhost/"
    person = db.session.scalars(select(Person)).one()
    assert (person.name, person.role, person.is_active) == ("Alba Arce", Role.ADMIN, True)
    assert db.session.scalars(select(Team.name)).all() == ["Andina"]
    assert anonymous.get("/account/preferences").status == 200


def test_a_refused_form_keeps_what_was_typed_and_says_why(anonymous):
    page = anonymous.post("/welcome", filled(anonymous) | {"password": "kurz", "name": "Ándina"})
    assert page.status == 422
    assert "Take at least 10 characters" in page.text_of(".field__error")
    assert page.form_data("main form[action='/welcome']")["name"] == "Ándina"
    assert page.text_of(".brand") == "Cumbre", "a company that was taken back is not shown"
    page = anonymous.post("/welcome", filled(anonymous) | {"email": "nothing", "name": "  "})
    assert page.status == 422
    assert len(page.all(".field__error")) == 2
    assert db.session.scalar(select(func.count()).select_from(Company)) == 0


def test_a_company_that_nobody_offered_is_refused(anonymous):
    page = anonymous.post("/welcome", filled(anonymous) | {"currency": "XXX", "timezone": "Mars/Base"})
    assert page.status == 422


def test_once_there_is_a_person_the_first_run_is_closed_for_ever(anonymous):
    form = filled(anonymous)
    factories.make_person("Somebody")
    assert anonymous.get("/welcome").status == 404
    assert anonymous.post("/welcome", form).status == 404
    assert anonymous.get("/").location == "/sign-in"


@pytest.mark.slow
def test_two_first_administrators_at_once_are_one(tmp_path: Path):
    with fresh_database("welcome") as url:
        app = create_app(
            Config(
                CUMBRE_DATA=tmp_path,
                SECRET_KEY="x",
                DATABASE_URL=url,
                TESTING=True,
                LISTEN_FOR_CHANGES=False,
            )
        )
        answers: list[int] = []
        start = threading.Barrier(4)

        def found(number: int) -> None:
            client = app.test_client()
            with client.session_transaction() as session:
                session["csrf_token"] = "x"
            with app.app_context():
                from itsdangerous import URLSafeTimedSerializer

                token = URLSafeTimedSerializer("x", salt="wtf-csrf-token").dumps("x")
            form = ANSWERS | {
                "email": f"alba{number}@andina.example",
                "country": "ES",
                "currency": "EUR",
                "timezone": "Europe/Madrid",
                "locale": "es_ES",
                "fiscal_start_month": "1",
                "csrf_token": token,
            }
            start.wait()
            answers.append(client.post("/welcome", data=form).status_code)

        threads = [threading.Thread(target=found, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [303, 404, 404, 404]
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Person)) == 1
            assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 1
            db.session.remove()
            db.engine.dispose()
