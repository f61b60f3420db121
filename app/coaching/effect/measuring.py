"""Measures what finished plans changed, once the stretch after them is over. The worker does, for nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from statistics import fmean
from typing import Any

from sqlalchemy import delete, func, select

from app.coaching import access
from app.coaching.effect.comparing import Effect, Record, TooFew, as_index, claimed, effect_of, effect_over
from app.coaching.effect.stretches import Stretch, Stretches, stretches
from app.coaching.models import (
    EffectSummary,
    Plan,
    PlanCase,
    PlanEffect,
    PlanKind,
    PlanStatus,
    PlanStep,
    PlanStepStatus,
)
from app.core import clock, jobs
from app.core.changes import changes
from app.core.transactions import atomic
from app.diagnosis.models import Case
from app.extensions import db
from app.goals.models import Period
from app.metrics.definition import MetricKind
from app.metrics.models import Metric
from app.metrics.queries import person_sums
from app.people.models import Person

LEAST_PLANS = 3
"""A sum over fewer plans would tell of single people."""

ALL = 1e9
"""Items behind a sum or a count: nothing sold is a figure too."""

FINISHED = (PlanStatus.COMPLETED, PlanStatus.ENDED)


@dataclass(frozen=True, slots=True)
class Finished:
    """A plan that is over, with the time it is read in."""

    plan: Plan
    metric: Metric
    times: Stretches

    @property
    def stratum(self) -> str:
        return f"{self.metric.id}:{self.times.latest.first}:{self.times.after.first}"


@jobs.job("coaching.measure_effects", cron="23 4 * * *")
def measure(timestamp: int) -> None:
    access.as_worker()
    if measure_effects():
        sum_up()


@atomic
def measure_effects() -> int:
    """Plans whose time after is over and that were not measured yet; how many there were."""
    access.as_worker()
    due = [one for one in finished_plans() if one.times.is_over(clock.today())]
    for _, together in groupby(sorted(due, key=lambda one: one.stratum), key=lambda one: one.stratum):
        _measure_stratum(list(together))
    if due:
        changes.announce("coaching", people=[one.plan.person_id for one in due])
    return len(due)


def finished_plans(plan_id: int | None = None) -> list[Finished]:
    """Those not measured yet; or one, measured or not."""
    first = select(func.min(PlanCase.id)).where(PlanCase.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    stmt = (
        select(Plan, Metric, Period)
        .join(PlanCase, PlanCase.id == first)
        .join(Case, Case.id == PlanCase.case_id)
        .join(Period, Period.id == Case.period_id)
        .join(Metric, Metric.id == Plan.metric_id)
        .where(Plan.kind == PlanKind.COACHING)
        .order_by(Plan.id)
    )
    if plan_id is not None:
        stmt = stmt.where(Plan.id == plan_id)
    else:
        measured = select(PlanEffect.plan_id)
        stmt = stmt.where(Plan.status.in_(FINISHED), Plan.id.not_in(measured))
    return [
        Finished(
            plan,
            metric,
            stretches(period.kind.value, period.starts_on, plan.starts_on, plan.completed_on or plan.ends_on),
        )
        for plan, metric, period in db.session.execute(stmt)
    ]


def _measure_stratum(together: Sequence[Finished]) -> None:
    metric, times = together[0].metric, together[0].times
    records = records_of(metric, times)
    coached = _coached_between(metric, times.earlier[-1].first, times.after.last)
    peers = {key: record for key, record in records.items() if key not in coached}
    enough = {key: record for key, record in peers.items() if record.is_enough}
    level = fmean(record.earlier for record in enough.values()) if enough else None
    for one in together:
        own = records.get(one.plan.person_id)
        found = _judge(own, list(peers.values()), metric)
        during = figures(metric, one.times.during, scale=times.latest.days).get(one.plan.person_id)
        db.session.add(
            PlanEffect(
                plan_id=one.plan.id,
                stratum=one.stratum,
                own=asdict(own) if own else None,
                peers=[[key, asdict(record)] for key, record in _near(own, enough)],
                during=during[0] if during else None,
                level=level,
                result=asdict(found) if isinstance(found, Effect) else None,
                too_few=found.value if isinstance(found, TooFew) else None,
            )
        )


def _judge(own: Record | None, peers: Sequence[Record], metric: Metric) -> Effect | TooFew:
    if own is None:
        return TooFew.OWN
    return effect_of(own, peers, is_amount=metric.kind is not MetricKind.RATIO)


def records_of(metric: Metric, times: Stretches) -> dict[int, Record]:
    """Of everybody who was there throughout: who sold something in the missed stretch and before it."""
    scale = times.latest.days
    earlier = [figures(metric, stretch, scale=scale) for stretch in times.earlier]
    latest = figures(metric, times.latest, scale=scale)
    after = figures(metric, times.after, scale=scale)
    found = {}
    for person_id in _present(times):
        before = [part[person_id][0] for part in earlier if person_id in part]
        if not before or person_id not in latest:
            continue
        value, items = latest[person_id]
        later, later_items = after.get(person_id, (0.0, 0.0 if metric.kind is MetricKind.RATIO else ALL))
        found[person_id] = Record(fmean(before), value, later, min(items, later_items))
    return found


def figures(metric: Metric, stretch: Stretch, *, scale: int) -> dict[int, tuple[float, float]]:
    """(figure, items behind it) of everybody who has any; amounts as in a stretch of `scale` days."""
    is_ratio, factor = metric.kind is MetricKind.RATIO, scale / stretch.days
    return {
        person_id: (float(value / base), float(base)) if is_ratio else (float(value) * factor, ALL)
        for person_id, value, base in db.session.execute(person_sums(metric, stretch.first, stretch.last))
        if base or not is_ratio
    }


def _present(times: Stretches) -> Iterable[int]:
    return db.session.scalars(
        select(Person.id)
        .where(
            (Person.hired_on.is_(None)) | (Person.hired_on <= times.latest.first),
            (Person.left_on.is_(None)) | (Person.left_on > times.after.last),
        )
        .order_by(Person.id)
    ).all()


def _coached_between(metric: Metric, first: date, last: date) -> set[int]:
    """Whoever had a plan of any kind on this figure in that time is nobody's uncoached peer."""
    ended = func.coalesce(Plan.completed_on, Plan.ends_on)
    stmt = select(Plan.person_id).where(
        Plan.metric_id == metric.id,
        Plan.starts_on <= last,
        ended >= first,
        Plan.status != PlanStatus.PROPOSED,
    )
    return set(db.session.scalars(stmt))


def _near(own: Record | None, peers: Mapping[int, Record], most: int = 40) -> list[tuple[int, Record]]:
    """Enough of the nearest peers to put plans together later."""
    if own is None:
        return []
    far = {key: abs(one.earlier - own.earlier) + abs(one.latest - own.latest) for key, one in peers.items()}
    return [(key, peers[key]) for key in sorted(far, key=lambda key: (far[key], key))[:most]]


# -- over the company


@atomic
def sum_up() -> None:
    """What helps here: by step, course and coach, all plans together; replaces what was summed up before."""
    access.as_worker()
    rows = db.session.execute(
        select(PlanEffect, Plan).join(Plan, Plan.id == PlanEffect.plan_id).order_by(PlanEffect.id)
    ).all()
    plans = {plan.id: plan for _, plan in rows}
    measured = {effect.plan_id: effect for effect, _ in rows}
    db.session.execute(delete(EffectSummary))
    for kind, groups in _groups(plans).items():
        kept: list[tuple[EffectSummary, Effect]] = []
        for (subject_id, subject), keys in sorted(groups.items(), key=str):
            if len(keys) < LEAST_PLANS:
                continue
            found = effect_over(_strata([measured[key] for key in keys]))
            summary = EffectSummary(
                kind=kind,
                subject_id=subject_id,
                subject=subject,
                plans=len(keys),
                result=asdict(found) if isinstance(found, Effect) else None,
                too_few=found.value if isinstance(found, TooFew) else None,
            )
            db.session.add(summary)
            if isinstance(found, Effect):
                kept.append((summary, found))
        for (summary, _), is_claimed in zip(kept, claimed([one for _, one in kept]), strict=True):
            summary.is_claimed = is_claimed
    changes.announce("coaching")


Groups = dict[tuple[int | None, str], set[int]]


def _groups(plans: Mapping[int, Plan]) -> dict[str, Groups]:
    """Plan keys by what they have in common."""
    found: dict[str, Groups] = {name: defaultdict(set) for name in ("all", "step", "course", "coach")}
    steps = db.session.execute(
        select(PlanStep.plan_id, PlanStep.kind, PlanStep.course_id).where(
            PlanStep.plan_id.in_(plans), PlanStep.status == PlanStepStatus.DONE
        )
    )
    for key, plan in plans.items():
        found["all"][None, ""].add(key)
        if plan.coach_id is not None:
            found["coach"][plan.coach_id, ""].add(key)
    for plan_id, kind, course_id in steps:
        found["step"][None, kind.value].add(plan_id)
        if course_id is not None:
            found["course"][course_id, ""].add(plan_id)
    return found


def _strata(effects: Sequence[PlanEffect]) -> list[tuple[list[Record], list[Record]]]:
    together: dict[str, tuple[list[Record], dict[int, Record]]] = {}
    for one in effects:
        if one.own is None or not one.level or one.level <= 0:
            continue
        own, peers = together.setdefault(one.stratum, ([], {}))
        own.append(as_index(_record(one.own), one.level))
        peers |= {key: as_index(_record(peer), one.level) for key, peer in one.peers}
    return [(own, list(peers.values())) for own, peers in together.values()]


def _record(kept: dict[str, Any]) -> Record:
    return Record(**kept)
