"""A person's figures as they are on a day, in a form that stays as it is when they move on.

Numbers are kept as text (exact), names and pace in both languages: what a session shows years later does
not depend on goals, metrics or words as they are then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import force_locale

from app.core import clock
from app.core.locales import language
from app.extensions import db
from app.goals import progress, queries, words
from app.goals.progress import Progress
from app.leaderboards import kept
from app.leaderboards.filters import BoardFilter
from app.metrics.figures import format_figure, format_figure_short
from app.metrics.models import Metric

_LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Figure:
    """One goal as it stood, ready to be shown. `share` and `expected` are parts of the target."""

    goal_id: int
    name: str
    value: str
    target: str
    exact: str
    share: Decimal | None
    expected: Decimal | None
    state: str
    pace: str
    rank: int | None
    ranked: int
    on: str


def freeze(person_id: int, on: date | None = None) -> list[dict[str, Any]]:
    """The person's goals that run on a day with results, pace and place, as plain JSON.

    Of an earlier day by what is known of it by now; the place that somebody had then is not known any more.
    """
    if on is None or on >= clock.today():
        found = progress.for_goals(queries.goals_for(person_ids=[person_id]))
        return [_frozen(each) | _place(each, person_id) for each in found]
    found = progress.for_goals(queries.goals_for(person_ids=[person_id], on=on), on)
    return [_frozen(each) | {"rank": None, "ranked": 0} for each in found]


def thaw(frozen: Sequence[dict[str, Any]]) -> list[Figure]:
    """In the reader's language."""
    keys = {each["metric_id"] for each in frozen}
    metrics = {key: db.session.get(Metric, key) for key in keys}
    return [_thawed(each, metric) for each in frozen if (metric := metrics[each["metric_id"]]) is not None]


def now(person_id: int) -> list[Figure]:
    return thaw(freeze(person_id))


def _place(each: Progress, person_id: int) -> dict[str, Any]:
    board = kept.board(BoardFilter(each.goal.metric_id, each.goal.period_id, None))
    own = board.view(person_id, top=0)
    return {"rank": own.own.rank if own.own else None, "ranked": own.ranked}


def _frozen(each: Progress) -> dict[str, Any]:
    names, paces = {}, {}
    for tongue in _LANGUAGES:
        with force_locale(tongue):
            names[tongue] = words.goal_name(each.goal)
            paces[tongue] = words.pace_words(each)
    return {
        "goal_id": each.goal.id,
        "metric_id": each.goal.metric_id,
        "names": names,
        "actual": _text(each.pace.actual),
        "target": _text(each.goal.target),
        "share": _text(each.share),
        "expected": _text(each.expected),
        "state": each.state,
        "pace": paces,
        "on": each.today.isoformat(),
    }


def _thawed(one: dict[str, Any], metric: Metric) -> Figure:
    tongue = language()
    actual, target = _number(one["actual"]), _number(one["target"])
    return Figure(
        goal_id=one["goal_id"],
        name=one["names"].get(tongue) or one["names"]["en"],
        value=format_figure_short(actual, metric),
        target=format_figure_short(target, metric),
        exact=f"{format_figure(actual, metric)} / {format_figure(target, metric)}",
        share=_number(one["share"]),
        expected=_number(one["expected"]),
        state=one["state"],
        pace=one["pace"].get(tongue) or one["pace"]["en"],
        rank=one["rank"],
        ranked=one["ranked"],
        on=one["on"],
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(round(number, 6).normalize(), "f")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
