"""For whoever runs the server: a way in when nobody can invite anybody."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.core.permissions import Role
from app.extensions import db
from app.people.models import Person
from app.people.operations import NewPerson, create_person, root
from app.people.operations.access import link_url, make_link, portal_address

group = AppGroup("people", help="People and their access.")


@group.command("link")
@click.argument("email")
@click.option("--name", help="Make this person an administrator if nobody has the e-mail.")
def link(email: str, name: str | None) -> None:
    """Print a link with which the person of EMAIL chooses a password, once."""
    person = db.session.scalars(
        select(Person).where(func.lower(Person.email) == email.lower(), Person.is_active)
    ).one_or_none()
    if person is None and not name:
        raise click.ClickException(f"nobody here has the e-mail {email}; --name adds an administrator")
    if person is None:
        new = NewPerson(name=str(name), role=Role.ADMIN, email=email, team=root())
        person = create_person(new, by_id=None)
    token = make_link(person, by_id=None)
    print(link_url(portal_address() or "http://localhost:8000/", token))
