"""News of coaching plans: that there is something to look at, as long as one may read the plan."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.coaching.access import reading_as
from app.coaching.models import Plan
from app.coaching.plans.queries import named
from app.coaching.plans.words import plan_name
from app.core.changes import changes
from app.core.events import Event
from app.core.transactions import atomic
from app.extensions import db
from app.notifications import operations
from app.notifications.models import Notification
from app.people.models import Person

if TYPE_CHECKING:
    from app.notifications.stories import Story, _Facts

SEVERAL = "plans_wait"
ICONS = {
    SEVERAL: "footprints",
    "plan_proposed": "footprints",
    "plan_extended": "footprints",
    "plan_changed": "pencil",
    "plan_agreed": "handshake",
    "plan_commented": "message-square",
    "plan_completed": "flag",
    "plan_ended": "x",
}


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def tell(event: Event) -> None:
    said = event.payload
    people = said["people"]
    if event.name == "plan_changed":  # several changes in a row are one piece of news
        people = [person_id for person_id in people if not _is_told(person_id, said["plan_id"])]
    operations.notify(event, event.name, people, **_parameters(said))


@atomic
def tell_many(events: Sequence[Event]) -> None:
    """Of the plans that a closed period brings: a person hears of theirs, a manager of the team's together.

    A delivery that comes again adds nothing.
    """
    rows, of_team = [], defaultdict[int, list[Event]](list)
    for event in events:
        for person_id in event.payload["people"]:
            if person_id == event.payload["person_id"]:
                rows.append(_row(person_id, event, event.name, _parameters(event.payload)))
            else:
                of_team[person_id].append(event)
    for person_id, found in of_team.items():
        if len(found) == 1:
            rows.append(_row(person_id, found[0], found[0].name, _parameters(found[0].payload)))
        else:
            rows.append(_row(person_id, found[0], SEVERAL, {"number": len(found)}))
    told: Iterable[int] = db.session.scalars(
        insert(Notification).on_conflict_do_nothing().returning(Notification.person_id), rows
    ).all()
    if people := sorted(set(told)):
        changes.announce("notifications", people=people)


def _row(person_id: int, event: Event, kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"person_id": person_id, "event_id": event.id, "kind": kind, "parameters": parameters}


MANY = ("plan_proposed", "plan_extended")
HANDLERS = dict.fromkeys(sorted(set(ICONS) - {SEVERAL, *MANY}), tell)


def story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    if news.kind == SEVERAL:
        number = news.parameters["number"]
        text = ngettext(
            "%(num)d plan of your team waits for your word",
            "%(num)d plans of your team wait for your word",
            number,
        )
        return Story(news, ICONS[SEVERAL], str(text), None, ("coaching_plans.index", {}))
    plan = _plan(news)
    if plan is None:
        return Story(news, ICONS[news.kind], _("Something about a plan that is not open to you any more"))
    place: tuple[str, dict[str, Any]] = ("coaching_plans.show", {"plan_id": plan.id})
    is_own = plan.person_id == news.person_id
    values: dict[str, object] = {"plan": plan_name(plan), "person": plan.person.name}
    values["author"] = facts.author(news)
    if not is_own and news.kind not in MANY and news.parameters.get("author_id") != plan.person_id:
        values["plan"] = f"{values['plan']} ({plan.person.name})"
    detail = _("It runs now.") if news.parameters.get("is_running") else None
    return Story(news, ICONS[news.kind], _words(news, is_own, values), detail, place)


def _words(news: Notification, is_own: bool, values: dict[str, object]) -> str:
    kind, by_somebody = news.kind, news.parameters.get("author_id") is not None
    if kind == "plan_proposed":
        if is_own:
            return _("A plan is proposed to you: %(plan)s", **values)
        return _("A plan for %(person)s waits for your word: %(plan)s", **values)
    if kind == "plan_extended":
        if is_own:
            return _("Your plan goes on with something new: %(plan)s", **values)
        return _("The plan for %(person)s goes on with something new: %(plan)s", **values)
    if kind == "plan_agreed":
        return _("%(author)s agreed: %(plan)s", **values)
    if kind == "plan_commented":
        return _("%(author)s wrote about a plan: %(plan)s", **values)
    if kind == "plan_completed":
        return _("%(author)s completed a plan: %(plan)s", **values)
    if kind == "plan_ended":
        if by_somebody:
            return _("%(author)s ended a plan early: %(plan)s", **values)
        return _("A plan has ended by itself: %(plan)s", **values)
    if by_somebody:
        return _("%(author)s changed a plan: %(plan)s", **values)
    return _("Something is new in a plan: %(plan)s", **values)


def _parameters(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("plan_id", "author_id", "is_running") if name in said}


def _is_told(person_id: int, plan_id: int) -> bool:
    waiting = select(Notification.id).where(
        Notification.person_id == person_id,
        Notification.kind == "plan_changed",
        Notification.read_at.is_(None),
        Notification.parameters["plan_id"].as_integer() == plan_id,
    )
    return bool(db.session.scalar(select(waiting.exists())))


def _plan(news: Notification) -> Plan | None:
    """As whoever is told may read it now."""
    reading_as(db.session.get_one(Person, news.person_id))
    return db.session.scalars(
        named(select(Plan))
        .join(Person, Person.id == Plan.person_id)
        .where(
            Plan.id == news.parameters["plan_id"],
            (Plan.person_id == news.person_id) | (Person.manager_id == news.person_id),
        )
    ).one_or_none()
