import threading

from sqlalchemy import Select, func, select

from app.core.changes import Detail, changes
from app.core.errors import NotFound
from app.core.viewer import Viewer
from app.extensions import db
from app.notifications.models import Notification


def inbox(viewer: Viewer, *, only_unread: bool = False) -> Select[Notification]:
    """A person's news, the latest first."""
    stmt = (
        select(Notification)
        .where(Notification.person_id == viewer.person_id)
        .order_by(Notification.id.desc())
    )
    return stmt.where(Notification.read_at.is_(None)) if only_unread else stmt


def notification_for(viewer: Viewer, notification_id: int) -> Notification:
    """One's own news. Raises NotFound for other people's."""
    found = db.session.scalars(
        select(Notification).where(
            Notification.id == notification_id, Notification.person_id == viewer.person_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


class _Counts:
    """Unread news by person, for the bell on every page; kept while changes are heard."""

    def __init__(self) -> None:
        self._kept: dict[int, int] = {}
        self._lock = threading.Lock()

    def of(self, person_id: int) -> int:
        if changes.is_live and (kept := self._kept.get(person_id)) is not None:
            return kept
        stamp = changes.stamp(("notifications",))
        found = _count(person_id)
        with self._lock:
            if changes.is_live and changes.stamp(("notifications",)) == stamp:
                self._kept[person_id] = found
        return found

    def forget(self, detail: Detail) -> None:
        with self._lock:
            if detail and "people" in detail:
                for person_id in detail["people"]:
                    self._kept.pop(person_id, None)
            else:
                self._kept.clear()


def _count(person_id: int) -> int:
    stmt = select(func.count()).where(Notification.person_id == person_id, Notification.read_at.is_(None))
    return db.session.scalar(stmt) or 0


counts = _Counts()


def unread_count(person_id: int) -> int:
    return counts.of(person_id)
