"""Signing in, as a browser without JavaScript does it."""

import hashlib
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.people import passwords, throttle
from app.people.models import Person, SignInAttempt, SignInSession
from tests.client import Client

PASSWORD = "correcto caballo batería"


@pytest.fixture
def ana(cast) -> Person:
    cast.ana.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    return cast.ana


def attempt(client: Client, email: str, password: str, **data: str):
    return client.post("/sign-in", {"email": email, "password": password, **data})


@pytest.fixture
def frozen(monkeypatch):
    """The hands of the clock stand still until the test moves them: `frozen(seconds)`."""
    hands = [clock.now()]
    monkeypatch.setattr("app.core.clock.now", lambda: hands[0])

    def move(seconds: int) -> None:
        hands[0] += timedelta(seconds=seconds)

    return move


def test_email_and_password_open_the_portal(ana, anonymous):
    page = attempt(anonymous, ana.email.upper(), PASSWORD)
    assert (page.status, page.location) == (303, "/")
    assert anonymous.get("/account/preferences").status == 200


def test_one_arrives_where_one_wanted_to_go(ana, anonymous):
    asked = anonymous.get("/account/sessions?x=1")
    form = anonymous.follow(asked)
    assert form.form_data("main form[action='/sign-in']")["next"] == "/account/sessions?x=1"
    page = anonymous.post(
        "/sign-in",
        form.form_data("main form[action='/sign-in']") | {"email": ana.email, "password": PASSWORD},
    )
    assert page.location == "/account/sessions?x=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "http:evil",
        "/%0d%0aX: y\r\nX: y",
    ],
)
def test_next_never_leads_out_of_the_portal(ana, anonymous, target):
    assert attempt(anonymous, ana.email, PASSWORD, next=target).location == "/"


def test_signed_in_already_one_is_sent_on(as_ana):
    assert as_ana.get("/sign-in?next=/account/password").location == "/account/password"
    assert as_ana.get("/sign-in?next=//evil.example").location == "/"


@pytest.mark.parametrize("who", ["ana", "nobody", "bea"])
def test_a_wrong_password_an_unknown_email_and_no_password_look_the_same(ana, cast, anonymous, who):
    email = {"ana": ana.email, "nobody": "nobody@andina.example", "bea": cast.bea.email}[who]
    page = attempt(anonymous, email, "wrong password")
    assert page.status == 422
    assert page.text_of(".field__error") == "E-mail and password do not fit together."


def test_an_unknown_email_costs_as_much_work(ana, anonymous, monkeypatch):
    hashes = []
    original = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda *args: hashes.append(args[1]) or original(*args))
    attempt(anonymous, "nobody@andina.example", "wrong password")
    attempt(anonymous, ana.email, "wrong password")
    assert len(hashes) == 2
    assert passwords._nobodys().split("$")[3] == ana.password_hash.split("$")[3], "the same parameters"


def test_the_token_in_the_cookie_is_new_at_every_sign_in_and_the_old_session_is_over(ana, anonymous):
    attempt(anonymous, ana.email, PASSWORD)
    with anonymous._client.session_transaction() as cookie:
        first = cookie["_user_id"]
    attempt(anonymous, ana.email, PASSWORD)
    with anonymous._client.session_transaction() as cookie:
        assert cookie["_user_id"] != first
    stale = Client(anonymous.app, first)
    assert stale.get("/account/preferences").status == 302


def test_what_a_stranger_put_into_the_cookie_does_not_survive_signing_in(ana, anonymous):
    with anonymous._client.session_transaction() as cookie:
        cookie["planted"] = "yes"
    attempt(anonymous, ana.email, PASSWORD)
    with anonymous._client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_only_a_hash_of_the_token_is_kept(ana, anonymous):
    attempt(anonymous, ana.email, PASSWORD)
    with anonymous._client.session_transaction() as cookie:
        token = cookie["_user_id"]
    kept = db.session.scalars(select(SignInSession.token_hash)).all()
    assert kept == [hashlib.sha256(token.encode()).digest()]


def test_signing_out_ends_the_session_itself_not_only_the_cookie(ana, anonymous):
    attempt(anonymous, ana.email, PASSWORD)
    with anonymous._client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert anonymous.post("/sign-out").location == "/sign-in"
    assert Client(anonymous.app, token).get("/account/preferences").status == 302


def test_a_hash_with_other_parameters_is_made_again(ana, anonymous):
    ana.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    db.session.commit()
    attempt(anonymous, ana.email, PASSWORD)
    kept = db.session.get(Person, ana.id).password_hash
    assert not passwords.is_outdated(kept)
    assert passwords.verify(PASSWORD, kept)


def test_who_left_does_not_get_in(cast, anonymous):
    cast.nora.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    assert attempt(anonymous, cast.nora.email, PASSWORD).status == 422


def test_after_five_failures_one_waits_and_is_told_how_long(ana, anonymous, frozen):
    for _ in range(5):
        assert attempt(anonymous, ana.email, "wrong password").status == 422
    page = attempt(anonymous, ana.email, PASSWORD)
    assert page.status == 429
    assert page.text_of(".field__error") == "Too many attempts. Try again in 15 seconds."
    assert page.headers["Retry-After"] == "15"


def test_the_wait_grows_and_ends(ana, anonymous, frozen):
    for _ in range(5):
        attempt(anonymous, ana.email, "wrong password")
    frozen(15)
    assert attempt(anonymous, ana.email, "wrong password").status == 422
    page = attempt(anonymous, ana.email, PASSWORD)
    assert page.headers["Retry-After"] == "30"
    frozen(30)
    assert attempt(anonymous, ana.email, PASSWORD).status == 303


def test_a_success_forgets_the_failures(ana, anonymous):
    for _ in range(4):
        attempt(anonymous, ana.email, "wrong password")
    attempt(anonymous, ana.email, PASSWORD)
    assert db.session.scalars(select(SignInAttempt)).all() != []  # the address's four remain
    for _ in range(4):
        assert attempt(anonymous, ana.email, "wrong password").status == 422


def test_an_unknown_email_is_slowed_down_as_well(ana, anonymous, frozen):
    for _ in range(5):
        attempt(anonymous, "nobody@andina.example", "wrong password")
    assert attempt(anonymous, "nobody@andina.example", "wrong password").status == 429


def test_many_emails_from_one_address_are_slowed_down(ana, anonymous, frozen):
    now = clock.now()
    attempt(anonymous, "a0@andina.example", "wrong password")
    subject = db.session.scalars(select(SignInAttempt.subject).order_by(SignInAttempt.id.desc())).first()
    db.session.add_all(SignInAttempt(subject=subject, at=now) for _ in range(50))
    db.session.commit()
    assert attempt(anonymous, "a1@andina.example", "wrong password").status == 429


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es-CO", "El correo y la contraseña no coinciden."),
        ("en-US", "E-mail and password do not fit together."),
    ],
)
def test_the_form_speaks_the_browsers_language(app, cast, language, words):
    page = attempt(Client(app, language=language), "nobody@andina.example", "wrong password")
    assert page.text_of(".field__error") == words


def test_the_language_can_be_chosen_before_signing_in(cast, anonymous):
    page = anonymous.get("/sign-in?next=/account/password")
    form = page.form_data("main form[action='/language']")
    answer = anonymous.post("/language", form | {"locale": "es_MX"})
    assert answer.location == "/sign-in?next=/account/password"
    page = anonymous.follow(answer)
    assert page.one("html")["lang"] == "es"
    assert page.text_of("h1") == "Iniciar sesión"


def test_a_language_that_we_do_not_speak_is_not_kept(cast, anonymous):
    answer = anonymous.post("/language", {"locale": "xx", "next": "//evil.example"})
    assert answer.location == "/"
    assert "locale=" not in answer.headers.get("Set-Cookie", "")


def test_the_wait_for_one_email_never_passes_a_quarter_of_an_hour_nor_a_minute_for_an_office(cast):
    by_email, by_address = throttle.subjects("sign-in", "ana@andina.example", "203.0.113.9")
    assert throttle.wait_after(10_000, by_email) == timedelta(minutes=15)
    assert throttle.wait_after(10_000, by_address) == timedelta(minutes=1)
    waits = [throttle.wait_after(number, by_email) for number in range(4, 9)]
    assert [wait.seconds for wait in waits] == [0, 15, 30, 60, 120]


def test_all_addresses_of_a_household_count_as_one():
    one, other, neighbour = (
        throttle.subjects("sign-in", "x", address)[1].key
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert one == other != neighbour
