"""Which results an adjustment changes, and their new versions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from app.core import events
from app.extensions import db
from app.goals import news, queries
from app.goals.closing import rules
from app.goals.judging import evaluate
from app.goals.models import Goal, GoalResult, NotJudged, Outcome, Period, PeriodStatus
from app.goals.verdict import Given, Verdict, judge, withdrawn
from app.goals.watching import Parts
from app.goals.words import stored
from app.metrics.models import MetricKind
from app.people.models import Team, TeamKind

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Effect:
    """A result as it stands, and what it becomes; there was none `before` of a goal that is new."""

    goal: Goal
    before: GoalResult | None
    given: Given
    after: Verdict

    @property
    def target(self) -> Decimal:
        return self.given.target


def of_records(parts: Parts) -> list[Effect]:
    """What a difference of records makes of the results of closed periods; where none changes, nothing."""
    if not parts:
        return []
    paths = _paths({part.team_id for part in parts})
    sums: dict[tuple[str, int, int], dict[date, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for part, one in parts.items():
        people, teams = ("person", part.person_id), (("team", team_id) for team_id in paths[part.team_id])
        for kind, key in (people, *teams):
            days = sums[kind, key, part.metric_id]
            value, base = days.get(part.day, (ZERO, ZERO))
            days[part.day] = value + one.value, base + one.base
    found = []
    for result in _results(parts, {key for kind, key, _ in sums if kind == "team"}):
        goal = result.goal
        whose = ("person", goal.person_id or 0) if goal.person_id else ("team", goal.team_id or 0)
        days = sums.get((*whose, goal.metric_id), {})
        inside = [figures for day, figures in days.items() if goal.starts_on <= day <= goal.ends_on]
        value, base = sum((v for v, _ in inside), ZERO), sum((b for _, b in inside), ZERO)
        if value or base:
            found.append(_effect(result, given_of(result).changed(value=value, base=base)))
    return found


def of_target(goal_id: int) -> list[Effect]:
    """What a goal's target, as it is now, makes of its result; of a goal that was not judged, nothing."""
    result = _result_of(goal_id)
    if result is None:
        return []
    return [_effect(result, replace(given_of(result), target=result.goal.target))]


def of_new(period_id: int, goal_ids: Collection[int]) -> list[Effect]:
    """What goals come to that only now stand, judged by what is recorded now."""
    period = db.session.get_one(Period, period_id)
    names = select(Goal).where(Goal.id.in_(goal_ids)).execution_options(populate_existing=True)
    goals = {goal.id: goal for goal in db.session.scalars(queries.with_names(names))}
    found = evaluate(period, rules().exceeded_from, only=goal_ids)
    return [Effect(goals[one.goal_id], None, one.given, one.verdict) for one in found]


def of_withdrawal(goal_id: int) -> list[Effect]:
    return [replace(effect, after=withdrawn(effect.after)) for effect in of_target(goal_id)]


def given_of(result: GoalResult) -> Given:
    """What a result was made of."""
    metric = result.goal.metric
    base = result.base if metric.kind is MetricKind.RATIO else None
    again = Given.again(result.arithmetic, base=base, higher_is_better=metric.is_higher_better)
    return replace(again, value=result.value, target=result.target)


def write(effects: Iterable[Effect], adjustment_id: int) -> list[GoalResult]:
    """The new versions; those before them stay. Who reacts to results is told."""
    made, told = [], []
    for effect in effects:
        before, verdict = effect.before, effect.after
        if before is not None:
            db.session.execute(update(GoalResult).where(GoalResult.id == before.id).values(is_current=False))
        result = GoalResult(
            goal_id=effect.goal.id,
            period_id=effect.goal.period_id,
            version=before.version + 1 if before is not None else 1,
            is_current=True,
            outcome=Outcome(verdict.outcome),
            not_judged=NotJudged(verdict.not_judged) if verdict.not_judged else None,
            value=effect.given.value,
            base=effect.given.base or ZERO,
            figure=verdict.figure,
            target=effect.given.target,
            attainment=verdict.attainment,
            arithmetic=stored(verdict.lines),
            adjustment_id=adjustment_id,
        )
        db.session.add(result)
        db.session.flush()
        made.append(result)
        told.append(
            {
                "goal_id": result.goal_id,
                "result_id": result.id,
                "outcome": verdict.outcome,
                "was": before.outcome.value if before is not None else None,
            }
        )
    events.record_many("result_adjusted", told)
    if made:
        news.targets_stand()
    return made


def _effect(result: GoalResult, given: Given) -> Effect:
    verdict = judge(given)
    if result.not_judged is NotJudged.WITHDRAWN:
        verdict = withdrawn(verdict)
    return Effect(result.goal, result, given, verdict)


def _paths(team_ids: set[int | None]) -> dict[int | None, Sequence[int]]:
    """By team, itself and those above it; what is nobody's team's is the company's."""
    rows = db.session.execute(
        select(Team.id, Team.path, Team.kind).where(
            or_(Team.id.in_([key for key in team_ids if key is not None]), Team.kind == TeamKind.COMPANY)
        )
    ).all()
    found: dict[int | None, Sequence[int]] = {row.id: row.path for row in rows}
    found[None] = next((row.path for row in rows if row.kind is TeamKind.COMPANY), [])
    return found


def _results(parts: Parts, team_ids: set[int]) -> Sequence[GoalResult]:
    """The current results that these differences may touch, with their goals."""
    people = sorted({part.person_id for part in parts})
    days = [part.day for part in parts]
    return db.session.scalars(
        select(GoalResult)
        .join(GoalResult.goal)
        .join(Goal.period)
        .options(*queries.names_of(GoalResult.goal))
        .where(
            GoalResult.is_current,
            Period.status == PeriodStatus.CLOSED,
            Period.starts_on <= max(days),
            Period.ends_on >= min(days),
            Goal.metric_id.in_({part.metric_id for part in parts}),
            or_(
                Goal.person_id == func.any(literal(people, ARRAY(BigInteger))),
                and_(
                    Goal.team_id.is_not(None),
                    Goal.team_id == func.any(literal(sorted(team_ids), ARRAY(BigInteger))),
                ),
            ),
        )
        .order_by(GoalResult.id)
        .execution_options(populate_existing=True)
    ).all()


def _result_of(goal_id: int) -> GoalResult | None:
    return db.session.scalars(
        select(GoalResult)
        .join(GoalResult.goal)
        .options(*queries.names_of(GoalResult.goal))
        .where(GoalResult.is_current, GoalResult.goal_id == goal_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
