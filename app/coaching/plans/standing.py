"""How plans stand today: their aims by what was really sold, their steps by what is done; of many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.coaching.models import Aim, Plan, PlanStep, PlanStepStatus
from app.coaching.plans import aiming, measures
from app.coaching.plans.aiming import Standing
from app.coaching.plans.measures import Measured
from app.core import clock
from app.extensions import db
from app.metrics.figures import Value, value_of
from app.sales.models import Product

WEEKLY = Decimal(2)
"""Cases that a week counts for, of a sum that is better when it is lower."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A plan with its parts, in order."""

    plan: Plan
    steps: Sequence[PlanStep]
    aims: Sequence[Aim]

    @property
    def kept(self) -> Sequence[PlanStep]:
        return [step for step in self.steps if step.status is not PlanStepStatus.DROPPED]

    @property
    def done(self) -> int:
        return sum(step.status is PlanStepStatus.DONE for step in self.steps)

    @property
    def is_all_done(self) -> bool:
        return bool(self.kept) and self.done == len(self.kept)

    @property
    def next_step(self) -> PlanStep | None:
        waiting = [step for step in self.kept if step.status is PlanStepStatus.OPEN]
        return min(waiting, key=lambda step: (step.due_on, step.position), default=None)

    def is_over(self, today: date) -> bool:
        return self.plan.ends_on < today


@dataclass(frozen=True, slots=True)
class AimStand:
    aim: Aim
    what: Measured
    standing: Standing
    value: Value
    label: str

    @property
    def until(self) -> date:
        return min(self.aim.by_on, clock.today())


def whole(plan: Plan) -> Whole:
    return wholes([plan])[0]


def wholes(plans: Sequence[Plan]) -> list[Whole]:
    """In the order of the plans."""
    ids = [plan.id for plan in plans]
    steps = _by_plan(select(PlanStep).where(PlanStep.plan_id.in_(ids)), PlanStep)
    found = _by_plan(select(Aim).where(Aim.plan_id.in_(ids)).options(joinedload(Aim.metric)), Aim)
    return [Whole(plan, steps[plan.id], found[plan.id]) for plan in plans]


def _by_plan(stmt: Any, table: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(stmt.order_by(table.plan_id, table.position, table.id)):
        found[row.plan_id].append(row)
    return found


def stands(found: Iterable[Whole]) -> dict[int, list[AimStand]]:
    """By plan, how each aim stands; aims that count the same over the same days are counted together."""
    today = clock.today()
    wanted: dict[Any, tuple[Measured, date, date, set[int]]] = {}
    rows = [(one.plan, aim, measures.of(aim)) for one in found for aim in one.aims]
    for plan, aim, what in rows:
        last = _last(plan, aim, today)
        key = (*what.key, aim.from_on, last)
        wanted.setdefault(key, (what, aim.from_on, last, set()))[3].add(plan.person_id)
    values = {
        key: measures.person_values(what, first, last, people)
        for key, (what, first, last, people) in wanted.items()
    }
    names = product_names({aim.product_id for _, aim, _ in rows} - {None})
    result: dict[int, list[AimStand]] = defaultdict(list)
    for plan, aim, what in rows:
        last = _last(plan, aim, today)
        value = values[*what.key, aim.from_on, last].get(plan.person_id, value_of(what))
        label = what.label(names.get(aim.product_id or 0))
        result[plan.id].append(AimStand(aim, what, _stand(aim, what, value, last), value, label))
    return result


def _last(plan: Plan, aim: Aim, today: date) -> date:
    """The last day that counts: today, or the day on which it ended."""
    return min(plan.completed_on or today, aim.by_on, today)


def _stand(aim: Aim, what: Measured, value: Value, today: date) -> Standing:
    whole_time = measures.weeks(aim.from_on, aim.by_on)
    so_far = measures.weeks(aim.from_on, today) if today >= aim.from_on else Decimal(0)
    if what.is_per_week and what.is_higher_better and aim.aims_at > 0:
        return aiming.stand_of_sum(value.value, aim.aims_at, whole_time, so_far)
    elapsed = min(so_far / whole_time, Decimal(1))
    now = measures.as_said(what, value, aim.from_on, today)
    if aim.aims_at == aim.starts_at:
        return Standing(None, elapsed, now)
    cases = value.base if value.base is not None else so_far * WEEKLY
    return aiming.stand_of_ratio(now, cases, aim.starts_at, aim.aims_at, elapsed)


def product_names(ids: Collection[Any]) -> Mapping[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(select(Product.id, Product.name).where(Product.id.in_(ids)))
    return {row.id: row.name for row in rows}


def in_words(found: Sequence[Whole]) -> dict[int, list[dict[str, Any]]]:
    """By plan, what was tried and how it came out, to be kept when the plan goes on: plain JSON."""
    standing = stands(found)
    return {
        one.plan.id: [*map(_step_tried, one.steps), *map(_aim_tried, standing.get(one.plan.id, ()))]
        for one in found
    }


def _step_tried(step: PlanStep) -> dict[str, Any]:
    return {
        "of": "step",
        "titles": step.titles,
        "kind": step.kind.value,
        "status": step.status.value,
        "done_on": step.done_on.isoformat() if step.done_on else None,
    }


def _aim_tried(stand: AimStand) -> dict[str, Any]:
    aim, now = stand.aim, stand.standing.now
    return {
        "of": "aim",
        "measure": aim.measure,
        "metric_id": aim.metric_id,
        "product_id": aim.product_id,
        "starts_at": str(aim.starts_at),
        "aims_at": str(aim.aims_at),
        "now": str(now.quantize(Decimal("0.0001"))) if now is not None else None,
        "on": stand.until.isoformat(),
    }
