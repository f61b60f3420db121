"""Routes of the room people: see tests/route_examples.py."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people import operations, sessions
from app.people.models import SignInSession
from tests.route_examples import Example


def session_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    sessions.open_session(cast.ana, address="127.0.0.1", browser=None)
    return {
        "session_id": db.session.scalars(select(SignInSession.id).order_by(SignInSession.id.desc())).first()
    }


EVERYBODY = {"ana", "marta", "omar", "luis", "hilda", "eva", "ximena", "alba"}
ADMIN = {"alba"}


def ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"person_id": cast.ana.id}


def norte(cast: SimpleNamespace) -> dict[str, Any]:
    return {"team_id": cast.norte.id}


def day_off_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    day = date(2026, 1, 7)
    off = operations.add_days_off(cast.ana, day, day, None, by_id=cast.marta.id)
    return {"person_id": cast.ana.id, "day_off_id": off.id}


EXAMPLES = {
    "people.index": [Example()],
    "people.reporting": [Example()],
    "people.list_invitations": [Example()],
    "people.create_invitations": [Example()],
    "people.new": [Example()],
    "people.create": [Example()],
    "people.show": [
        Example(ana, "of a colleague", reached_by=EVERYBODY),
        Example(
            lambda cast: {"person_id": cast.nora.id},
            "of one who left",
            reached_by={"marta", "hilda", "ximena", "alba"},
        ),
    ],
    "people.edit": [Example(ana, reached_by=ADMIN)],
    "people.update": [Example(ana, reached_by=ADMIN)],
    "people.show_placement": [Example(ana, reached_by=ADMIN)],
    "people.set_placement": [Example(ana, reached_by=ADMIN)],
    "people.create_invitation": [Example(ana, reached_by=ADMIN)],
    "people.show_departure": [Example(ana, reached_by=ADMIN)],
    "people.create_departure": [Example(ana, reached_by=ADMIN)],
    "people.show_return": [Example(lambda cast: {"person_id": cast.nora.id}, reached_by=ADMIN)],
    "people.create_return": [Example(lambda cast: {"person_id": cast.nora.id}, reached_by=ADMIN)],
    "people.create_days_off": [
        Example(ana, "of Ana", reached_by={"marta", "hilda", "alba"}),
        Example(lambda cast: {"person_id": cast.marta.id}, "of Marta", reached_by={"hilda", "alba"}),
    ],
    "people.remove_days_off": [Example(day_off_of_ana, "of Ana", reached_by={"marta", "hilda", "alba"})],
    "people.list_teams": [Example()],
    "people.new_team": [Example()],
    "people.create_team": [Example()],
    "people.show_team": [Example(norte, reached_by=EVERYBODY)],
    "people.edit_team": [Example(norte, reached_by=ADMIN)],
    "people.update_team": [Example(norte, reached_by=ADMIN)],
    "people.archive_team": [Example(norte, reached_by=ADMIN)],
    "people.restore_team": [Example(norte, reached_by=ADMIN)],
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
    "account.show_preferences": [Example()],
    "account.set_preferences": [Example()],
    "account.list_sessions": [Example()],
    "account.revoke_session": [Example(session_of_ana, "of Ana", reached_by={"ana"})],
    "account.revoke_other_sessions": [Example()],
    "account.show_password": [Example()],
    "account.change_password": [Example()],
}
