"""Outgoing mail: written with the change, sent by the worker. Without SMTP an administrator reads it here."""

import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flask import current_app
from sqlalchemy import func, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, jobs
from app.core.models import Model
from app.core.transactions import atomic
from app.extensions import db
from config import Mail

KEPT = timedelta(days=30)


class OutgoingMail(Model):
    __tablename__ = "outgoing_mails"

    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]  # emptied once sent: it may hold a link that opens an account
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]  # what the mail server said when it would not take it


def is_configured() -> bool:
    """Whether mails leave the portal; else an administrator reads them."""
    return current_app.config.get("MAIL") is not None


def send(to: str, subject: str, body: str) -> None:
    """Queue a plain-text mail in the running transaction."""
    mail = OutgoingMail(to=to, subject=subject, body=body)
    db.session.add(mail)
    db.session.flush()
    if is_configured():
        jobs.defer("core.deliver_mail", mail_id=mail.id)


@jobs.job("core.deliver_mail", retry=30)  # for a day: the server may be down for a night
def deliver(mail_id: int) -> None:
    """Hand a mail to the server, which may refuse: then again later, and the reason stays to be read."""
    try:
        _deliver(mail_id)
    except (OSError, smtplib.SMTPException) as problem:
        _note(mail_id, f"{type(problem).__name__}: {problem}"[:500])
        raise


@atomic
def _deliver(mail_id: int) -> None:
    mail = db.session.get(OutgoingMail, mail_id, with_for_update=True)
    settings = current_app.config["MAIL"]
    if mail is None or mail.sent_at is not None or mail.body is None or settings is None:
        return
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.sender, mail.to, mail.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="cumbre.invalid")
    message.set_content(mail.body)
    secure = ssl.create_default_context()
    with _connection(settings, secure) as server:
        if settings.starttls:
            server.starttls(context=secure)
        if settings.user:
            server.login(settings.user, settings.password or "")
        server.send_message(message)
    mail.sent_at, mail.body, mail.problem = clock.now(), None, None


def _connection(settings: Mail, secure: ssl.SSLContext) -> smtplib.SMTP:
    if settings.tls:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=20, context=secure)
    return smtplib.SMTP(settings.host, settings.port, timeout=20)


@atomic
def _note(mail_id: int, problem: str) -> None:
    db.session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(problem=problem))


@jobs.job("core.forget_mails", cron="23 3 * * *")
@atomic
def forget_old(timestamp: int = 0) -> None:
    """A mail may hold a link that opens an account: what nobody sent or read within a month is emptied."""
    long_ago = clock.now() - KEPT
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.created_at < long_ago, OutgoingMail.body.is_not(None))
        .values(body=None)
    )
