"""What is known of a plan's effect, and what helps over the company."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sqlalchemy import select

from app.coaching import access, scope
from app.coaching.effect import measuring
from app.coaching.effect.comparing import Effect, Record, TooFew
from app.coaching.effect.measuring import Finished
from app.coaching.models import EffectSummary, Plan, PlanEffect, PlanKind
from app.coaching.plans.queries import named
from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Role
from app.core.viewer import Viewer
from app.extensions import db
from app.metrics.models import Metric
from app.people.models import Person
from app.training.models import Course


@dataclass(frozen=True, slots=True)
class Told:
    """A plan's effect as its page tells it: figures of the person and the peers, None where not known yet."""

    finished: Finished
    own: Sequence[float | None]  # before, missed, during, after
    peers: Sequence[float | None]
    effect: Effect | None
    too_few: TooFew | None
    is_over: bool

    @property
    def metric(self) -> Metric:
        return self.finished.metric


@dataclass(frozen=True, slots=True)
class Helps:
    """A line of what helps here. `effect` is in parts of the peers' usual level."""

    kind: str
    name: str
    plans: int
    effect: Effect | None
    is_claimed: bool


def told_for(viewer: Viewer, plan_id: int) -> Told:
    """Raises NotFound for whoever may not read the plan, and for one of support."""
    access.reading_as(viewer)
    plan = db.session.scalars(
        named(select(Plan)).where(
            Plan.id == plan_id,
            Plan.kind == PlanKind.COACHING,
            Plan.person_id.in_(scope.readable_people(viewer)),
        )
    ).one_or_none()
    found = measuring.finished_plans(plan_id) if plan else []
    if not found:
        raise NotFound
    kept = db.session.scalars(select(PlanEffect).where(PlanEffect.plan_id == plan_id)).one_or_none()
    return _measured(found[0], kept) if kept else _so_far(found[0])


def _measured(finished: Finished, kept: PlanEffect) -> Told:
    own = Record(**kept.own) if kept.own else None
    peers = [Record(**peer) for _, peer in kept.peers]
    times = finished.times
    during = measuring.figures(finished.metric, times.during, scale=times.latest.days)
    return Told(
        finished=finished,
        own=(
            own.earlier if own else None,
            own.latest if own else None,
            kept.during,
            own.after if own else None,
        ),
        peers=(
            _mean([peer.earlier for peer in peers]),
            _mean([peer.latest for peer in peers]),
            _mean([during[key][0] for key, _ in kept.peers if key in during]),
            _mean([peer.after for peer in peers]),
        ),
        effect=Effect(**kept.result) if kept.result else None,
        too_few=TooFew(kept.too_few) if kept.too_few else None,
        is_over=True,
    )


def _so_far(finished: Finished) -> Told:
    """What can be said while the time after is not over: no effect yet."""
    times, metric, person_id = finished.times, finished.metric, finished.plan.person_id
    before = [measuring.figures(metric, stretch, scale=times.latest.days) for stretch in times.earlier]
    earlier = [part[person_id][0] for part in before if person_id in part]
    rest = []
    for stretch in (times.latest, times.during):
        found = measuring.figures(metric, stretch, scale=times.latest.days).get(person_id)
        rest.append(found[0] if found and stretch.first <= clock.today() else None)
    own = (_mean(earlier), *rest, None)
    return Told(finished, own, (None,) * 4, None, None, is_over=False)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def what_helps(viewer: Viewer, steps: dict[str, str]) -> list[Helps]:
    """Over the company, what helps most first. Managers see their own line among the coaches', HR and
    executives all.

    `steps`: what each kind of step is called.
    """
    rows = db.session.scalars(select(EffectSummary).order_by(EffectSummary.id)).all()
    courses = _names(Course.id, Course.title, [row.subject_id for row in rows if row.kind == "course"])
    coaches = _names(Person.id, Person.name, [row.subject_id for row in rows if row.kind == "coach"])
    found = []
    for row in rows:
        if row.kind == "coach" and not _may_see(viewer, row.subject_id):
            continue
        name = {"step": steps.get(row.subject, ""), "all": ""}.get(row.kind)
        if name is None:
            name = (courses if row.kind == "course" else coaches).get(row.subject_id or 0, "")
        effect = Effect(**row.result) if row.result else None
        found.append(Helps(row.kind, name, row.plans, effect, row.is_claimed))
    return sorted(found, key=lambda one: (one.effect is None, -(one.effect.effect if one.effect else 0)))


def _may_see(viewer: Viewer, coach_id: int | None) -> bool:
    return viewer.role in {Role.HR, Role.EXECUTIVE} or coach_id == viewer.person_id


def _names(key: Any, name: Any, ids: Sequence[int | None]) -> dict[int, str]:
    if not ids:
        return {}
    return {row[0]: row[1] for row in db.session.execute(select(key, name).where(key.in_(ids)))}
