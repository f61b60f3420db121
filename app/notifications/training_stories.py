"""News of training: courses to do, due, overdue; and for who asked for a course, that it is completed."""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.events import Event
from app.core.formats import day
from app.extensions import db
from app.notifications import operations
from app.notifications.models import Notification
from app.people.models import Person
from app.training.models import Assignment, AssignmentOrigin, Completion

if TYPE_CHECKING:
    from app.notifications.stories import Story, _Facts


def to_learn(event: Event) -> None:
    """training_assigned, training_due, training_overdue: one event for all who hear the same."""
    said = event.payload
    operations.notify(
        event,
        event.name,
        said["people"],
        course_ids=said["course_ids"],
        due_on=said["due_on"],
        author_id=said.get("author_id"),
    )


def completed(event: Event) -> None:
    """Whoever gave the course hears of it, else the manager; not of what a file or they themselves noted."""
    round_ = db.session.get(Assignment, event.payload["assignment_id"])
    person = db.session.get(Person, event.payload["person_id"])
    if round_ is None or person is None or round_.completion is not Completion.LEARNED:
        return
    by_manager = round_.origin is AssignmentOrigin.MANAGER
    hears = round_.created_by_id if by_manager else person.manager_id
    if hears is not None and hears != person.id and round_.origin is not AssignmentOrigin.OWN:
        operations.notify(
            event, event.name, [hears], course_ids=[round_.course_id], author_id=person.id, score=round_.score
        )


HANDLERS = {
    "training_assigned": to_learn,
    "training_due": to_learn,
    "training_overdue": to_learn,
    "course_completed": completed,
}


def _text(kind: str, title: str | None, number: int, author: str) -> str:
    """`title` where there is one course."""
    said = {"title": title, "author": author}
    if kind == "course_completed":
        return str(_("%(author)s completed a course: %(title)s", **said))
    if kind == "training_assigned":
        if title is not None:
            return str(_("A course for you: %(title)s", **said))
        return str(ngettext("%(num)s course for you", "%(num)s courses for you", number))
    if kind == "training_due":
        if title is not None:
            return str(_("Due soon: %(title)s", **said))
        return str(ngettext("%(num)s course is due soon", "%(num)s courses are due soon", number))
    if title is not None:
        return str(_("This course is overdue: %(title)s", **said))
    return str(ngettext("%(num)s course is overdue", "%(num)s courses are overdue", number))


def story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    said = news.parameters
    titles = [facts.courses[key] for key in said["course_ids"] if key in facts.courses]
    one = titles[0] if len(said["course_ids"]) == 1 and titles else None
    text = _text(news.kind, one, len(said["course_ids"]), facts.author(news))
    parts = [] if one else [", ".join(titles)]
    if said.get("due_on"):
        parts.append(str(_("Due on %(day)s", day=day(date.fromisoformat(said["due_on"])))))
    if said.get("author_id") and news.kind == "training_assigned":
        parts.append(str(_("from %(name)s", name=facts.author(news))))
    return Story(news, "graduation-cap", text, " · ".join(filter(None, parts)) or None, _place(news))


def _place(news: Notification) -> tuple[str, dict[str, Any]]:
    said = news.parameters
    if news.kind == "course_completed":
        return "training_people.person", {"person_id": said["author_id"]}
    if len(said["course_ids"]) == 1:
        return "training.course", {"course_id": said["course_ids"][0]}
    return "training.index", {}
