"""Invitations and links for a new password."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.audit import AuditEntry
from app.core.mail import OutgoingMail
from app.extensions import db
from app.people import operations, passwords, sessions
from app.people.models import AccessLink, Company, Person
from app.people.operations import access
from tests.client import Client
from tests.jobs import run_jobs

PASSWORD = "correcto caballo batería"


def mails() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"http://[^/]+(/access/\S+)", mail.body or "")
    assert found, mail.body
    return found[1]


@pytest.fixture
def link(cast) -> str:
    """Ana's invitation."""
    operations.invite([cast.ana], by_id=cast.alba.id, address="http://localhost/")
    return link_in(mails()[-1])


def test_an_invited_person_chooses_a_password_and_is_in(cast, as_alba, anonymous):
    as_alba.post(f"/people/{cast.ana.id}/invitation")
    page = anonymous.get(link_in(mails()[-1]))
    assert "Ana Alonso" in page.text
    answer = anonymous.post(link_in(mails()[-1]), {"password": PASSWORD})
    assert (answer.status, answer.location) == (303, "/")
    assert anonymous.get("/account/preferences").status == 200
    assert passwords.verify(PASSWORD, db.session.get(Person, cast.ana.id).password_hash)


def test_the_mail_speaks_the_persons_language(cast):
    cast.ana.locale = "es_CO"
    db.session.commit()
    operations.invite([cast.ana, cast.bea], by_id=cast.alba.id, address="http://localhost/")
    spanish, english = mails()[-2:]
    assert spanish.subject == "Tu acceso a Cumbre, el portal de ventas de Andina"
    assert english.subject == "Your access to Cumbre, the sales portal of Andina"


def test_only_a_hash_of_the_link_is_kept(link):
    token = link.rpartition("/")[2]
    kept = db.session.scalars(select(AccessLink.token_hash)).all()
    assert kept == [sessions.hash_token(token)]


def test_a_link_works_once_and_says_so_kindly(link, anonymous, app):
    anonymous.post(link, {"password": PASSWORD})
    stranger = Client(app)
    for page in (stranger.get(link), stranger.post(link, {"password": "another one that is long"})):
        assert page.status == 410
        assert page.text_of("h1") == "This link has done its work"


def test_two_uses_at_the_same_time_are_one(link, cast):
    token = link.rpartition("/")[2]
    browser = access.Browser(None, None)
    access.use_link(token, PASSWORD, browser)
    with pytest.raises(access.LinkClosed):
        access.use_link(token, "another one that is long", browser)
    assert passwords.verify(PASSWORD, db.session.get(Person, cast.ana.id).password_hash)


def test_looking_at_a_link_does_not_use_it_up(link, anonymous):
    for _ in range(3):
        assert anonymous.get(link).status == 200


def test_an_old_link_and_an_invented_one_lead_nowhere(link, anonymous):
    db.session.execute(update(AccessLink).values(expires_at=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    assert anonymous.get(link).text_of("h1") == "This link is too old"
    assert anonymous.post(link, {"password": PASSWORD}).status == 410
    assert anonymous.get("/access/invented").text_of("h1") == "This link leads nowhere"


def test_a_newer_invitation_closes_the_older(link, cast, anonymous):
    operations.invite([cast.ana], by_id=cast.alba.id, address="http://localhost/")
    assert anonymous.get(link).status == 410
    assert anonymous.get(link_in(mails()[-1])).status == 200


def test_an_easy_password_leaves_the_link_open(link, cast, anonymous):
    for easy in ("short", "aaaaaaaaaaaaaa", cast.ana.email, "x" * 300):
        page = anonymous.post(link, {"password": easy})
        assert page.status == 422
        assert page.text_of(".field__error")
    assert anonymous.post(link, {"password": PASSWORD}).status == 303


def test_a_new_password_ends_all_sessions_that_were_open(link, as_ana, anonymous):
    anonymous.post(link, {"password": PASSWORD})
    assert as_ana.get("/account/preferences").status == 302
    assert anonymous.get("/account/preferences").status == 200


def test_a_link_of_somebody_who_left_meanwhile_opens_nothing(link, cast, anonymous):
    operations.leave(cast.ana, clock.today(), by_id=cast.alba.id)
    assert anonymous.get(link).status == 410
    assert anonymous.post(link, {"password": PASSWORD}).status == 410


def test_another_email_closes_what_was_mailed_to_the_old_one(link, cast, as_alba, anonymous):
    url = f"/people/{cast.ana.id}"
    form = as_alba.get(f"{url}/edit").form_data("#form-edit")
    as_alba.post(url, form | {"email": "ana.new@andina.example"})
    assert anonymous.get(link).status == 410


@pytest.mark.parametrize("who", ["ana", "nora", "nobody"])
def test_asking_for_a_new_password_never_tells_who_is_here(cast, anonymous, who):
    email = "nobody@andina.example" if who == "nobody" else getattr(cast, who).email
    page = anonymous.post("/password-reset", {"email": email})
    assert page.status == 200
    assert page.text_of("h1") == "Look into your mail"
    other = anonymous.post("/password-reset", {"email": "other@andina.example"})
    assert page.text.replace(email, "E") == other.text.replace("other@andina.example", "E")
    assert mails() == [], "the worker writes the mail: the answer takes as long for everybody"
    run_jobs()
    assert [mail.to for mail in mails()] == ([email] if who == "ana" else [])


def test_a_reset_link_sets_a_new_password(cast, anonymous):
    anonymous.post("/password-reset", {"email": cast.ana.email.upper()})
    run_jobs()
    assert anonymous.post(link_in(mails()[-1]), {"password": PASSWORD}).status == 303


def test_a_reset_link_leads_where_administrators_work_whatever_a_stranger_claims(cast):
    db.session.get(Company, 1).address = "https://cumbre.andina.example/"
    db.session.commit()
    access.request_reset(cast.ana.email, access.Browser("203.0.113.9", None), "https://evil.example/")
    run_jobs()
    assert "https://cumbre.andina.example/access/" in mails()[-1].body
    assert "evil" not in mails()[-1].body


def test_asking_again_and_again_is_slowed_down(cast, anonymous):
    for _ in range(5):
        assert anonymous.post("/password-reset", {"email": cast.ana.email}).status == 200
    page = anonymous.post("/password-reset", {"email": cast.ana.email})
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0


def test_several_are_invited_at_once(cast, as_alba):
    page = as_alba.get("/people/invitations")
    assert len(page.all("input[name=people]")) == 9
    answer = as_alba.post(
        "/people/invitations", {"people": [cast.ana.id, cast.luis.id, cast.nora.id, 999999]}
    )
    assert answer.location == "/people?state=invited"
    assert sorted(mail.to for mail in mails()) == sorted([cast.ana.email, cast.luis.email])
    assert as_alba.post("/people/invitations", {}).location == "/people/invitations"
    listed = as_alba.get("/people?state=invited").text_of("#directory")
    assert "Ana Alonso" in listed
    assert "Bea" not in listed


def test_without_an_email_there_is_no_invitation(cast, as_alba):
    cast.ana.email = None
    db.session.commit()
    as_alba.post(f"/people/{cast.ana.id}/invitation")
    assert mails() == []
    assert "Enter an e-mail address first" in as_alba.get(f"/people/{cast.ana.id}").text


def test_inviting_is_in_the_audit_without_the_link(link, cast):
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person.invited")).one()
    assert (entry.actor_id, entry.subject_id) == (cast.alba.id, cast.ana.id)
    assert link.rpartition("/")[2] not in str(entry.details)


def test_the_operator_can_print_a_link(cast, app, anonymous):
    result = app.test_cli_runner().invoke(args=["people", "link", cast.alba.email])
    path = "/access/" + result.output.strip().rpartition("/")[2]
    assert anonymous.get(path).status == 200
    result = app.test_cli_runner().invoke(args=["people", "link", "nobody@andina.example"])
    assert result.exit_code == 1


def test_what_is_over_is_forgotten(link, cast, anonymous, monkeypatch):
    later = clock.now() + timedelta(days=60)
    monkeypatch.setattr("app.core.clock.now", lambda: later)
    operations.forget_access()
    assert db.session.scalars(select(AccessLink)).all() == []
