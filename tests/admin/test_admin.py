"""Company settings, the audit, kept mails."""

import re
import smtplib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.admin.words import ACTIONS
from app.core import clock, mail
from app.core.audit import AuditEntry
from app.core.audit import record as record_audit
from app.core.mail import OutgoingMail
from app.core.transactions import atomic
from app.extensions import db
from app.people import operations
from app.people.models import Company, Team
from config import Mail
from tests.goals.factories import make_goal
from tests.jobs import run_jobs


def test_settings_hold_everywhere_at_once(cast, as_alba, as_ana):
    form = as_alba.get("/admin/company").form_data("#company")
    assert (form["name"], form["currency"]) == ("Andina", "USD")
    answer = as_alba.post("/admin/company", form | {"name": "Cordillera", "timezone": "Europe/Madrid"})
    assert answer.location == "/admin/company"
    assert "Cordillera" in as_ana.get("/account/preferences").text_of("title")
    assert db.session.get(Team, cast.root.id).name == "Cordillera"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "company.changed")).one()
    assert (entry.actor_id, entry.details) == (cast.alba.id, {"fields": ["name", "timezone"]})


def test_settings_that_make_no_sense_are_refused(cast, as_alba):
    form = as_alba.get("/admin/company").form_data("#company")
    for change in ({"name": " "}, {"currency": "XXX"}, {"fiscal_start_month": "13"}, {"country": "?"}):
        assert as_alba.hx_post("/admin/company", form | change).status == 422
    assert db.session.get(Company, 1).name == "Andina"


def test_the_currency_stays_once_there_are_sales(cast, as_alba, monkeypatch):
    form = as_alba.get("/admin/company").form_data("#company")
    assert as_alba.post("/admin/company", form | {"currency": "EUR"}).status == 303
    monkeypatch.setattr("app.admin.queries.has_sales", lambda: True)
    page = as_alba.hx_post("/admin/company", form | {"currency": "COP"})
    assert (page.status, page.text_of(".field__error")) == (
        422,
        "There are sales in EUR already, so the currency stays.",
    )


def test_the_business_year_stays_once_quarters_have_goals(cast, as_alba):
    form = as_alba.get("/admin/company").form_data("#company")
    make_goal(cast.ana, period="2026-Q3")
    page = as_alba.hx_post("/admin/company", form | {"fiscal_start_month": "4"})
    assert page.status == 422
    assert "so the business year stays" in page.text


def rows(page) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page.all("#audit tbody tr")]


def test_the_audit_says_who_changed_what_and_when(cast, as_alba):
    operations.place(cast.ana, cast.sur, clock.today(), by_id=cast.alba.id)
    operations.set_manager(cast.ana, cast.omar, clock.today(), by_id=None)
    latest, before = rows(as_alba.get("/admin/audit"))[:2]
    assert latest.startswith("Manager changed The portal itself")
    assert before.startswith("Moved to another team Alba Admin")
    assert "Ana Alonso" in before
    assert "team: Sur" in before


def test_the_audit_says_kinds_fields_days_and_figures_in_words(cast, as_alba, as_person):
    in_spanish = as_person(cast.alba, "es-MX")
    goal = make_goal(cast.ana, 1_234_00)

    @atomic
    def changes() -> None:
        for action, subject, details in (
            ("import.uploaded", None, {"kind": "sales", "filename": "ventas.csv"}),
            ("person.changed", cast.ana, {"fields": ["role", "email"], "role": "department_lead"}),
            ("step_rule.removed", None, {"step": "follow_up"}),
            ("holiday.set", None, {"on": "2026-12-25", "is_working": False}),
            ("training.assigned", None, {"people": [cast.ana.id, cast.bea.id]}),
            ("goal.proposed", goal, {"target": "123400.0000"}),
            ("goal.revised", goal, {"reason": "economy"}),
            ("case.contested", None, {"cause": "delivery"}),
        ):
            record_audit(action, subject, actor_id=cast.alba.id, **details)

    changes()
    details = {
        "import.uploaded": ("kind: Sales", "tipo: Ventas"),
        "person.changed": (
            "role: Department lead · fields: role, e-mail",
            "función: Responsable de departamento",
        ),
        "step_rule.removed": ("step: Followed up", "paso: Con seguimiento"),
        "holiday.set": ("day: Dec 25, 2026", "un día laborable: no"),
        "training.assigned": ("people: Ana Alonso, Bea", "personas: Ana Alonso, Bea"),
        "goal.proposed": ("target: $1,234", "objetivo: USD 1,234"),
        "goal.revised": ("reason: The economy", "motivo: La economía"),
        "case.contested": ("cause: Delivery and production", "causa: Entrega y producción"),
    }
    for action, (english, spanish) in details.items():
        assert english in rows(as_alba.get(f"/admin/audit?what={action}"))[0]
        assert spanish in rows(in_spanish.get(f"/admin/audit?what={action}"))[0]


def test_the_audit_is_filtered_by_who_what_and_when(cast, as_alba):
    operations.place(cast.ana, cast.sur, clock.today(), by_id=cast.alba.id)
    operations.archive_team(operations.create_team("X", cast.sales, by_id=cast.omar.id), by_id=cast.omar.id)
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    for query, expected in (
        ("who=alba", 1),
        ("who=omar", 2),
        ("who=nobody", 0),
        ("what=team", 2),
        ("what=team.archived", 1),
        (f"first={today}&last={today}", 3),
        (f"first={tomorrow}", 0),
        ("first=nonsense&page=nonsense", 3),
        (f"subject=people&subject_id={cast.ana.id}", 1),
    ):
        assert len(rows(as_alba.get(f"/admin/audit?{query}"))) == expected, query


def test_the_audit_comes_in_pages_and_keeps_the_filter(cast, as_alba):
    @atomic
    def many() -> None:
        for _ in range(60):
            record_audit("sale.corrected", None, actor_id=cast.alba.id)

    many()
    page = as_alba.get("/admin/audit?what=sale")
    assert len(rows(page)) == 50
    following = str(page.one("a[rel=next]")["href"])
    assert "what=sale" in following
    assert len(rows(as_alba.get(following))) == 10


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_the_audit_stands_as_it_was_written(cast, change):
    operations.place(cast.ana, cast.sur, clock.today(), by_id=cast.alba.id)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        db.session.execute(text(change))


@pytest.fixture
def kept(cast) -> OutgoingMail:
    operations.invite([cast.ana], by_id=cast.alba.id, address="http://localhost/")
    return db.session.scalars(select(OutgoingMail)).one()


@pytest.fixture
def smtp(app, monkeypatch):
    """A mail server that takes everything, or says what it was told to say."""
    monkeypatch.setitem(app.config, "MAIL", Mail(host="mail.example", sender="cumbre@andina.example"))
    taken = []

    class Server:
        problem: Exception | None = None

        def __init__(self, *args, **kwargs) -> None: ...
        def __enter__(self):
            return self

        def __exit__(self, *args) -> None: ...
        def send_message(self, message) -> None:
            if Server.problem:
                raise Server.problem
            taken.append(message)

    monkeypatch.setattr(smtplib, "SMTP", Server)
    Server.taken = taken
    return Server


def test_without_a_mail_server_the_administrator_reads_the_link_and_that_is_in_the_audit(cast, kept, as_alba):
    assert "No mail server is set" in as_alba.get("/admin/mails").text
    page = as_alba.get(f"/admin/mails/{kept.id}")
    assert str(page.one("#mail-link")["href"]).startswith("http://localhost/access/")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.read")).one()
    assert (entry.actor_id, entry.details["to"]) == (cast.alba.id, cast.ana.email)


def test_with_a_mail_server_mails_leave_and_nobody_reads_them_here(cast, as_alba, smtp):
    operations.invite([cast.ana], by_id=cast.alba.id, address="http://localhost/")
    waiting = db.session.scalars(select(OutgoingMail)).one()
    assert "/access/" not in as_alba.get(f"/admin/mails/{waiting.id}").html
    run_jobs("core.deliver_mail")
    message = smtp.taken[0]
    assert (message["To"], message["From"]) == (cast.ana.email, "cumbre@andina.example")
    assert "/access/" in message.get_content()
    sent = db.session.get(OutgoingMail, waiting.id)
    assert sent.sent_at is not None
    assert sent.body is None, "what opens an account is not kept"
    mail.deliver(waiting.id)
    assert len(smtp.taken) == 1, "the job again sends nothing again"


def test_what_the_mail_server_refuses_is_tried_again_and_shown(cast, as_alba, smtp):
    operations.invite([cast.ana], by_id=cast.alba.id, address="http://localhost/")
    waiting = db.session.scalars(select(OutgoingMail)).one()
    smtp.problem = smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})
    with pytest.raises(smtplib.SMTPException):
        mail.deliver(waiting.id)
    db.session.expire_all()
    assert "Refused" in as_alba.get("/admin/mails").text
    assert "550" in as_alba.get(f"/admin/mails/{waiting.id}").text
    smtp.problem = None
    mail.deliver(waiting.id)
    db.session.expire_all()
    assert "Sent" in as_alba.get("/admin/mails").text


def test_a_kept_mail_is_emptied_after_a_month(cast, kept, monkeypatch, as_alba):
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("app.core.clock.now", lambda: later)
    mail.forget_old()
    monkeypatch.undo()
    db.session.expire_all()
    assert "The text is no longer kept" in as_alba.get(f"/admin/mails/{kept.id}").text


def test_nobody_but_administrators_gets_in(cast, as_marta, as_hilda, kept):
    for url in ("/admin/company", "/admin/audit", "/admin/mails", f"/admin/mails/{kept.id}"):
        assert as_marta.get(url).status == 404
        assert as_hilda.get(url).status == 404


def test_the_pages_speak_spanish(cast, as_person, kept):
    client = as_person(cast.alba, "es-CO")
    assert client.get("/admin/company").text_of("h1") == "Empresa"
    assert client.get("/admin/audit").text_of("h1") == "Auditoría"
    assert "No hay servidor de correo" in client.get("/admin/mails").text


def test_a_mail_setting_hides_its_password():
    assert "secret" not in repr(Mail(host="x", password="secret"))


def test_every_action_that_is_recorded_has_words(app):
    """As far as they are written out, and not put together."""
    code = "".join(path.read_text("utf-8") for path in Path(app.root_path).rglob("*.py"))
    recorded = set(re.findall(r"audit\.record(?:ing|_audit)?\(\s*\"([a-z_]+\.[a-z_]+)\"", code))
    assert "goal.created" in recorded
    assert recorded - set(ACTIONS) == set()
