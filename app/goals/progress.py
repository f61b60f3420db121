"""How goals stand: one answer for any number of them, in at most four questions, and one for closed ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from app.core import clock
from app.goals import closed, facts, holidays
from app.goals.attainment import attainment
from app.goals.calendar import WorkingCalendar
from app.goals.facts import Key, Series
from app.goals.models import Goal, GoalResult, Outcome, PeriodStatus
from app.goals.pace import Accumulated, Averaged, Pace, pace
from app.goals.season import Curve, Season
from app.goals.seasons import Learned, Wanted, first_day, seasons
from app.metrics.models import Metric, MetricKind, Unit

EARLIER_WEEKS = 4
USUAL_DAYS = 91
"""How far back a ratio is looked at to say what is usual."""


STATES = {
    Outcome.EXCEEDED: "reached",
    Outcome.REACHED: "reached",
    Outcome.MISSED: "behind",
    Outcome.NOT_JUDGED: "no_data",
}
"""How the bar of a goal that was judged is drawn."""


@dataclass(frozen=True)
class Progress:
    """A goal, its pace, and the days and curve that it came from."""

    goal: Goal
    pace: Pace
    curve: Curve
    series: Series
    today: date
    result: GoalResult | None = None  # once the period is closed: then all of it is as it was judged

    @property
    def metric(self) -> Metric:
        return self.goal.metric

    @property
    def state(self) -> str:
        return STATES[self.result.outcome] if self.result else self.pace.state.value

    @property
    def is_accumulated(self) -> bool:
        return self.metric.kind is not MetricKind.RATIO

    @property
    def is_over(self) -> bool:
        return self.today > self.goal.ends_on

    @property
    def share(self) -> Decimal | None:
        """What the bar shows: of an amount how much of the target is there (also where less is better), of a
        ratio how much of the target it is."""
        return self._share_of(self.pace.actual)

    @property
    def expected(self) -> Decimal | None:
        """Where the tick stands; a ratio is expected at its target all along, and has none."""
        if not self.is_accumulated or self.is_over or self.today < self.goal.starts_on:
            return None
        return self.pace.expected_share

    @property
    def forecast(self) -> tuple[Decimal, Decimal] | None:
        """The band in shares of the target; none once the period is over."""
        found = self.pace.forecast
        if found is None or self.is_over:
            return None
        low, high = self._share_of(found.low), self._share_of(found.high)
        return None if low is None or high is None else (min(low, high), max(low, high))

    @property
    def distance(self) -> Decimal:
        """How far from pace, to sort by: working days of an amount, tenths of the target of a ratio.

        What has no results yet stands at 0.
        """
        if self.pace.distance is not None:
            return self.pace.distance
        return Decimal(0) if self.pace.gap is None else self.pace.gap / self.goal.target * 10

    def _share_of(self, value: Decimal | None) -> Decimal | None:
        if value is None:
            return None
        if self.is_accumulated:
            return value / self.goal.target
        return attainment(value, self.goal.target, higher_is_better=self.metric.is_higher_better)


def for_goals(goals: Sequence[Goal], on: date | None = None) -> list[Progress]:
    """In the order of the goals, which have their metric, period and person loaded.

    `on`: as it stood on an earlier day, by what counts up to then.
    """
    if not goals:
        return []
    today = on or clock.today()
    metrics = {goal.metric_id: goal.metric for goal in goals}
    wanted = {_wanted(goal) for goal in goals}
    first, last = first_day(wanted), max(goal.ends_on for goal in goals)
    calendar = holidays.company_calendar(first, last)
    learned = seasons(list(metrics.values()), wanted, calendar)
    series = _series(goals, metrics, on)
    people = {goal.person_id for goal in goals if goal.person_id is not None}
    off = holidays.days_off(people, min(goal.starts_on for goal in goals), last)
    curves = _Curves(calendar)
    is_closed = [goal.id for goal in goals if goal.period.status is PeriodStatus.CLOSED and on is None]
    results = closed.results_for(is_closed) if is_closed else {}
    found = []
    for goal in goals:
        days_off = off.get(goal.person_id, frozenset()) if goal.person_id else frozenset()
        known = learned[_wanted(goal)]
        curve = curves.of(goal.starts_on, goal.ends_on, days_off, known.season)
        days = series.get(_key(goal), facts.NOTHING)
        figures = _figures(goal, curve, days, known, today)
        result = results.get(goal.id)
        if result is not None:
            figures = _as_judged(figures, result)
        found.append(Progress(goal, pace(figures), curve, days, today, result))
    return found


def for_goal(goal: Goal) -> Progress:
    return for_goals([goal])[0]


def _wanted(goal: Goal) -> Wanted:
    return Wanted(goal.metric_id, goal.period.kind, goal.period.starts_on)


def _key(goal: Goal) -> Key:
    if goal.person_id is not None:
        return "person", goal.person_id, goal.metric_id
    return "team", goal.team_id or 0, goal.metric_id


def _series(goals: Sequence[Goal], metrics: dict[int, Metric], on: date | None) -> dict[Key, Series]:
    is_ratio = any(metric.kind is MetricKind.RATIO for metric in metrics.values())
    back = timedelta(days=USUAL_DAYS) if is_ratio else timedelta(weeks=EARLIER_WEEKS)
    return facts.by_day(
        metrics.values(),
        people={goal.person_id for goal in goals if goal.person_id is not None},
        teams={goal.team_id for goal in goals if goal.team_id is not None},
        first=min(goal.starts_on for goal in goals) - back,
        last=min(max(goal.ends_on for goal in goals), on or date.max),
    )


class _Curves:
    """A curve is dear to make, and most goals of a page share one."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendars = {frozenset[date](): calendar}
        self._curves: dict[tuple[date, date, frozenset[date], Season], Curve] = {}

    def of(self, first: date, last: date, days_off: frozenset[date], season: Season) -> Curve:
        if days_off not in self._calendars:
            self._calendars[days_off] = self._calendars[frozenset()].with_days_off(days_off)
        key = first, last, days_off, season
        if key not in self._curves:
            self._curves[key] = Curve(first, last, self._calendars[days_off], season)
        return self._curves[key]


def _figures(
    goal: Goal, curve: Curve, series: Series, learned: Learned, today: date
) -> Accumulated | Averaged:
    metric, first, last = goal.metric, goal.starts_on, goal.ends_on
    if metric.kind is MetricKind.RATIO:
        back, before = first - timedelta(days=USUAL_DAYS), first - timedelta(days=1)
        usual_base = series.base(back, before)
        return Averaged(
            numerator=series.value(first, last),
            denominator=series.base(first, last),
            target=goal.target,
            today=today,
            curve=curve,
            usual=series.value(back, before) / usual_base if usual_base > 0 else None,
            proportion=metric.unit is Unit.PERCENT,
            higher_is_better=metric.is_higher_better,
        )
    since = _known_from(goal, learned)
    known_weeks = min(max((first - since).days // 7, 0), EARLIER_WEEKS) if since is not None else 0
    whole_weeks = max((min(today, last) - first).days // 7, 0)
    return Accumulated(
        actual=series.value(first, last),
        target=goal.target,
        today=today,
        curve=curve,
        earlier_weeks=series.weeks(first - timedelta(weeks=known_weeks), known_weeks),
        this_weeks=series.weeks(first, whole_weeks),
        whole=metric.kind is MetricKind.COUNT,
        typical=series.typical if metric.kind is MetricKind.SUM else None,
        higher_is_better=metric.is_higher_better,
    )


def _as_judged(figures: Accumulated | Averaged, result: GoalResult) -> Accumulated | Averaged:
    """What was counted at the close, whatever the records say by now."""
    if isinstance(figures, Averaged):
        return replace(figures, numerator=result.value, denominator=result.base, target=result.target)
    return replace(figures, actual=result.value, target=result.target)


def _known_from(goal: Goal, learned: Learned) -> date | None:
    """Since when a week without a result says something about the person."""
    if learned.since is None:
        return None
    hired_on = goal.person.hired_on if goal.person else None
    return max(learned.since, hired_on) if hired_on else learned.since
