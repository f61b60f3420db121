"""What boards say in words."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as plural

from app.core import formats
from app.goals.words import in_a_sentence
from app.leaderboards.filters import Mode, Of
from app.leaderboards.queries.choices import Choice
from app.leaderboards.queries.teams import Level
from app.leaderboards.standing import Standing, View
from app.metrics.figures import format_figure, format_figure_short
from app.metrics.models import Metric, MetricKind


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def ngettext(one: str, many: str, number: int) -> str:
    return str(plural(one, many, number, number=formats.number(number)))


MODES = {
    Mode.VALUE: _l("Result"),
    Mode.ATTAINMENT: _l("Share of own goal"),
    Mode.IMPROVED: _l("Most improved"),
    Mode.BEST: _l("Against own best"),
}


def board_name(choice: Choice) -> str:
    """Revenue, Q4 2026, Norte: how a board is called in one line."""
    parts = [choice.metric.label(), in_a_sentence(choice.period)]
    if choice.team is not None:
        parts.append(choice.team.name)
    if choice.filter.of is Of.TEAMS:
        parts.insert(1, _("teams"))
    if choice.filter.mode is not Mode.VALUE:
        parts.insert(1, str(MODES[choice.filter.mode]).lower())
    return ", ".join(parts)


def value_label(choice: Choice) -> str:
    """What the figures of a board's rows are: a short word, for it heads a narrow column."""
    mode = choice.filter.mode
    if mode is Mode.ATTAINMENT:
        return _("Of goal")
    return _("Of best") if mode is Mode.BEST else choice.metric.label()


def level_name(level: Level, are_mixed: bool) -> str:
    name = _("Departments") if level.are_departments else _("Teams")
    return _("%(name)s, level %(number)s", name=name, number=level.depth) if are_mixed else name


def value_words(standing: Standing, metric: Metric, mode: Mode) -> tuple[str, str | None, str | None]:
    """What a row shows: the value, its exact form, and a quiet second line."""
    figure = format_figure_short(standing.figure, metric)
    exact = format_figure(standing.figure, metric)
    if mode is Mode.VALUE:
        return figure, exact, None
    if mode is Mode.ATTAINMENT:
        target = format_figure_short(standing.target, metric)
        note = _("%(figure)s of %(target)s", figure=figure, target=target) if standing.target else None
        return formats.percent(standing.ranked_by), exact, note
    against = format_figure_short(standing.against, metric)
    if mode is Mode.IMPROVED:
        known = standing.against is not None
        note = _("from %(before)s to %(now)s", before=against, now=figure) if known else None
        return _signed(standing.ranked_by, metric), exact, note
    note = _("%(figure)s, best so far %(best)s", figure=figure, best=against) if standing.against else None
    return formats.percent(standing.ranked_by), exact, note


def _signed(difference: Decimal | None, metric: Metric) -> str:
    text = format_figure_short(difference, metric)
    return f"+{text}" if difference is not None and difference > 0 else text


def why_unranked(mode: Mode, metric: Metric) -> str:
    """To somebody who is on the board without a rank."""
    if mode is Mode.ATTAINMENT:
        return _("You have no goal for this, so you are not ranked here.")
    if mode is Mode.IMPROVED:
        return _("There is no result of yours from the period before to compare with.")
    if mode is Mode.BEST:
        return _("There is no earlier result of yours to compare with.")
    least = metric.rank_from
    return ngettext(
        "You are ranked from %(number)s case on.", "You are ranked from %(number)s cases on.", least
    )


@dataclass(frozen=True, slots=True)
class NextPlace:
    rank: int
    words: str
    exact: str
    note: str


def next_place(view: View, choice: Choice) -> NextPlace | None:
    """What one lacks to draw level with the next better one in sight, where that is a sum to be made."""
    own, metric = view.own, choice.metric
    if own is None or own.rank is None or own.figure is None:
        return None
    if choice.filter.mode is not Mode.VALUE or metric.kind is MetricKind.RATIO or not metric.is_higher_better:
        return None
    better = [row for row in (*view.top, *view.around) if row.rank is not None and row.rank < own.rank]
    if not better or better[-1].figure is None or better[-1].rank is None:
        return None
    lacking = better[-1].figure - own.figure
    return NextPlace(
        rank=better[-1].rank,
        words=format_figure_short(lacking, metric),
        exact=format_figure(lacking, metric),
        note=_("more to draw level"),
    )


def place_words(change: int | None) -> str | None:
    """What has moved since a week ago."""
    if change is None:
        return None
    if change > 0:
        return ngettext("up %(number)s since last week", "up %(number)s since last week", change)
    if change < 0:
        return ngettext("down %(number)s since last week", "down %(number)s since last week", -change)
    return _("same place as last week")
