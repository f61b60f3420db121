"""The missed goals of a closed period, as the method takes them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select, text

from app.core import clock
from app.diagnosis.models import Case
from app.diagnosis.records import Goal
from app.extensions import db
from app.goals import models as goals
from app.goals.models import GoalResult, Outcome, Period
from app.metrics.definition import MetricKind, Rule, Unit
from app.metrics.models import Metric
from app.sales.models import Product


@dataclass(frozen=True, slots=True)
class Missed:
    """A goal's result and, for the method, the goal itself."""

    goal: Goal
    result_id: int
    metric_id: int
    person_id: int | None
    team_id: int | None


def missed_goals(period: Period, *, anew: Collection[int] | None = None) -> list[Missed]:
    """Those that have no case yet; with `anew` those of these goals, whether they have one or not."""
    of = goals.Goal
    stmt = (
        select(of.id, of.person_id, of.team_id, of.metric_id, GoalResult)
        .join(GoalResult, GoalResult.goal_id == of.id)
        .where(GoalResult.period_id == period.id, GoalResult.is_current, GoalResult.outcome == Outcome.MISSED)
        .order_by(of.id)
    )
    if anew is None:
        stmt = stmt.where(~select(Case.id).where(Case.goal_id == of.id).exists())
    else:
        stmt = stmt.where(of.id.in_(anew))
    rows = db.session.execute(stmt).all()
    metrics = {metric.id: metric for metric in db.session.scalars(select(Metric))}
    rules = {key: _resolved(metrics[key].parsed()) for key in {row.metric_id for row in rows}}
    members = _members(period, {row.team_id for row in rows if row.team_id})
    return [
        Missed(
            Goal(
                id=row.id,
                people=(row.person_id,) if row.person_id else members[row.team_id],
                rule=rules[row.metric_id],
                target=row.GoalResult.target,
                actual=row.GoalResult.figure or Decimal(0),
                unit=_unit(metrics[row.metric_id], row.GoalResult),
                higher_is_better=metrics[row.metric_id].is_higher_better,
                team=row.team_id,
            ),
            row.GoalResult.id,
            row.metric_id,
            row.person_id,
            row.team_id,
        )
        for row in rows
    ]


def known_on(period: Period) -> date:
    """The day as of which a period's records were read when it was closed."""
    return clock.day_of(period.closed_at) if period.closed_at else clock.today()


def _unit(metric: Metric, result: GoalResult) -> Decimal:
    """Whole minor units of money, where target and result are whole; else the smallest step that is kept."""
    is_whole = all(figure % 1 == 0 for figure in (result.target, result.figure or Decimal(0)))
    if metric.unit is Unit.MONEY and metric.kind is not MetricKind.RATIO and is_whole:
        return Decimal(1)
    return Decimal("0.0001")


def _resolved(rule: Rule) -> Rule:
    """With its series as products."""
    if not rule.series:
        return rule
    of_series = db.session.scalars(select(Product.id).where(Product.series.in_(rule.series))).all()
    chosen = set(rule.products) & set(of_series) if rule.products else set(of_series)
    return replace(rule, products=tuple(sorted(chosen)) or (0,), series=())


_MEMBERS = text(
    """
    WITH known AS (
      SELECT person_id, team_id FROM memberships
      WHERE starts_on <= :last AND coalesce(ends_on, :last) >= :first
      UNION
      SELECT sale_credits.person_id, sale_credits.team_id
      FROM sales JOIN sale_credits ON sale_credits.sale_id = sales.id
      WHERE sales.voided_at IS NULL AND sales.closed_on BETWEEN :first AND :last
    )
    SELECT ancestor, array_agg(DISTINCT known.person_id ORDER BY known.person_id)
    FROM known JOIN teams ON teams.id = known.team_id
    CROSS JOIN LATERAL unnest(teams.path) AS ancestor
    WHERE ancestor = ANY(:teams)
    GROUP BY ancestor
    """
)


def _members(period: Period, teams: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Everybody who was a member of a team, or of one below it, on any day of the period; and whose sales of
    the period count for it, as they do of people who came into the portal later than their records."""
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    if teams:
        given = {"teams": sorted(teams), "first": period.starts_on, "last": period.ends_on}
        found.update({team: tuple(people) for team, people in db.session.execute(_MEMBERS, given)})
    return found
