"""The mails of this room, in the language of whom they are for."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import mail
from app.core.formats import day
from app.people.letters import language_of
from app.people.models import Person


def send_reminder(
    person: Person, courses: Sequence[tuple[str, date]], today: date, address: str | None
) -> None:
    """`courses`: title and due day, the earliest first. Without a known address the mail has no link."""
    with language_of(person) as company:
        late = [title for title, due_on in courses if due_on < today]
        subject = (
            ngettext("A course is overdue", "%(num)s courses are overdue", len(late))
            if late
            else ngettext("A course is due soon", "%(num)s courses are due soon", len(courses))
        )
        lines = [
            (_("%(title)s: was due on %(day)s") if due_on < today else _("%(title)s: due on %(day)s"))
            % {"title": title, "day": day(due_on)}
            for title, due_on in courses
        ]
        where = f"{address.rstrip('/')}/training" if address else _("Training, in Cumbre")
        mail.send(
            person.email or "",
            subject,
            _(
                "Hello %(name)s,\n\nthese courses of %(company)s wait for you:\n\n%(courses)s\n\n"
                "You go on where you stopped, on any device:\n\n%(url)s\n",
                name=person.name,
                company=company,
                courses="\n".join(f"- {line}" for line in lines),
                url=where,
            ),
        )
