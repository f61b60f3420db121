"""Who was coached when, for the search for causes: that it was, and never what was said."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, cast, func, select

from app.coaching.access import as_worker_for_a_moment
from app.coaching.models import Session, SessionStatus
from app.core import clock
from app.extensions import db


def held_sessions(first: date, last: date) -> Sequence[tuple[int, date]]:
    """(person, day) of every session held from one day to another."""
    day = cast(func.timezone(clock.zone().key, Session.held_at), Date)
    with as_worker_for_a_moment():
        rows = db.session.execute(
            select(Session.person_id, day)
            .where(Session.status == SessionStatus.HELD, day.between(first, last))
            .order_by(Session.id)
        ).all()
    return [(person_id, on) for person_id, on in rows]
