"""Which sessions and notes each member of the cast reaches."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.coaching.models import AgendaItem
from app.coaching.sessions import operations as sessions
from app.coaching.sessions.templates import templates
from app.core import clock
from app.extensions import db
from tests.coaching.talks import (
    make_commitment,
    make_draft,
    make_held,
    make_session,
    make_shared,
    make_signed,
    soon,
    viewer_of,
)
from tests.route_examples import Example

READERS = {"ana", "marta", "hilda"}
TWO = {"ana", "marta"}


def anas(cast: SimpleNamespace) -> dict[str, Any]:
    return {"person_id": cast.ana.id}


def planned(cast: SimpleNamespace) -> dict[str, Any]:
    return {"session_id": make_session(cast.marta, cast.ana).id}


def due(cast: SimpleNamespace) -> dict[str, Any]:
    return {"session_id": make_session(cast.marta, cast.ana, clock.now()).id}


def luiss(cast: SimpleNamespace) -> dict[str, Any]:
    return {"session_id": make_session(cast.omar, cast.luis).id}


def item(cast: SimpleNamespace) -> dict[str, Any]:
    session = make_session(cast.marta, cast.ana, soon())
    sessions.add_item(session.id, "Prices", by=viewer_of(cast.marta))
    return {"item_id": db.session.scalars(select(AgendaItem.id)).one()}


def promise(cast: SimpleNamespace) -> dict[str, Any]:
    return {"commitment_id": make_commitment(make_held(cast.marta, cast.ana), cast.ana, cast.marta).id}


def draft(cast: SimpleNamespace) -> dict[str, Any]:
    return {"note_id": make_draft(cast.marta, cast.ana).id}


def shared(cast: SimpleNamespace) -> dict[str, Any]:
    return {"note_id": make_shared(cast.marta, cast.ana).id}


def signed(cast: SimpleNamespace) -> dict[str, Any]:
    return {"note_id": make_signed(cast.marta, cast.ana).id}


def template(cast: SimpleNamespace) -> dict[str, Any]:
    return {"template_id": templates()[0].id}


COACHES = {"marta", "omar", "eva", "ximena"}
LOOKS = [
    Example(planned, "her own", reached_by=READERS),
    Example(luiss, "of another team", reached_by={"luis", "omar", "hilda"}),
]

EXAMPLES = {
    "coaching_sessions.mine": [Example()],
    "coaching_sessions.team": [Example()],
    "coaching_sessions.person": [
        Example(anas, "her own", reached_by=READERS),
        Example(
            lambda cast: {"person_id": cast.luis.id}, "of another team", reached_by={"luis", "omar", "hilda"}
        ),
    ],
    "coaching_sessions.set_rhythm": [Example(anas, "of her rep", reached_by={"marta"})],
    "coaching_sessions.new": [Example(anas, "with her rep", reached_by={"marta"})],
    "coaching_sessions.create": [Example(anas, "with her rep", reached_by={"marta"})],
    "coaching_sessions.log": [Example()],
    "coaching_sessions.save_log": [Example(anas, "with her rep", reached_by={"marta"})],
    "coaching_sessions.show": LOOKS,
    "coaching_sessions.talk": [
        Example(planned, "her own", reached_by=READERS, is_fragment=True),
        Example(luiss, "of another team", reached_by={"luis", "omar", "hilda"}, is_fragment=True),
    ],
    "coaching_sessions.calendar": LOOKS,
    "coaching_sessions.add_item": [Example(planned, "her own", reached_by=TWO)],
    "coaching_sessions.tick_item": [Example(item, "on her agenda", reached_by=TWO)],
    "coaching_sessions.remove_item": [Example(item, "put there by her", reached_by={"marta"})],
    "coaching_sessions.commit": [Example(planned, "her own", reached_by=TWO)],
    "coaching_sessions.keep": [Example(promise, "hers", reached_by=TWO)],
    "coaching_sessions.reopen": [Example(promise, "hers", reached_by=TWO)],
    "coaching_sessions.show_drop": [Example(promise, "hers", reached_by=TWO)],
    "coaching_sessions.drop": [Example(promise, "hers", reached_by=TWO)],
    "coaching_sessions.hold": [Example(due, "with her rep", reached_by={"marta"})],
    "coaching_sessions.show_move": [Example(planned, "her own", reached_by=TWO)],
    "coaching_sessions.move": [Example(planned, "her own", reached_by=TWO)],
    "coaching_sessions.show_cancel": [Example(planned, "her own", reached_by=TWO)],
    "coaching_sessions.cancel": [Example(planned, "her own", reached_by=TWO)],
    "coaching_sessions.templates": [Example()],
    "coaching_sessions.new_template": [Example()],
    "coaching_sessions.create_template": [Example()],
    "coaching_sessions.edit_template": [Example(template, "everybody's", reached_by=COACHES)],
    "coaching_sessions.change_template": [Example(template, "everybody's", reached_by=COACHES)],
    "coaching_sessions.archive_template": [Example(template, "everybody's", reached_by=COACHES)],
    "coaching_sessions.restore_template": [Example(template, "everybody's", reached_by=COACHES)],
    "coaching_notes.new": [Example(anas, "about her rep", reached_by={"marta"})],
    "coaching_notes.save": [Example(data={"person": "0"}, reached_by=set())],
    "coaching_notes.save_draft": [Example()],
    "coaching_notes.show": [
        Example(draft, "a draft", reached_by={"marta"}),
        Example(shared, "a shared one", reached_by=READERS),
        Example(signed, "a signed one", reached_by=READERS),
    ],
    "coaching_notes.share": [Example(draft, "a draft", reached_by={"marta"})],
    "coaching_notes.show_change": [Example(shared, "a shared one", reached_by={"marta"})],
    "coaching_notes.change": [Example(shared, "a shared one", reached_by={"marta"})],
    "coaching_notes.sign": [Example(shared, "a shared one", reached_by=TWO)],
    "coaching_notes.add": [Example(signed, "a signed one", reached_by=TWO)],
}
