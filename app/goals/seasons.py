"""The season of each metric, learned from the company's earlier periods and kept for the day."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.core import clock
from app.core.changes import changes
from app.extensions import db
from app.goals.calendar import WorkingCalendar
from app.goals.fiscal import earlier
from app.goals.models import PeriodKind
from app.goals.season import DEFAULT_BINS, FLAT, Season, learn, past_period
from app.metrics.models import Metric, MetricKind, TeamTotal
from app.people.models import Team, TeamKind

PAST = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.YEAR: 2}
"""How many earlier periods are looked at."""

TOPICS = ("company", "metrics", "periods", "imports")


@dataclass(frozen=True, slots=True)
class Wanted:
    metric_id: int
    kind: PeriodKind
    starts_on: date


@dataclass(frozen=True, slots=True)
class Learned:
    """`since`: the first day known of the company's results, None for none."""

    season: Season
    since: date | None


NOTHING = Learned(FLAT, None)
_kept: dict[Wanted, tuple[tuple[int, ...], date, Learned]] = {}
_MAX_KEPT = 2_000


def seasons(
    metrics: Collection[Metric], wanted: Collection[Wanted], calendar: WorkingCalendar
) -> dict[Wanted, Learned]:
    """At most one question, and none while what was learned today still holds."""
    stamp, today = changes.stamp(TOPICS), clock.today()
    found = {}
    if changes.is_live:
        for each in wanted:
            if each in _kept and _kept[each][:2] == (stamp, today):
                found[each] = _kept[each][2]
    missing = [each for each in wanted if each not in found]
    if missing:
        by_id = {metric.id: metric for metric in metrics}
        daily = _daily({each.metric_id for each in missing}, missing)
        for each in missing:
            found[each] = _learned(by_id[each.metric_id], each, daily.get(each.metric_id, {}), calendar)
            if len(_kept) >= _MAX_KEPT:
                _kept.clear()
            _kept[each] = stamp, today, found[each]
    return found


def first_day(wanted: Collection[Wanted]) -> date:
    """From which day on a calendar is needed."""
    return min(earlier(each.kind.value, each.starts_on, PAST[each.kind])[0] for each in wanted)


def _daily(metric_ids: Collection[int], wanted: Collection[Wanted]) -> dict[int, dict[date, Decimal]]:
    """The company's results by metric and day."""
    company = select(Team.id).where(Team.kind == TeamKind.COMPANY).scalar_subquery()
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    rows = db.session.execute(
        select(TeamTotal.metric_id, TeamTotal.day, TeamTotal.value)
        .where(
            TeamTotal.metric_id.in_(list(metric_ids)),
            TeamTotal.team_id == company,
            TeamTotal.day >= first_day(wanted),
            TeamTotal.day < max(each.starts_on for each in wanted),
        )
        .order_by(TeamTotal.day)
    )
    for metric_id, day, value in rows:
        found[metric_id][day] = value
    return found


def _learned(
    metric: Metric, wanted: Wanted, daily: Mapping[date, Decimal], calendar: WorkingCalendar
) -> Learned:
    since = min(daily, default=None)
    if metric.kind is MetricKind.RATIO or since is None:
        return Learned(FLAT, since)
    bins = DEFAULT_BINS[wanted.kind.value]
    past = []
    for number in range(1, PAST[wanted.kind] + 1):
        first, last = earlier(wanted.kind.value, wanted.starts_on, number)
        if first < since:
            break  # begun before the records did: its first part would look like a poor season
        # A day's sum says little about how many results made it: a sum counts its days, which is careful.
        counted = metric.kind is MetricKind.COUNT
        rows = [(day, value, int(value) if counted else 1) for day, value in daily.items()]
        past.append(past_period(first, last, calendar, rows, bins))
    return Learned(learn(past, bins) if past else FLAT, since)
