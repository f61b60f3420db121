"""What is done to a screen: a link is made, seen, revoked."""

import secrets
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import update

from app.core import clock, idempotency
from app.core.audit import record
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.leaderboards.models import TvLink
from app.leaderboards.queries.screens import hash_token


@atomic
def create_screen(
    name: str,
    boards: Sequence[Mapping[str, str]],
    *,
    seconds: int,
    locale: str | None,
    by: int,
    key: UUID | None = None,
) -> tuple[TvLink, str | None]:
    """A link for a screen, and its token, which is kept nowhere: None for a form that came twice."""
    if key is not None:
        earlier = idempotency.earlier(key, by)
        if earlier is not None and earlier.subject_id is not None:
            return db.session.get_one(TvLink, earlier.subject_id), None
    token = secrets.token_urlsafe(24)
    screen = TvLink(
        name=name,
        token_hash=hash_token(token),
        boards=[dict(board) for board in boards],
        seconds=seconds,
        locale=locale,
        created_by_id=by,
    )
    db.session.add(screen)
    record("screen.created", screen, actor_id=by, boards=len(boards))
    if key is not None:
        idempotency.settle(key, screen.id)
    changes.announce("tv")
    return screen, token


@atomic
def revoke_screen(screen: TvLink, *, by: int) -> None:
    """From now on its link opens nothing; what shows it goes dark at its next look."""
    if screen.revoked_at is not None:
        return
    screen.revoked_at = clock.now()
    record("screen.revoked", screen, actor_id=by)
    changes.announce("tv")


@atomic
def mark_seen(token: str) -> None:
    db.session.execute(
        update(TvLink).where(TvLink.token_hash == hash_token(token)).values(seen_at=clock.now())
    )
