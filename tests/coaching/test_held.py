"""Diagnosis knows who was coached when, and nothing else of it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from app.coaching import access
from app.coaching.models import Session, SessionStatus
from app.coaching.sessions import held
from app.diagnosis.loading import records
from app.extensions import db


def make_session(cast: SimpleNamespace, on: date, status: SessionStatus = SessionStatus.HELD) -> None:
    at = datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
    is_held = status is SessionStatus.HELD
    access.as_worker()
    db.session.add(
        Session(
            person_id=cast.ana.id,
            coach_id=cast.marta.id,
            starts_at=at,
            status=status,
            held_at=at if is_held else None,
        )
    )
    db.session.commit()


def test_sessions_that_were_held_in_the_days_asked_for(cast: SimpleNamespace) -> None:
    make_session(cast, date(2026, 8, 3))
    make_session(cast, date(2026, 8, 10), SessionStatus.PLANNED)
    make_session(cast, date(2026, 11, 2))
    found = held.held_sessions(date(2026, 7, 1), date(2026, 9, 30))
    assert found == [(cast.ana.id, date(2026, 8, 3))]


def test_the_loader_asks_for_them(app) -> None:
    assert held.held_sessions in records.held_sessions
