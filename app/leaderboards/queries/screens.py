from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.permissions import GRANTS, Permission, Role
from app.core.viewer import Viewer
from app.extensions import db
from app.leaderboards.models import TvLink
from app.people.models import Person


def hash_token(token: str) -> bytes:
    return sha256(token.encode()).digest()


def screen_of(token: str) -> TvLink | None:
    """The screen that a link opens; None once it is revoked, or its maker may not make one any more."""
    roles = [role for role, granted in GRANTS.items() if Permission.TV_MANAGE in granted]
    return db.session.scalars(
        select(TvLink)
        .join(Person, Person.id == TvLink.created_by_id)
        .where(
            TvLink.token_hash == hash_token(token),
            TvLink.revoked_at.is_(None),
            Person.is_active,
            Person.role.in_(roles),
        )
    ).one_or_none()


def screens(viewer: Viewer) -> Sequence[tuple[TvLink, str]]:
    """The screens a viewer looks after, and who made each; the newest first."""
    stmt = (
        select(TvLink, Person.name)
        .join(Person, Person.id == TvLink.created_by_id)
        .where(TvLink.revoked_at.is_(None))
        .order_by(TvLink.created_at.desc(), TvLink.id.desc())
    )
    if viewer.role is not Role.ADMIN:
        stmt = stmt.where(TvLink.created_by_id == viewer.person_id)
    return [(link, name) for link, name in db.session.execute(stmt)]


def screen_for(viewer: Viewer, screen_id: int) -> TvLink:
    """A screen that the viewer looks after. Raises NotFound for all others."""
    found = next((link for link, _ in screens(viewer) if link.id == screen_id), None)
    if found is None:
        raise NotFound
    return found
