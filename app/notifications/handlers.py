"""Which events of the rooms below become whose news."""

from sqlalchemy import select

from app.core import events
from app.core.events import Event
from app.core.permissions import Permission, Role, allows
from app.extensions import db
from app.imports.models import Import
from app.notifications import (
    closing_stories,
    coaching_stories,
    diagnosis_stories,
    hr_stories,
    operations,
    plan_stories,
    training_stories,
)
from app.people import queries as people
from app.people.models import Person


def goals_to_answer(event: Event) -> None:
    """goal_proposed, goal_reminded: each is told of their own goals."""
    for person_id, goal_ids in event.payload["by_person"].items():
        one = {"goal_id": goal_ids[0]} if len(goal_ids) == 1 else {}
        operations.notify(
            event,
            event.name,
            [int(person_id)],
            goal_ids=goal_ids,
            period_id=event.payload.get("period_id"),
            author_id=event.payload["author_id"],
            **one,
        )


def goal_answered(event: Event) -> None:
    said = event.payload
    operations.notify(
        event,
        f"goal_{said['kind']}",
        said["people"],
        about_goal_id=said["goal_id"],
        author_id=said["author_id"],
    )
    if said["kind"] in {"accepted", "questioned"} and said["author_id"]:
        operations.settle_goal(said["author_id"], said["goal_id"])


def goal_revised(event: Event) -> None:
    operations.notify(
        event,
        event.name,
        event.payload["people"],
        needs_answer=True,
        goal_id=event.payload["goal_id"],
        revision_id=event.payload["revision_id"],
        author_id=event.payload["author_id"],
    )


def revision_talk(event: Event) -> None:
    """goal_revision_waiting for those who may decide, goal_revision_refused for who asked."""
    operations.notify(
        event,
        event.name,
        event.payload["people"],
        about_goal_id=event.payload["goal_id"],
        about_revision_id=event.payload["revision_id"],
        author_id=event.payload["author_id"],
    )


def revision_acknowledged(event: Event) -> None:
    operations.settle_revision(event.payload["person_id"], event.payload["revision_id"])


def import_finished(event: Event) -> None:
    record = db.session.get(Import, event.payload["import_id"])
    if record is not None and record.created_by_id is not None:
        numbers = {name: event.payload[name] for name in ("rows", "created", "updated", "rejected")}
        operations.notify(
            event,
            event.name,
            [record.created_by_id],
            import_id=record.id,
            filename=record.filename,
            **numbers,
        )


def person_left(event: Event) -> None:
    """Who manages people hears that somebody's reports need a new manager."""
    left = db.session.get(Person, event.payload["person_id"])
    reports = len(people.managed_by(left.id)) if left else 0
    if left is None or not reports:
        return
    roles = [role for role in Role if allows(role, Permission.PEOPLE_MANAGE)]
    managers = db.session.scalars(select(Person.id).where(Person.role.in_(roles), Person.is_active))
    operations.notify(event, "manager_left", managers, left_id=left.id, name=left.name, reports=reports)


HANDLERS = {
    "goal_proposed": goals_to_answer,
    "goal_reminded": goals_to_answer,
    "goal_answered": goal_answered,
    "goal_revised": goal_revised,
    "goal_revision_waiting": revision_talk,
    "goal_revision_refused": revision_talk,
    "goal_revision_acknowledged": revision_acknowledged,
    "import_finished": import_finished,
    "person_left": person_left,
    **hr_stories.HANDLERS,
    **coaching_stories.HANDLERS,
    **plan_stories.HANDLERS,
    **training_stories.HANDLERS,
    **closing_stories.HANDLERS,
    **diagnosis_stories.HANDLERS,
}


def subscribe() -> None:
    for name, handler in HANDLERS.items():
        events.on(name)(handler)
    for name, together in (closing_stories.MANY_HANDLERS | diagnosis_stories.MANY_HANDLERS).items():
        events.on_many(name)(together)
    for name in plan_stories.MANY:
        events.on_many(name)(plan_stories.tell_many)
