"""News of closed periods: what one's goals came to, and adjustments asked for and decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.events import Event
from app.core.formats import percent
from app.extensions import db
from app.goals import adjusted
from app.goals.models import Adjustment, AdjustmentStatus, GoalResult, Outcome
from app.goals.words import exact
from app.notifications import operations
from app.notifications.models import Notification
from app.people.models import Person, Team

if TYPE_CHECKING:
    from app.notifications.stories import Story, _Facts


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def goals_judged(found: Sequence[Event]) -> None:
    """goal_reached and goal_missed, a chunk at a time: the person hears of it, of a team's goal its lead."""
    team_ids = {event.payload["team_id"] for event in found if "team_id" in event.payload}
    teams = db.session.execute(select(Team.id, Team.lead_id).where(Team.id.in_(team_ids)))
    leads = {row.id: row.lead_id for row in teams}
    told = []
    for event in found:
        said = event.payload
        hears = said.get("person_id") or leads.get(said.get("team_id") or 0)
        if hears is not None:
            told.append((event, hears, {"about_goal_id": said["goal_id"], "result_id": said["result_id"]}))
    there = set(
        db.session.scalars(
            select(Person.id).where(Person.id.in_([hears for _, hears, _ in told]), Person.is_active)
        )
    )
    operations.notify_each([one for one in told if one[1] in there])


def adjustment_told(event: Event) -> None:
    """adjustment_asked, adjustment_withdrawn: who may decide; adjustment_decided: who asked, and whose
    results it changed."""
    said = event.payload
    operations.notify(
        event,
        event.name,
        said["people"],
        adjustment_id=said["adjustment_id"],
        author_id=said["author_id"],
    )


HANDLERS = {
    "adjustment_asked": adjustment_told,
    "adjustment_decided": adjustment_told,
    "adjustment_withdrawn": adjustment_told,
}
MANY_HANDLERS = {"goal_reached": goals_judged, "goal_missed": goals_judged}
KINDS = (*HANDLERS, *MANY_HANDLERS)


def results_in(told: Iterable[Mapping[str, Any]]) -> dict[int, GoalResult]:
    keys = {said["result_id"] for said in told if "result_id" in said}
    found = db.session.scalars(select(GoalResult).where(GoalResult.id.in_(keys))) if keys else ()
    return {result.id: result for result in found}


def adjustments_in(told: Iterable[Mapping[str, Any]]) -> dict[int, Adjustment]:
    keys = {said["adjustment_id"] for said in told if "adjustment_id" in said}
    stmt = select(Adjustment).where(Adjustment.id.in_(keys)).options(joinedload(Adjustment.person))
    found = db.session.scalars(stmt) if keys else ()
    return {adjustment.id: adjustment for adjustment in found}


def story(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    if "adjustment_id" in news.parameters:
        return _adjusted(news, facts)
    return _judged(news, facts) or Story(news, "flag", _("A goal was judged"))


def _judged(news: Notification, facts: "_Facts") -> "Story | None":
    """What was reached is said; what was not is said as a figure, and what comes next."""
    from app.notifications.stories import Story, _goal_place, _name

    goal, result = facts.goal(news), facts.results.get(news.parameters["result_id"])
    if goal is None or result is None:
        return None
    name = _name(goal, news.person_id)
    detail = _(
        "%(value)s of %(target)s",
        value=exact(result.figure, goal.metric),
        target=exact(result.target, goal.metric),
    )
    if result.outcome is Outcome.EXCEEDED:
        return Story(news, "sparkles", _("Goal exceeded: %(goal)s", goal=name), detail, _goal_place(goal))
    if result.outcome is Outcome.REACHED:
        return Story(news, "flag", _("Goal reached: %(goal)s", goal=name), detail, _goal_place(goal))
    share = percent(result.attainment) if result.attainment is not None else "–"
    text = _("%(goal)s ended at %(share)s of the target", goal=name, share=share)
    if goal.person_id == news.person_id:
        detail = _(
            "%(result)s. Now we look at why, beginning with what was not in your hands.", result=detail
        )
    return Story(news, "scale", text, detail, _goal_place(goal))


def _adjusted(news: Notification, facts: "_Facts") -> "Story":
    from app.notifications.stories import Story

    adjustment = facts.adjustments.get(news.parameters["adjustment_id"])
    if adjustment is None:
        return Story(news, "scale", _("An adjustment"))
    what = str(adjusted.title(adjustment))
    if adjustment.person is not None:
        what = f"{what} ({adjustment.person.name})"
    said = {"author": facts.author(news), "what": what}
    detail = adjustment.reason
    if news.kind == "adjustment_asked":
        text = _("%(author)s asks for an adjustment: %(what)s", **said)
    elif news.kind == "adjustment_withdrawn":
        text = _("%(author)s took an adjustment back: %(what)s", **said)
        detail = adjustment.answer or ""
    elif adjustment.status is AdjustmentStatus.REFUSED:
        text, detail = _("%(author)s refused an adjustment: %(what)s", **said), adjustment.answer or ""
    else:
        text = _("%(author)s approved an adjustment: %(what)s", **said)
    place = ("adjustments.show", {"adjustment_id": adjustment.id})
    return Story(news, "scale", text, detail, place)
