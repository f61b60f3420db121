"""Sign-in sessions: rows, found by the hash of the token that the cookie carries.

Thirty minutes without a request or twelve hours in all end a session.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update

from app.core import clock
from app.core.audit import record
from app.core.changes import changes
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db
from app.people.models import Person, SignInSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)

Stamp = tuple[tuple[int, ...], date]

# token -> (stamp, viewer, created_at, seen_at); only while changes are heard
_kept: dict[str, tuple[Stamp, Viewer, datetime, datetime]] = {}
_MAX_KEPT = 20_000


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@atomic
def open_session(person: Person, *, address: str | None, browser: str | None) -> str:
    """Start a session and return its token, which is kept nowhere but in the cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        SignInSession(
            person_id=person.id,
            token_hash=hash_token(token),
            created_at=now,
            seen_at=now,
            address=address,
            browser=(browser or "")[:300] or None,
        )
    )
    return token


def viewer_for(token: str) -> Viewer | None:
    """Whose session a token opens, if it stands and the person still works here."""
    now = clock.now()
    stamp = (changes.stamp(("people", "sessions")), clock.today())
    kept = _kept.get(token) if changes.is_live else None
    # Another process may have seen the person more recently: only the row may say "too late".
    if kept is None or kept[0] != stamp or _is_over(now, kept[2], kept[3]):
        kept = _look_up(token, stamp)
        if kept is None or _is_over(now, kept[2], kept[3]):
            _kept.pop(token, None)
            return None
    _, viewer, created_at, seen_at = kept
    if now - seen_at > SEEN_EVERY:
        mark_seen(viewer.session_id, now)
        seen_at = now
    if changes.is_live:
        if len(_kept) >= _MAX_KEPT:
            _kept.clear()
        _kept[token] = (stamp, viewer, created_at, seen_at)
    return viewer


def _is_over(now: datetime, created_at: datetime, seen_at: datetime) -> bool:
    return now - seen_at > IDLE or now - created_at > ABSOLUTE


def _look_up(token: str, stamp: Stamp) -> tuple[Stamp, Viewer, datetime, datetime] | None:
    row = db.session.execute(
        select(SignInSession.id, SignInSession.created_at, SignInSession.seen_at, Person)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            SignInSession.token_hash == hash_token(token),
            SignInSession.revoked_at.is_(None),
            Person.is_active,
            or_(Person.left_on.is_(None), Person.left_on >= stamp[1]),
        )
    ).one_or_none()
    if row is None:
        return None
    session_id, created_at, seen_at, person = row
    viewer = Viewer(
        session_id=session_id,
        token=token,
        person_id=person.id,
        name=person.name,
        role=person.role,
        team_id=person.team_id,
        locale=person.locale,
        theme=person.theme.value,
    )
    return stamp, viewer, created_at, seen_at


@atomic
def mark_seen(session_id: int, now: datetime) -> None:
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now))


def open_sessions(person_id: int) -> Sequence[SignInSession]:
    """Where a person is signed in, the browser used last first."""
    now = clock.now()
    return db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.seen_at > now - IDLE,
            SignInSession.created_at > now - ABSOLUTE,
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    ).all()


@atomic
def revoke(person_id: int, *, by_id: int | None, only: int | None = None, keep: int | None = None) -> int:
    """End a person's sessions: all, `only` one, or all but the one to `keep`. Returns how many."""
    stmt = update(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.revoked_at.is_(None)
    )
    if only is not None:
        stmt = stmt.where(SignInSession.id == only)
    if keep is not None:
        stmt = stmt.where(SignInSession.id != keep)
    ended = db.session.scalars(stmt.values(revoked_at=clock.now()).returning(SignInSession.id)).all()
    if ended:
        person = db.session.get_one(Person, person_id)
        record("person.signed_out", person, actor_id=by_id, sessions=len(ended))
        changes.announce("sessions", people=[person_id])
    return len(ended)
