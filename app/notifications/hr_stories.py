"""News of HR cases: that there is something to read, never what it says."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core.events import Event
from app.notifications import operations
from app.notifications.models import Notification

if TYPE_CHECKING:
    from app.notifications.stories import Story, _Facts


def tell(event: Event) -> None:
    said = event.payload
    operations.notify(
        event, event.name, said["people"], hr_case_id=said["hr_case_id"], author_id=said["author_id"]
    )


WORDS: dict[str, Callable[[str], str]] = {
    "hr_case_opened": lambda author: _("%(author)s of HR opened a case. You can read it.", author=author),
    "hr_case_replied": lambda author: _("%(author)s replied to an HR case", author=author),
    "hr_case_approval_asked": lambda author: _(
        "%(author)s asks you to decide with them on an HR case", author=author
    ),
    "hr_case_approved": lambda author: _("%(author)s approved an HR case", author=author),
    "hr_case_decided": lambda author: _("%(author)s decided an HR case. You can read it.", author=author),
    "hr_case_withdrawn": lambda author: _("An HR case is withdrawn"),
}
HANDLERS = dict.fromkeys(WORDS, tell)


def story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    place: tuple[str, dict[str, Any]] = ("hr_cases.show", {"case_id": news.parameters["hr_case_id"]})
    return Story(news, "scale", str(WORDS[news.kind](facts.author(news))), None, place)
