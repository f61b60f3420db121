"""Outgoing mail: written with the change, sent by the worker. Without SMTP an administrator reads it here."""

import smtplib
from datetime import datetime
from email.message import EmailMessage

from flask import current_app
from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, jobs
from app.core.models import Model
from app.core.transactions import atomic
from app.extensions import db


class OutgoingMail(Model):
    __tablename__ = "outgoing_mails"

    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]  # emptied once sent: it may hold a link that opens an account
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]  # what the mail server said when it would not take it


def send(to: str, subject: str, body: str) -> None:
    """Queue a plain-text mail in the running transaction."""
    mail = OutgoingMail(to=to, subject=subject, body=body)
    db.session.add(mail)
    db.session.flush()
    if current_app.config.get("MAIL"):
        jobs.defer("core.deliver_mail", mail_id=mail.id)


@jobs.job("core.deliver_mail", retry=8)
@atomic
def deliver(mail_id: int) -> None:
    mail = db.session.get(OutgoingMail, mail_id, with_for_update=True)
    if mail is None or mail.sent_at is not None or mail.body is None:
        return
    settings = current_app.config["MAIL"]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.sender, mail.to, mail.subject
    message.set_content(mail.body)
    connect = smtplib.SMTP_SSL if settings.tls else smtplib.SMTP
    with connect(settings.host, settings.port, timeout=20) as server:
        if settings.starttls:
            server.starttls()
        if settings.user:
            server.login(settings.user, settings.password or "")
        server.send_message(message)
    mail.sent_at, mail.body = clock.now(), None
