"""News of sessions and notes: when and who, never what a note says."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.coaching.sessions.words import when
from app.core.events import Event
from app.notifications import operations
from app.notifications.models import Notification

if TYPE_CHECKING:
    from app.notifications.stories import Story, _Facts

Words = Callable[[str], str]


def of_session(event: Event) -> None:
    """The other of the two hears of it; both of what nobody of them did."""
    said = event.payload
    operations.notify(
        event,
        event.name,
        {said["person_id"], said["coach_id"]} - {said["by_id"]},
        session_id=said["session_id"],
        author_id=said["by_id"],
        starts_at=said["starts_at"],
    )


def note_shared(event: Event) -> None:
    said = event.payload
    operations.notify(
        event, event.name, [said["person_id"]], note_id=said["note_id"], author_id=said["author_id"]
    )


def of_note(event: Event) -> None:
    """note_signed, note_added_to: for the other of its two people."""
    said = event.payload
    operations.notify(event, event.name, said["people"], note_id=said["note_id"], author_id=said["by_id"])


SESSIONS: dict[str, tuple[str, Words]] = {
    "session_planned": ("calendar", lambda name: _("%(author)s planned a session with you", author=name)),
    "session_moved": ("calendar-clock", lambda name: _("%(author)s moved your session", author=name)),
    "session_cancelled": ("x", lambda name: _("%(author)s cancelled your session", author=name)),
    "session_held": ("check", lambda name: _("%(author)s wrote down your session", author=name)),
}
NOTES: dict[str, tuple[str, Words]] = {
    "note_shared": ("file-text", lambda name: _("%(author)s shared a note with you", author=name)),
    "note_signed": ("pencil", lambda name: _("%(author)s signed a note", author=name)),
    "note_added_to": ("plus", lambda name: _("%(author)s added to a note that you both signed", author=name)),
}
HANDLERS = {
    **dict.fromkeys(SESSIONS, of_session),
    "note_shared": note_shared,
    "note_signed": of_note,
    "note_added_to": of_note,
}


def story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    said = news.parameters
    icon, words = (SESSIONS | NOTES)[news.kind]
    detail, place = None, ("coaching_notes.show", {"note_id": said.get("note_id")})
    if news.kind in SESSIONS:
        detail = when(datetime.fromisoformat(said["starts_at"]))
        place = ("coaching_sessions.show", {"session_id": said["session_id"]})
    where: tuple[str, dict[str, Any]] = place
    return Story(news, icon, str(words(facts.author(news))), detail, where)
