"""What the figures of a goal say in words."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as plural

from app.core import formats
from app.core.locales import language
from app.goals.lines import Line
from app.goals.models import Goal, GoalStatus, Period, PeriodKind, PeriodStatus, RevisionReason
from app.goals.pace import PaceState
from app.goals.progress import Progress
from app.goals.units import factor
from app.goals.verdict_words import verdict
from app.metrics.figures import format_figure, format_figure_short
from app.metrics.models import Metric, MetricKind, Unit
from app.people.company import settings, the_company


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def ngettext(one: str, many: str, number: int) -> str:
    return str(plural(one, many, number))


STATUS = {
    GoalStatus.DRAFT: _l("Draft"),
    GoalStatus.PROPOSED: _l("Waits for an answer"),
    GoalStatus.QUESTIONED: _l("Questioned"),
    GoalStatus.ACCEPTED: _l("Accepted"),
}
STATUS_TONE = {
    GoalStatus.DRAFT: None,
    GoalStatus.PROPOSED: "info",
    GoalStatus.QUESTIONED: "gold",
    GoalStatus.ACCEPTED: "good",
}
STATUS_ICON = {
    GoalStatus.DRAFT: "pencil",
    GoalStatus.PROPOSED: "clock",
    GoalStatus.QUESTIONED: "circle-help",
    GoalStatus.ACCEPTED: "check",
}
REASONS = {
    RevisionReason.RESULTS: _l("Results so far"),
    RevisionReason.ECONOMY: _l("The economy"),
    RevisionReason.COMPETITION: _l("Competition"),
    RevisionReason.TERRITORY: _l("Territory or customers changed"),
    RevisionReason.OTHER: _l("Another reason"),
}
KINDS = {
    PeriodKind.MONTH: _l("Month"),
    PeriodKind.QUARTER: _l("Quarter"),
    PeriodKind.YEAR: _l("Year"),
}
PERIOD_STATUS = {
    PeriodStatus.OPEN: _l("Open"),
    PeriodStatus.CLOSING: _l("Closing"),
    PeriodStatus.CLOSED: _l("Closed"),
}


def period_name(period: Period) -> str:
    """November 2026, Q4 2026, 2026; with a fiscal start of one's own, fiscal year 2027."""
    if period.kind is PeriodKind.MONTH:
        name = formats.month(period.starts_on)
        return name if language() == "en" else name[:1].upper() + name[1:]
    company = settings()
    is_calendar = company is None or company.fiscal_start_month == 1
    year, _dash, quarter = period.key.partition("-Q")
    if period.kind is PeriodKind.YEAR:
        return year if is_calendar else _("Fiscal year %(year)s", year=year)
    if is_calendar:
        return _("Q%(quarter)s %(year)s", quarter=quarter, year=year)
    return _("Q%(quarter)s of fiscal year %(year)s", quarter=quarter, year=year)


def exact(figure: Decimal | None, metric: Metric) -> str:
    """All of it, without the cents that are none: `$83,000`, and `$83,000.50`."""
    if figure is None or metric.unit is not Unit.MONEY or figure % factor(metric):
        return format_figure(figure, metric)
    return formats.money_whole(figure, the_company().currency)


def subject_name(goal: Goal) -> str:
    subject = goal.person or goal.team
    return subject.name if subject else ""


def in_a_sentence(period: Period) -> str:
    """Its name where it does not stand first: months are small in Spanish."""
    return formats.month(period.starts_on) if period.kind is PeriodKind.MONTH else period_name(period)


def goal_name(goal: Goal) -> str:
    """Revenue, November 2026."""
    period = in_a_sentence(goal.period)
    return _("%(metric)s, %(period)s", metric=goal.metric.label(), period=period)


def pace_words(progress: Progress) -> str:
    """How far from pace, in a few words."""
    pace, metric = progress.pace, progress.metric
    if progress.result is not None:
        return verdict(progress.result, metric)
    if progress.today < progress.goal.starts_on:
        return _("Begins on %(day)s", day=formats.short_day(progress.goal.starts_on))
    if pace.state is PaceState.NO_DATA:
        return _("No results yet")
    if pace.state is PaceState.REACHED:
        return _("Reached")
    if progress.is_over:
        return _("Ended %(figure)s short", figure=_rounded(abs(pace.gap or Decimal(0)), metric))
    if metric.kind is MetricKind.RATIO:
        return _ratio_words(progress)
    if not metric.is_higher_better and pace.state is PaceState.BEHIND and not pace.missing:
        return _("Over the limit")
    if pace.state is PaceState.ON_TRACK or not pace.days_ahead:
        return _("Slightly behind pace") if pace.state is PaceState.BEHIND else _("On pace")
    if pace.days_ahead > 0:
        return ngettext("%(num)d day ahead", "%(num)d days ahead", pace.days_ahead)
    return ngettext("%(num)d day behind", "%(num)d days behind", -pace.days_ahead)


def _ratio_words(progress: Progress) -> str:
    state, better = progress.pace.state, progress.metric.is_higher_better
    if state is PaceState.ON_TRACK:
        return _("About on target")
    above = (state is PaceState.AHEAD) == better
    return _("Above the target") if above else _("Below the target")


def need_words(progress: Progress) -> str | None:
    """What is left to do, and by when: "You" is avoided, others read it too."""
    pace, metric = progress.pace, progress.metric
    if progress.is_over or progress.today < progress.goal.starts_on or pace.missing is None:
        return None
    if metric.kind is MetricKind.RATIO:
        gap = pace.gap
        return (
            None if gap is None or gap >= 0 else _("%(figure)s to the target", figure=_rounded(-gap, metric))
        )
    if not pace.missing or not pace.days_left:
        return None
    days = ngettext("%(num)d working day", "%(num)d working days", pace.days_left)
    figure = _rounded(_whole(pace.missing, metric, ROUND_CEILING), metric)
    if not metric.is_higher_better:
        return _("At most %(figure)s more in %(days)s", figure=figure, days=days)
    each = _rounded(_whole(pace.needed_per_day or Decimal(0), metric, ROUND_CEILING), metric)
    if pace.days_left == 1:
        return _("%(figure)s to go, today", figure=figure)
    missing = int(_whole(pace.missing, metric, ROUND_CEILING) / factor(metric))
    if metric.unit is Unit.NUMBER and pace.days_left >= 2 * missing:
        every = ngettext("one a working day", "one every %(num)d working days", pace.days_left // missing)
        return _("%(figure)s to go in %(days)s: %(every)s", figure=figure, days=days, every=every)
    return _("%(figure)s to go in %(days)s: %(each)s a day", figure=figure, days=days, each=each)


def forecast_words(progress: Progress) -> str | None:
    """Where it is heading, and how sure that is."""
    found = progress.pace.forecast
    if found is None or progress.is_over or progress.today < progress.goal.starts_on:
        return None
    metric = progress.metric
    value, low, high = (_whole(figure, metric) for figure in (found.value, found.low, found.high))
    if low == high:
        return _("Heading for %(value)s", value=_rounded(value, metric))
    return _(
        "Heading for %(value)s; eight times in ten it ends between %(low)s and %(high)s",
        value=_rounded(value, metric),
        low=_rounded(low, metric),
        high=_rounded(high, metric),
    )


def expected_words(progress: Progress) -> str | None:
    pace = progress.pace
    if not progress.is_accumulated or progress.is_over or progress.today < progress.goal.starts_on:
        return None
    return _(
        "%(figure)s expected by tonight (%(share)s): %(begun)s of %(days)s working days have begun",
        figure=_rounded(_whole(pace.expected, progress.metric), progress.metric),
        share=formats.percent(pace.expected_share),
        begun=progress.curve.days_begun(progress.today),
        days=progress.curve.length,
    )


def value_text(progress: Progress) -> str:
    return format_figure_short(progress.pace.actual, progress.metric)


def target_text(progress: Progress) -> str:
    return format_figure_short(progress.goal.target, progress.metric)


def title_text(progress: Progress) -> str:
    metric = progress.metric
    return _(
        "%(value)s of %(target)s",
        value=format_figure(progress.pace.actual, metric),
        target=format_figure(progress.goal.target, metric),
    )


# The steps of the arithmetic: what a stored line is called.
LINES = {
    "level": _l("Level now, by the median of the periods before"),
    "trend": _l("Trend, dampened"),
    "season": _l("Season: this period against the average one"),
    "peers": _l("Median of the team: own history is too short"),
    "recent": _l("Mean of the few periods there are"),
    "growth": _l("Growth asked for"),
    "rounding": _l("Rounded"),
    "full": _l("Full target"),
    "present": _l("Working days present"),
    "ramp": _l("Ramp: the first three months count in part"),
    "whole": _l("Goal above, to be shared out"),
    "history": _l("Share by the same period last year"),
    "no_history": _l("Share by what is usual a head: no result last year"),
    "headcount": _l("Share by headcount"),
    "hand": _l("Set by hand"),
    "sum": _l("Sum of the parts"),
    "heads": _l("Heads, for the part of the period they are there"),
    "missing": _l("Not set yet"),
    "same": _l("A ratio is not divided: the same for each part"),
    "proposed": _l("Proposed by the history"),
    "target": _l("Target"),
    "revised": _l("Revised"),
    "import": _l("From an imported file"),
    "last_year": _l("Same period last year"),
}


# Where a part of a cascade comes from, in a word.
SOURCES = {
    "whole": "",
    "history": _l("by last year"),
    "no_history": _l("usual a head"),
    "headcount": _l("by headcount"),
    "hand": _l("by hand"),
    "sum": _l("sum of its parts"),
    "missing": _l("not set"),
    "same": _l("the same"),
}


def arithmetic(lines: Sequence[Any], metric: Metric) -> list[tuple[str, str, str]]:
    """Stored lines as (what, times, result) in words; unknown keys are left out."""
    shown = []
    for line in lines:
        name = LINES.get(line.get("key"))
        if name is None:
            continue
        if line["key"] == "heads":
            shown.append((str(name), formats.number(Decimal(line["value"]), 2), ""))
            continue
        times = line.get("factor")
        shown.append(
            (
                str(name),
                _("× %(share)s", share=formats.percent(Decimal(times), 1)) if times is not None else "",
                exact(Decimal(line["value"]), metric),
            )
        )
    return shown


def stored(lines: Sequence[Line]) -> list[dict[str, str]]:
    """Lines of arithmetic as the goal keeps them."""
    return [
        {"key": line.key, "value": str(_short(line.value))}
        | ({"factor": str(_short(line.factor))} if line.factor is not None else {})
        for line in lines
    ]


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))


def _whole(value: Decimal, metric: Metric, rounding: str = ROUND_HALF_UP) -> Decimal:
    """A guess is not said to the cent, nor in parts of a deal."""
    if metric.kind is MetricKind.RATIO:
        return value
    one = factor(metric)
    return (value / one).to_integral_value(rounding) * one


def _rounded(value: Decimal | None, metric: Metric) -> str:
    return format_figure_short(value, metric)
