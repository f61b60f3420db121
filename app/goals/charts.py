"""A goal over its period, as the chart component wants it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import gettext as _

from app.core import formats
from app.goals import words
from app.goals.progress import Progress
from app.metrics.figures import format_figure_short

MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    labels: list[str]
    series: list[dict[str, object]]


def cumulative(progress: Progress) -> Line | None:
    """What had come in by each day, beside what was to be expected; by weeks where days are too many.

    None before the period begins.
    """
    goal = progress.goal
    if progress.today < goal.starts_on:
        return None
    days = _days(goal.starts_on, goal.ends_on, progress.today)
    actual = _actual(progress, days)
    if progress.is_accumulated:
        expected: list[Decimal | None] = [goal.target * progress.curve.share(day) for day in days]
        context = _("Expected")
    else:
        expected = [goal.target for _day in days]
        context = _("Target")
    return Line(
        title=_("%(metric)s: %(pace)s", metric=goal.metric.label(), pace=words.pace_words(progress).lower()),
        labels=[formats.short_day(day) for day in days],
        series=[
            _series(_("Result"), actual, progress) | {"point": True},
            _series(context, expected, progress),
        ],
    )


def _series(name: str, values: list[Decimal | None], progress: Progress) -> dict[str, object]:
    texts = [format_figure_short(value, progress.metric) for value in values]
    return {"name": name, "values": values, "texts": texts}


def _days(first: date, last: date, today: date) -> list[date]:
    """Every day, or every so many, with the last day and today among them."""
    length = (last - first).days + 1
    step = -(-length // MOST_POINTS)
    chosen = {last - timedelta(days=back) for back in range(0, length, step)}
    if first <= today <= last:
        chosen.add(today)
    return sorted(chosen)


def _actual(progress: Progress, days: list[date]) -> list[Decimal | None]:
    """Running sum, or running ratio, up to today."""
    known = sorted(
        (day, each) for day, each in progress.series.days.items() if day >= progress.goal.starts_on
    )
    value = base = Decimal(0)
    index, found = 0, list[Decimal | None]()
    for day in days:
        while index < len(known) and known[index][0] <= day:
            value, base = value + known[index][1].value, base + known[index][1].base
            index += 1
        if day > progress.today:
            found.append(None)
        elif progress.is_accumulated:
            found.append(value)
        else:
            found.append(value / base if base else None)
    return found
