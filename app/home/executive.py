"""An executive's home: the company, its departments, the process from order to follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import clock, formats
from app.extensions import db
from app.goals import progress, queries
from app.goals.models import Goal, Period, PeriodKind
from app.goals.progress import Progress
from app.metrics import queries as metrics
from app.metrics.figures import Value, format_figure_short
from app.metrics.models import Metric
from app.people.models import Team, TeamKind

PROCESS = ("deals_won", "on_time_delivery", "follow_up_rate", "satisfaction")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the process: its figure in this quarter, and in the one before."""

    metric: Metric
    value: str
    note: str | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    labels: Sequence[str]
    values: Sequence[float]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Company:
    period: Period | None
    whole: Sequence[Progress]
    departments: Sequence[Progress]
    teams: Sequence[Progress]
    steps: Sequence[Step]
    chart: Chart | None
    root_id: int


def company() -> Company | None:
    """None in a portal without a company."""
    root = db.session.scalars(select(Team).where(Team.kind == TeamKind.COMPANY)).one_or_none()
    if root is None:
        return None
    period = queries.period_on(PeriodKind.QUARTER)
    goals = queries.goals_for(period, team_ids=select(Team.id)) if period is not None else []
    kinds = {team.id: team.kind for team in db.session.scalars(select(Team))}
    found = progress.for_goals(_first_metric(goals))
    whole = [each for each in found if each.goal.team_id == root.id]
    below = sorted((each for each in found if each.goal.team_id != root.id), key=lambda each: each.distance)
    return Company(
        period=period,
        whole=whole,
        departments=[e for e in below if kinds.get(e.goal.team_id or 0) is TeamKind.DEPARTMENT],
        teams=[e for e in below if kinds.get(e.goal.team_id or 0) is TeamKind.TEAM],
        steps=_steps(root.id, period) if period is not None else (),
        chart=_deliveries(root.id),
        root_id=root.id,
    )


def _first_metric(goals: Sequence[Goal]) -> list[Goal]:
    first = min((goal.metric.position, goal.metric_id) for goal in goals) if goals else None
    return [goal for goal in goals if (goal.metric.position, goal.metric_id) == first]


def _steps(root_id: int, period: Period) -> list[Step]:
    today = clock.today()
    length = today - period.starts_on
    before_ends = period.starts_on - timedelta(days=1)
    before = queries.period_on(PeriodKind.QUARTER, before_ends)
    found = []
    for metric in metrics.active_metrics():
        if metric.key not in PROCESS:
            continue
        now = _value(metric, period.starts_on, today, root_id)
        then = (
            _value(metric, before.starts_on, min(before.starts_on + length, before_ends), root_id)
            if before is not None
            else None
        )
        told = then.figure if then is not None else None
        found.append(
            Step(
                metric=metric,
                value=format_figure_short(now.figure if now else None, metric),
                note=_("%(figure)s at this point last quarter", figure=format_figure_short(told, metric))
                if told is not None
                else None,
                starts_on=period.starts_on,
                ends_on=today,
            )
        )
    found.sort(key=lambda step: PROCESS.index(step.metric.key))
    return found


def _value(metric: Metric, start: date, end: date, team_id: int) -> Value | None:
    return metrics.team_values(metric, start, end, [team_id]).get(team_id)


def _deliveries(root_id: int) -> Chart | None:
    """On-time delivery by month, with what stands out as the title."""
    metric = next((each for each in metrics.active_metrics() if each.key == "on_time_delivery"), None)
    if metric is None:
        return None
    first = _months_back(clock.today(), MONTHS - 1)
    days = metrics.daily_values(metric, first, clock.today(), team_id=root_id)
    by_month: dict[date, tuple[float, float]] = {}
    for day, value in days.items():
        month = day.replace(day=1)
        known = by_month.get(month, (0.0, 0.0))
        by_month[month] = known[0] + float(value.value or 0), known[1] + float(value.base or 0)
    shares = {month: part / base for month, (part, base) in sorted(by_month.items()) if base}
    if len(shares) < 3:
        return None
    worst = min(shares, key=lambda month: shares[month])
    title = _(
        "On-time delivery was lowest in %(month)s: %(share)s",
        month=formats.month(worst),
        share=formats.percent(shares[worst]),
    )
    return Chart(
        title,
        [formats.month(month) for month in shares],
        [round(share * 100, 1) for share in shares.values()],
        [formats.percent(share) for share in shares.values()],
    )


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
