"""The mails that this room sends, in the language of whom they are for."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import mail
from app.people.company import settings
from app.people.models import Person


@contextmanager
def language_of(person: Person) -> Iterator[str]:
    """Texts inside come in the person's language; gives the company's name."""
    company = settings()
    with force_locale(person.locale or (company.locale if company else "en_US")):
        yield company.name if company else "Cumbre"


def send_invitation(person: Person, url: str, days: int) -> None:
    with language_of(person) as company:
        mail.send(
            person.email or "",
            _("Your access to Cumbre, the sales portal of %(company)s", company=company),
            _(
                "Hello %(name)s,\n\n%(company)s uses Cumbre for goals, standings and coaching. "
                "Choose a password here and you are in:\n\n%(url)s\n\n"
                "The link works once, for %(days)s days.\n",
                name=person.name,
                company=company,
                url=url,
                days=days,
            ),
        )


def send_reset(person: Person, url: str, minutes: int) -> None:
    with language_of(person) as company:
        mail.send(
            person.email or "",
            _("Choose a new password for Cumbre"),
            _(
                "Hello %(name)s,\n\nsomebody, probably you, asked for a new password at %(company)s. "
                "Choose it here:\n\n%(url)s\n\nThe link works once, for %(minutes)s minutes. "
                "If it was not you, do nothing: your password stays as it is.\n",
                name=person.name,
                company=company,
                url=url,
                minutes=minutes,
            ),
        )
