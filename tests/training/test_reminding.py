"""Reminders: a week before, the day after, each week; in the inbox and by mail, never twice."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.mail import OutgoingMail
from app.core.permissions import Role
from app.extensions import db
from app.notifications.models import Notification
from app.people.models import Company
from app.training import reminding
from tests.factories import make_person
from tests.jobs import run_jobs
from tests.training.factories import make_course, make_round

DUE = date(2026, 11, 20)


def on(day: date) -> int:
    """Who is reminded on a day, with everything that follows from it."""
    with time_machine.travel(f"{day} 12:00", tick=False):
        number = reminding.remind_all()
        run_jobs()
    return number


def mails() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def news() -> list[str]:
    return list(db.session.scalars(select(Notification.kind).order_by(Notification.id)))


@pytest.fixture
def ana(cast):
    cast.ana.password_hash = "x"
    db.session.get_one(Company, 1).address = "https://cumbre.example/"
    db.session.commit()
    return cast.ana


@pytest.fixture
def round_(ana):
    return make_round(ana, make_course("Selling boots"), assigned_on=date(2026, 10, 1), due_on=DUE)


def test_a_week_before_the_day_after_and_each_week(round_):
    reminded = [day for day in (date(2026, 11, 1) + timedelta(days=n) for n in range(45)) if on(day)]
    assert reminded == [date(2026, 11, 13), *(date(2026, 11, 21) + timedelta(days=7 * n) for n in range(4))]
    assert news() == ["training_due", *["training_overdue"] * 4]
    assert len(mails()) == 5


def test_a_second_time_on_the_same_day_says_nothing(round_):
    assert (on(date(2026, 11, 14)), on(date(2026, 11, 14)), on(date(2026, 11, 15))) == (1, 0, 0)
    assert (news(), len(mails())) == (["training_due"], 1)


def test_a_mail_says_all_that_waits_with_a_link(round_, ana):
    make_round(ana, make_course("Ropes"), assigned_on=date(2026, 10, 1), due_on=date(2026, 11, 25))
    on(date(2026, 11, 21))
    (mail,) = mails()
    assert mail.to == ana.email
    assert mail.subject == "A course is overdue"
    assert "- Selling boots: was due on Nov 20, 2026\n- Ropes: due on Nov 25, 2026" in mail.body
    assert "https://cumbre.example/training" in mail.body
    assert sorted(news()) == ["training_due", "training_overdue"]


def test_the_mail_speaks_the_persons_language(round_, ana):
    ana.locale = "es_ES"
    db.session.commit()
    on(date(2026, 11, 14))
    assert mails()[0].subject == "Un curso vence pronto"
    assert "Hola Ana Alonso" in mails()[0].body


def test_who_cannot_sign_in_gets_no_mail_and_who_left_nothing(cast):
    for person in (cast.bea, cast.nora):
        make_round(person, make_course(), assigned_on=date(2026, 10, 1), due_on=DUE)
    assert on(date(2026, 11, 14)) == 1
    assert (news(), mails()) == (["training_due"], [])


@pytest.mark.parametrize(
    "values",
    [
        {"completed_on": date(2026, 11, 1)},
        {"withdrawn_at": "2026-11-01T00:00:00Z"},
        {"due_on": None},
        {"assigned_on": date(2026, 11, 14)},
    ],
)
def test_nobody_is_reminded_of_what_is_done_or_has_no_day_or_came_today(ana, values):
    given = {"assigned_on": date(2026, 10, 1), "due_on": DUE, **values}
    make_round(ana, make_course(), **given)
    assert on(date(2026, 11, 14)) == 0


def test_many_are_reminded_in_portions(cast, monkeypatch):
    monkeypatch.setattr(reminding, "AT_ONCE", 2)
    course = make_course()
    for _person in range(5):
        make_round(
            make_person(role=Role.REP, team=cast.norte), course, assigned_on=date(2026, 10, 1), due_on=DUE
        )
    assert on(date(2026, 11, 14)) == 5
    assert len(news()) == 5
