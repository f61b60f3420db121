"""Routes of the room people: see tests/route_examples.py."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people import sessions
from app.people.models import SignInSession
from tests.route_examples import Example


def session_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    sessions.open_session(cast.ana, address="127.0.0.1", browser=None)
    return {
        "session_id": db.session.scalars(select(SignInSession.id).order_by(SignInSession.id.desc())).first()
    }


EXAMPLES = {
    "people.welcome": [Example()],
    "people.create_company": [Example()],
    "people.sign_in": [Example()],
    "people.create_session": [Example()],
    "people.end_session": [Example()],
    "people.choose_language": [Example()],
    "people.new_reset": [Example()],
    "people.create_reset": [Example()],
    "people.show_access": [Example(lambda cast: {"token": "x"})],
    "people.use_access": [Example(lambda cast: {"token": "x"})],
    "people.show_preferences": [Example()],
    "people.set_preferences": [Example()],
    "people.list_sessions": [Example()],
    "people.revoke_session": [Example(session_of_ana, "of Ana", reached_by={"ana"})],
    "people.revoke_other_sessions": [Example()],
    "people.show_password": [Example()],
    "people.change_password": [Example()],
}
