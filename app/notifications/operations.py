from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.changes import changes
from app.core.events import Event
from app.core.transactions import atomic
from app.extensions import db
from app.goals import revisions
from app.notifications.models import Notification


@atomic
def notify(
    event: Event, kind: str, people: Iterable[int], *, needs_answer: bool = False, **parameters: Any
) -> None:
    """Put news into the inbox of each; an event that comes again adds nothing."""
    wanted = sorted(set(people))
    if not wanted:
        return
    told = db.session.scalars(
        insert(Notification)
        .values(
            [
                {
                    "person_id": person_id,
                    "event_id": event.id,
                    "kind": kind,
                    "parameters": parameters,
                    "needs_answer": needs_answer,
                }
                for person_id in wanted
            ]
        )
        .on_conflict_do_nothing()
        .returning(Notification.person_id)
    ).all()
    if told:
        changes.announce("notifications", people=list(told))


@atomic
def notify_each(told: Sequence[tuple[Event, int, dict[str, Any]]]) -> None:
    """(event, person, parameters): one piece of news an event, for the person it concerns, all at once."""
    if not told:
        return
    rows = [
        {"person_id": person_id, "event_id": event.id, "kind": event.name, "parameters": parameters}
        for event, person_id, parameters in told
    ]
    heard = db.session.scalars(
        insert(Notification).on_conflict_do_nothing().returning(Notification.person_id), rows
    ).all()
    if heard:
        changes.announce("notifications", people=sorted(set(heard)))


@atomic
def mark_read(person_id: int, ids: Iterable[int] | None = None) -> int:
    """These of a person's news, or all of them. What needs an answer stays open in the inbox."""
    stmt = update(Notification).where(Notification.person_id == person_id, Notification.read_at.is_(None))
    if ids is not None:
        stmt = stmt.where(Notification.id.in_(list(ids)))
    read = db.session.scalars(stmt.values(read_at=clock.now()).returning(Notification.id)).all()
    if read:
        changes.announce("notifications", people=[person_id])
    return len(read)


@atomic
def acknowledge(notification: Notification) -> None:
    """Say that one has read a revision, here and at the goal. A second time changes nothing."""
    if not notification.needs_answer or notification.answered_at is not None:
        return
    revision_id = notification.parameters.get("revision_id")
    if revision_id is not None:
        revisions.acknowledge_revision(revision_id, by=notification.person_id)
    _settle(notification.person_id, Notification.id == notification.id)


@atomic
def settle_revision(person_id: int, revision_id: int) -> None:
    """The revision was acknowledged on its goal's page: its news is done."""
    _settle(person_id, Notification.parameters["revision_id"].as_integer() == revision_id)


@atomic
def settle_goal(person_id: int, goal_id: int) -> None:
    """The goal was answered: what asked for the answer is done."""
    _settle(person_id, Notification.parameters["goal_id"].as_integer() == goal_id)


def _settle(person_id: int, which: Any) -> None:
    now = clock.now()
    done = db.session.scalars(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.answered_at.is_(None), which)
        .values(answered_at=now, read_at=db.func.coalesce(Notification.read_at, now))
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    ).all()
    if done:
        db.session.expire_all()
        changes.announce("notifications", people=[person_id])
