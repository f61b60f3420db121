"""What everybody may change about themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.extensions import db
from app.people import operations, passwords, sessions
from app.people.browsers import browser_words
from app.people.models import Person, SignInSession

PASSWORD = "correcto caballo batería"


def test_language_and_theme_hold_from_the_next_page_on(cast, as_ana):
    form = as_ana.get("/account/preferences").form_data("#preferences")
    assert form["locale"] == ""
    answer = as_ana.post("/account/preferences", form | {"locale": "es_CO", "theme": "dark"})
    page = as_ana.follow(answer)
    assert page.one("html")["lang"] == "es"
    assert page.one("html")["data-theme"] == "dark"
    assert page.text_of("h1") == "Preferencias"


def test_with_htmx_the_whole_page_comes_anew(cast, as_ana):
    form = as_ana.get("/account/preferences").form_data("#preferences")
    answer = as_ana.hx_post("/account/preferences", form | {"theme": "light"})
    assert (answer.status, answer.headers["HX-Redirect"]) == (204, "/account/preferences")
    refused = as_ana.hx_post("/account/preferences", form | {"theme": "neon"})
    assert refused.status == 422
    assert refused.one("#preferences")


def test_who_hides_from_boards_stays_in_the_directory(cast, as_ana, as_luis):
    form = as_ana.get("/account/preferences").form_data("#preferences")
    as_ana.post("/account/preferences", form | {"is_hidden": "y"})
    assert db.session.get(Person, cast.ana.id).is_hidden
    assert "Ana Alonso" in as_luis.get("/people").text


def test_sessions_are_listed_with_words_for_the_browser(cast, as_ana):
    sessions.open_session(
        cast.ana,
        address="203.0.113.9",
        browser="Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/126 Safari/537",
    )
    text = as_ana.get("/account/sessions").text_of("#sessions")
    assert "Chrome on Android" in text
    assert "203.0.113.9" in text
    assert text.count("This one") == 1


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604",
            ("Safari", "iPhone"),
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", ("Edge", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko Firefox/127.0", ("Firefox", "Linux")),
        ("curl/8", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_browser_describes_itself(description, words):
    assert browser_words(description) == words


def test_one_session_can_be_ended_from_another(cast, as_ana, as_person):
    other = as_person(cast.ana)
    assert other.get("/account/preferences").status == 200
    buttons = as_ana.get("/account/sessions").all("form[action$='/revocation'][action*='sessions/']")
    one = next(str(b["action"]) for b in buttons if b["action"] != "/account/sessions/revocation")
    page = as_ana.hx_post(one)
    assert page.status == 200
    assert "Sign out there" not in page.text
    assert other.get("/account/preferences").status == 302
    assert as_ana.get("/account/preferences").status == 200


def test_all_other_sessions_can_be_ended_at_once(cast, as_ana, as_person):
    others = [as_person(cast.ana), as_person(cast.ana)]
    assert as_ana.post("/account/sessions/revocation").location == "/account/sessions"
    assert [one.get("/account/preferences").status for one in others] == [302, 302]
    assert as_ana.get("/account/preferences").status == 200


def test_nobody_ends_the_session_of_somebody_else(cast, as_ana, as_luis):
    theirs = db.session.scalars(select(SignInSession.id).where(SignInSession.person_id == cast.luis.id)).one()
    assert as_ana.post(f"/account/sessions/{theirs}/revocation").status == 404
    assert as_luis.get("/account/preferences").status == 200


def test_a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours(cast, as_ana, as_bea_and_luis):
    as_bea, as_luis = as_bea_and_luis
    now = clock.now()
    for person, values in (
        (cast.ana, {"seen_at": now - timedelta(minutes=31)}),
        (cast.bea, {"created_at": now - timedelta(hours=12, minutes=1)}),
    ):
        db.session.execute(update(SignInSession).where(SignInSession.person_id == person.id).values(**values))
    db.session.commit()
    assert as_ana.get("/account/preferences").status == 302
    assert as_bea.get("/account/preferences").status == 302
    assert as_luis.get("/account/preferences").status == 200


@pytest.fixture
def as_bea_and_luis(cast, as_person):
    return as_person(cast.bea), as_person(cast.luis)


def test_the_password_changes_only_with_the_current_one_and_ends_other_sessions(cast, as_ana, as_person):
    cast.ana.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    other = as_person(cast.ana)
    new = {"current": PASSWORD, "password": "otra frase bien distinta"}
    assert as_ana.hx_post("/account/password", new | {"current": "wrong"}).status == 422
    assert as_ana.hx_post("/account/password", new | {"password": "short"}).status == 422
    assert as_ana.post("/account/password", new).location == "/account/sessions"
    assert other.get("/account/preferences").status == 302
    assert as_ana.get("/account/preferences").status == 200
    assert passwords.verify("otra frase bien distinta", db.session.get(Person, cast.ana.id).password_hash)


def test_guessing_the_current_password_is_slowed_down(cast, as_ana):
    cast.ana.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    guess = {"current": "wrong", "password": "otra frase bien distinta"}
    for _ in range(5):
        assert as_ana.hx_post("/account/password", guess).status == 422
    assert as_ana.hx_post("/account/password", guess | {"current": PASSWORD}).status == 429


def test_who_leaves_loses_access_with_the_next_click(cast, as_ana, as_alba):
    assert as_ana.get("/account/preferences").status == 200
    url = f"/people/{cast.ana.id}/departure"
    as_alba.post(url, as_alba.get(url).form_data("#form-departure"))
    assert as_ana.get("/account/preferences").status == 302
    assert as_ana.hx_get("/notifications/bell").status == 401
    sign_in = {"email": cast.ana.email, "password": PASSWORD}
    assert as_ana.post("/sign-in", sign_in).status == 422


def test_another_role_holds_at_once(cast, as_ana):
    assert as_ana.get("/people/new").status == 404
    person = db.session.get(Person, cast.ana.id)
    operations.update_person(
        person,
        name=person.name,
        role=type(person.role).ADMIN,
        email=person.email,
        employee_number=None,
        hired_on=person.hired_on,
        locale=None,
        by_id=cast.alba.id,
    )
    assert as_ana.get("/people/new").status == 200
