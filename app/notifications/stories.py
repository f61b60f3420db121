"""What a piece of news says, in the reader's language."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.formats import number
from app.extensions import db
from app.goals.models import Goal, Period, Revision
from app.goals.words import REASONS, period_name
from app.metrics.figures import format_figure
from app.notifications import (
    closing_stories,
    coaching_stories,
    diagnosis_stories,
    hr_stories,
    plan_stories,
    training_stories,
)
from app.notifications.models import Notification
from app.people import queries as people
from app.people.models import Person
from app.training.models import Course


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


@dataclass(frozen=True, slots=True)
class Story:
    """`place` is an endpoint and its arguments, where the news leads to."""

    news: Notification
    icon: str
    text: str
    detail: str | None = None
    place: tuple[str, dict[str, Any]] | None = None
    is_open: bool = False  # needs an answer that is not given yet


class _Facts:
    """What a page of news speaks of, fetched together."""

    def __init__(self, news: Iterable[Notification]) -> None:
        told = [one.parameters for one in news]
        goals = {
            key for p in told for key in (p.get("goal_id"), p.get("about_goal_id"), *p.get("goal_ids", ()))
        }
        revisions = {key for p in told for key in (p.get("revision_id"), p.get("about_revision_id"))}
        self.people = people.people_by_id({p["author_id"] for p in told if p.get("author_id")})
        self.goals: dict[int, Goal] = _by_id(
            select(Goal)
            .where(Goal.id.in_(goals - {None}))
            .options(
                joinedload(Goal.metric),
                joinedload(Goal.period),
                joinedload(Goal.person),
                joinedload(Goal.team),
            )
            if goals - {None}
            else None
        )
        self.revisions: dict[int, Revision] = _by_id(
            select(Revision).where(Revision.id.in_(revisions - {None})) if revisions - {None} else None
        )
        periods = {p.get("period_id") for p in told} - {None}
        self.periods: dict[int, Period] = _by_id(
            select(Period).where(Period.id.in_(periods)) if periods else None
        )
        courses = {key for p in told for key in p.get("course_ids", ())}
        self.courses: dict[int, str] = {
            key: course.title
            for key, course in _by_id(
                select(Course).where(Course.id.in_(courses)) if courses else None
            ).items()
        }

        self.results = closing_stories.results_in(told)
        self.adjustments = closing_stories.adjustments_in(told)

    def author(self, news: Notification) -> str:
        person: Person | None = self.people.get(news.parameters.get("author_id") or 0)
        return person.name if person else _("The portal")

    def goal(self, news: Notification) -> Goal | None:
        said = news.parameters
        return self.goals.get(said.get("goal_id") or said.get("about_goal_id") or 0)

    def revision(self, news: Notification) -> Revision | None:
        said = news.parameters
        return self.revisions.get(said.get("revision_id") or said.get("about_revision_id") or 0)


def _by_id(stmt: Any) -> dict[int, Any]:
    return {} if stmt is None else {row.id: row for row in db.session.scalars(stmt)}


def _name(goal: Goal, reader_id: int) -> str:
    """Revenue, November 2026; with whose it is where that is not the reader's."""
    name = f"{goal.metric.label()}, {period_name(goal.period)}"
    if goal.person is not None and goal.person_id != reader_id:
        return f"{name} ({goal.person.name})"
    return f"{name} ({goal.team.name})" if goal.team is not None else name


def _goal_place(goal: Goal | None) -> tuple[str, dict[str, Any]] | None:
    return ("goals.show", {"goal_id": goal.id}) if goal else None


def _to_answer(news: Notification, facts: _Facts) -> Story:
    ids = news.parameters.get("goal_ids", [])
    goal = facts.goal(news)
    is_reminder = news.kind == "goal_reminded"
    values: dict[str, Any] = {"author": facts.author(news)}
    if goal is not None:
        values["goal"] = _name(goal, news.person_id)
        text = (
            _("%(author)s waits for your answer to a goal: %(goal)s", **values)
            if is_reminder
            else _("%(author)s proposes a goal to you: %(goal)s", **values)
        )
    elif is_reminder:
        text = str(
            ngettext(
                "%(author)s waits for your answer to %(num)s goal",
                "%(author)s waits for your answer to %(num)s goals",
                len(ids),
                **values,
            )
        )
    else:
        text = str(
            ngettext(
                "%(author)s proposes %(num)s goal to you",
                "%(author)s proposes %(num)s goals to you",
                len(ids),
                **values,
            )
        )
    period = facts.periods.get(news.parameters.get("period_id") or 0)
    detail = period_name(period) if period and goal is None else None
    return Story(news, "target", text, detail, _goal_place(goal) or ("goals.index", {}))


def _answered(text: Callable[[dict[str, Any]], str], icon: str) -> Callable[[Notification, _Facts], Story]:
    def tell(news: Notification, facts: _Facts) -> Story:
        goal = facts.goal(news)
        name = _name(goal, news.person_id) if goal else _("a goal that is gone")
        words = text({"author": facts.author(news), "goal": name})
        return Story(news, icon, words, None, _goal_place(goal))

    return tell


def _revised(news: Notification, facts: _Facts) -> Story:
    goal, revision = facts.goal(news), facts.revision(news)
    name = _name(goal, news.person_id) if goal else _("a goal that is gone")
    text = _("%(author)s revised a goal: %(goal)s", author=facts.author(news), goal=name)
    detail = None
    if goal is not None and revision is not None:
        detail = _(
            "%(before)s becomes %(after)s. %(reason)s: %(words)s",
            before=format_figure(revision.target_before, goal.metric),
            after=format_figure(revision.target, goal.metric),
            reason=REASONS[revision.reason],
            words=revision.text,
        )
    is_open = news.needs_answer and news.answered_at is None
    return Story(news, "git-branch", text, detail, _goal_place(goal), is_open)


def _imported(news: Notification, facts: _Facts) -> Story:
    said = news.parameters
    text = _("Import finished: %(file)s", file=said["filename"])
    detail = str(
        ngettext(
            "%(rows)s row: %(created)s new, %(updated)s changed, %(rejected)s rejected",
            "%(rows)s rows: %(created)s new, %(updated)s changed, %(rejected)s rejected",
            said["rows"],
            rows=number(said["rows"]),
            **{name: number(said[name]) for name in ("created", "updated", "rejected")},
        )
    )
    return Story(news, "upload", text, detail, ("imports.show", {"import_id": said["import_id"]}))


def _manager_left(news: Notification, facts: _Facts) -> Story:
    said = news.parameters
    text = str(
        ngettext(
            "%(name)s has left: %(num)s person needs a new manager",
            "%(name)s has left: %(num)s people need a new manager",
            said["reports"],
            name=said["name"],
        )
    )
    return Story(news, "users", text, None, ("people.index", {"manager": said["left_id"]}))


_TELL: dict[str, Callable[[Notification, _Facts], Story]] = {
    "goal_proposed": _to_answer,
    "goal_reminded": _to_answer,
    "goal_accepted": _answered(lambda v: _("%(author)s accepts: %(goal)s", **v), "check"),
    "goal_questioned": _answered(lambda v: _("%(author)s questions: %(goal)s", **v), "circle-help"),
    "goal_comment": _answered(lambda v: _("%(author)s comments on %(goal)s", **v), "message-square"),
    "goal_revised": _revised,
    "goal_revision_waiting": _answered(
        lambda v: _("%(author)s asks you to decide on a revision: %(goal)s", **v), "scale"
    ),
    "goal_revision_refused": _answered(lambda v: _("%(author)s refused your revision: %(goal)s", **v), "x"),
    "import_finished": _imported,
    "manager_left": _manager_left,
    **dict.fromkeys(hr_stories.WORDS, hr_stories.story),
    **dict.fromkeys(coaching_stories.HANDLERS, coaching_stories.story),
    **dict.fromkeys(plan_stories.ICONS, plan_stories.story),
    **dict.fromkeys(training_stories.HANDLERS, training_stories.story),
    **dict.fromkeys(closing_stories.KINDS, closing_stories.story),
    **dict.fromkeys(diagnosis_stories.KINDS, diagnosis_stories.story),
}


def told(news: Sequence[Notification]) -> list[Story]:
    facts = _Facts(news)
    return [
        _TELL[one.kind](one, facts) if one.kind in _TELL else Story(one, "bell", one.kind) for one in news
    ]
