"""News of missed goals: a case is ready, a department is asked, something was contested or answered."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.events import Event
from app.core.formats import day
from app.core.permissions import Permission, Role, allows
from app.diagnosis import words
from app.diagnosis.findings import Cause
from app.diagnosis.models import Case, Contest, CorrectiveAction, Diagnosis, Review, ReviewStatus
from app.extensions import db
from app.goals.words import period_name
from app.notifications import operations
from app.notifications.models import Notification
from app.people.models import Person, Team

if TYPE_CHECKING:
    from app.notifications.stories import Story, _Facts


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def cases_ready(found: Sequence[Event]) -> None:
    """case_opened, a chunk at a time: the person whose goal it was; of a team's its lead."""
    rows = db.session.execute(
        select(Case.id, Case.goal_id, func.coalesce(Case.person_id, Team.lead_id).label("hears"))
        .join(Team, Team.id == Case.team_id, isouter=True)
        .where(Case.id.in_([event.payload["case_id"] for event in found]))
    )
    cases = {row.id: row for row in rows}
    there = set(_some(*(row.hears for row in cases.values())))
    told = []
    for event in found:
        case = cases.get(event.payload["case_id"])
        if case is not None and case.hears in there:
            told.append((event, case.hears, {"case_id": case.id, "about_goal_id": case.goal_id}))
    operations.notify_each(told)


def cases_opened(event: Event) -> None:
    """Each manager hears once of all their people's."""
    rows = db.session.execute(
        select(Person.manager_id, Person.id)
        .join(Case, Case.person_id == Person.id)
        .where(Case.id.in_(event.payload["case_ids"]), Person.manager_id.is_not(None))
        .distinct()
    )
    numbers = Counter(manager_id for manager_id, _person in rows)
    for manager_id, number in numbers.items():
        operations.notify(
            event, event.name, _some(manager_id), number=number, period_id=event.payload["period_id"]
        )


def case_changed(event: Event) -> None:
    """What is concluded of it has changed, other than by an answer of which the person is told anyway."""
    case = db.session.get(Case, event.payload["case_id"])
    if case is None or case.person_id is None:
        return
    if case.withdrawn_at is not None:
        kind = "case_withdrawn"
    else:
        # Written by the transaction of the event: the same instant.
        why = db.session.scalar(
            select(Diagnosis.why).where(
                Diagnosis.case_id == case.id, Diagnosis.is_current, Diagnosis.at == event.at
            )
        )
        if why not in {"adjusted", "answered"}:
            return
        kind = "case_changed"
    hears = [case.person_id, db.session.scalar(select(Person.manager_id).where(Person.id == case.person_id))]
    operations.notify(event, kind, _some(*hears), case_id=case.id, about_goal_id=case.goal_id)


def review_news(event: Event) -> None:
    """review_asked and review_reminded for its owner; review_answered for who decides on a rejection;
    review_decided for who answered; review_lapsed for its owner and the executives.
    """
    review = db.session.get(Review, event.payload["review_id"], options=[joinedload(Review.product)])
    if review is None:
        return
    kind, hears = event.name, [review.owner_id]
    if kind == "review_answered" or (kind == "review_reminded" and review.waits_for_a_second):
        if review.status is not ReviewStatus.REJECTED:
            return
        kind = "review_to_decide"
        hears = [key for key in _holding(Permission.REVIEWS_DECIDE) if key != review.answered_by_id]
    elif kind == "review_decided":
        kind = "review_accepted" if event.payload["is_accepted"] else "review_returned"
        hears = [review.answered_by_id, review.owner_id]
    elif kind == "review_lapsed":
        hears = [review.owner_id, *_in_role(Role.EXECUTIVE)]
    operations.notify(
        event,
        kind,
        _some(*hears),
        review_id=review.id,
        cause=review.cause.value,
        product=review.product.name if review.product else None,
        period_id=review.period_id,
        due_on=review.due_on.isoformat(),
    )


def contest_news(event: Event) -> None:
    """contest_asked, contest_reminded for the reviewer; contest_answered for the person and their manager."""
    contest = db.session.get(Contest, event.payload["contest_id"], options=[joinedload(Contest.case)])
    if contest is None:
        return
    hears: list[int | None] = [contest.reviewer_id]
    kind, author = event.name, contest.author_id
    if kind == "contest_answered":
        kind = f"contest_{contest.status.value}"
        manager = db.session.scalar(select(Person.manager_id).where(Person.id == contest.author_id))
        hears, author = [contest.author_id, manager], contest.reviewer_id
    operations.notify(
        event,
        kind,
        _some(*hears),
        contest_id=contest.id,
        case_id=contest.case_id,
        about_goal_id=contest.case.goal_id,
        author_id=author,
    )


def action_news(event: Event) -> None:
    """action_planned and action_due for its owner, action_followed for the review's when it is done."""
    action = db.session.get(
        CorrectiveAction, event.payload["action_id"], options=[joinedload(CorrectiveAction.review)]
    )
    if action is None:
        return
    hears: list[int | None] = [action.owner_id]
    if event.name == "action_planned" and action.owner_id == action.created_by_id:
        return
    if event.name == "action_followed":
        if event.payload["status"] != "done" or action.review.owner_id == action.owner_id:
            return
        hears = [action.review.owner_id]
    operations.notify(
        event,
        event.name,
        _some(*hears),
        action_id=action.id,
        text=action.text[:200],
        due_on=action.due_on.isoformat(),
        author_id=action.owner_id,
    )


def _some(*people: int | None) -> list[int]:
    """Those that there are, and are there still."""
    keys = [key for key in people if key]
    return list(db.session.scalars(select(Person.id).where(Person.id.in_(keys), Person.is_active)))


def _holding(permission: Permission) -> list[int]:
    return _in_role(*(role for role in Role if allows(role, permission)))


def _in_role(*roles: Role) -> list[int]:
    return list(db.session.scalars(select(Person.id).where(Person.role.in_(roles), Person.is_active)))


HANDLERS: dict[str, Callable[[Event], None]] = {
    "cases_opened": cases_opened,
    "case_changed": case_changed,
    **dict.fromkeys(
        ("review_asked", "review_reminded", "review_answered", "review_decided", "review_lapsed"), review_news
    ),
    **dict.fromkeys(("contest_asked", "contest_reminded", "contest_answered"), contest_news),
    **dict.fromkeys(("action_planned", "action_due", "action_followed"), action_news),
}
MANY_HANDLERS: dict[str, Callable[[Sequence[Event]], None]] = {"case_opened": cases_ready}
_OF_CASES = ("case_opened", "case_changed", "case_withdrawn", "contest_upheld", "contest_kept")
_OF_REVIEWS = (
    "review_asked",
    "review_reminded",
    "review_to_decide",
    "review_accepted",
    "review_returned",
    "review_lapsed",
)
KINDS = (
    *_OF_CASES,
    *_OF_REVIEWS,
    "cases_opened",
    "contest_asked",
    "contest_reminded",
    "action_planned",
    "action_due",
    "action_followed",
)


def story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    said = news.parameters
    if news.kind in _OF_REVIEWS:
        text, detail = _review_text(news, facts)
        return Story(news, "workflow", text, detail, ("reviews.show", {"review_id": said["review_id"]}))
    if news.kind.startswith("action_"):
        text = _action_text(news.kind, facts.author(news))
        detail = f"{said['text']} · {_day(said['due_on'])}"
        return Story(
            news, "workflow", text, detail, ("reviews.show_action", {"action_id": said["action_id"]})
        )
    if news.kind == "cases_opened":
        period = facts.periods.get(said["period_id"])
        text = str(
            ngettext(
                "What the records say about %(num)d missed goal of your team",
                "What the records say about %(num)d missed goals of your team",
                said["number"],
            )
        )
        key = {"period": period.key} if period else {}
        return Story(news, "compass", text, period_name(period) if period else None, ("cases.index", key))
    return _case_story(news, facts)


def _case_story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story, _name

    said, goal = news.parameters, facts.goal(news)
    values = {
        "goal": _name(goal, news.person_id) if goal else _("a goal that is gone"),
        "author": facts.author(news),
    }
    texts = {
        "case_opened": _("What the records say about a missed goal: %(goal)s", **values),
        "case_changed": _("What is concluded about a missed goal has changed: %(goal)s", **values),
        "case_withdrawn": _("This goal counts as reached after an adjustment: %(goal)s", **values),
        "contest_upheld": _("%(author)s agrees with what was contested: %(goal)s", **values),
        "contest_kept": _("%(author)s answered what was contested: %(goal)s", **values),
        "contest_asked": _("%(author)s contests a finding and asks for your answer: %(goal)s", **values),
        "contest_reminded": _("%(author)s waits for your answer to what they contest: %(goal)s", **values),
    }
    place: tuple[str, dict[str, Any]] = ("cases.show", {"case_id": said["case_id"]})
    if news.kind in {"contest_asked", "contest_reminded"}:
        place = ("cases.show_contest", {"contest_id": said["contest_id"]})
    icon = "message-square" if news.kind.startswith("contest") else "compass"
    return Story(news, icon, texts[news.kind], None, place)


def _review_text(news: Notification, facts: "_Facts") -> tuple[str, str | None]:
    said = news.parameters
    period = facts.periods.get(said["period_id"])
    parts = [
        str(words.CAUSES[Cause(said["cause"])]),
        said.get("product"),
        period_name(period) if period else "",
    ]
    about = ", ".join(part for part in parts if part)
    texts = {
        "review_asked": _("Your department is asked about a cause: %(about)s", about=about),
        "review_reminded": _("Your answer is awaited: %(about)s", about=about),
        "review_to_decide": _("A department rejects a cause; do you agree? %(about)s", about=about),
        "review_accepted": _("Your evidence was accepted: %(about)s", about=about),
        "review_returned": _("Your department is asked again: %(about)s", about=about),
        "review_lapsed": _("Not answered in time: %(about)s", about=about),
    }
    asks = news.kind in {"review_asked", "review_reminded", "review_returned"}
    return texts[news.kind], _day(said["due_on"]) if asks else None


def _action_text(kind: str, author: str) -> str:
    if kind == "action_planned":
        return _("A corrective action is yours")
    if kind == "action_due":
        return _("A corrective action is due")
    return _("%(author)s has done a corrective action", author=author)


def _day(iso: str) -> str:
    return _("until %(day)s", day=day(date.fromisoformat(iso)))
