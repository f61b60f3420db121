"""Routes of the room admin: see tests/route_examples.py."""

from types import SimpleNamespace
from typing import Any

from app.core.mail import OutgoingMail
from app.extensions import db
from tests.route_examples import Example


def a_mail(cast: SimpleNamespace) -> dict[str, Any]:
    mail = OutgoingMail(to="a@andina.example", subject="Hello", body="http://localhost/access/x")
    db.session.add(mail)
    db.session.commit()
    return {"mail_id": mail.id}


EXAMPLES = {
    "admin.company": [Example()],
    "admin.set_company": [Example()],
    "admin.audit": [Example()],
    "admin.mails": [Example()],
    "admin.mail": [Example(a_mail, reached_by={"alba"})],
}
