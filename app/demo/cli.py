"""`flask --app wsgi demo`: the demo company, and who may sign in to it."""

import os
import sys

import click
from flask import Flask
from sqlalchemy import select

from app.core.errors import DomainError
from app.core.locales import LOCALES, by_browser
from app.core.permissions import Role
from app.demo import company, words
from app.demo.operations import make_company
from app.extensions import db
from app.people.models import Person

SHOWN = (
    (Role.REP, words.NAMES[0]),
    (Role.MANAGER, words.MANAGERS[0]),
    (Role.DEPARTMENT_LEAD, words.LEADS[1]),
    (Role.HR, words.HR),
    (Role.EXECUTIVE, words.EXECUTIVE),
    (Role.ADMIN, words.ADMIN),
)


def _language_of_the_machine() -> str:
    told = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en_US"
    return by_browser([told.partition(".")[0]]) or "en_US"


def sign_ins() -> list[str]:
    """One line a role; none where the people are real."""
    wanted = {company.address(name): role for role, name in SHOWN}
    found = db.session.scalars(select(Person).where(Person.email.in_(wanted), Person.is_active)).all()
    if len(found) < len(wanted):
        return []
    lines = [f"  {role.value:16} {company.address(name)}" for role, name in SHOWN]
    return [f"Sign in to the demo company with the password {company.PASSWORD}", *lines]


@click.command("demo", help="Make the demo company in an empty portal, or say who may sign in to it.")
@click.option("--sign-ins", "only_sign_ins", is_flag=True, help="Only print the sign-ins, if there are any.")
@click.option("--language", type=click.Choice(LOCALES), help="Of names and money; the machine's by default.")
def demo(only_sign_ins: bool, language: str | None) -> None:
    if not only_sign_ins:
        try:
            make_company(language or _language_of_the_machine())
        except DomainError as error:
            print(f"cumbre: {error.message}", file=sys.stderr)
            sys.exit(1)
    for line in sign_ins():
        print(line)


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)
