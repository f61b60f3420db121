"""What diagnosis has found, as the choice of steps reads it; of many cases at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.coaching.proposals.choosing import CAPABILITY, For, Found, Seen, kind_of
from app.coaching.proposals.sides import by_side
from app.diagnosis import measures
from app.diagnosis import queries as diagnosis
from app.diagnosis.findings import Cause, Verdict
from app.diagnosis.models import Case, Diagnosis, Finding
from app.extensions import db
from app.goals.models import Goal, Period, PeriodKind
from app.metrics.definition import parse
from app.metrics.models import Metric
from app.people.models import Person

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Missed:
    """A person's missed goal and what it came from. Amounts are in the metric's unit."""

    case_id: int
    diagnosis_id: int
    person_id: int
    manager_id: int | None
    metric_id: int
    period_id: int
    kind: PeriodKind
    starts_on: date
    ends_on: date
    target: Decimal
    actual: Decimal
    shortfall: Decimal
    is_withdrawn: bool
    is_chance: bool
    is_open: bool  # the seventh cause
    findings: tuple[Found, ...]

    @property
    def plan_for(self) -> For:
        if self.is_withdrawn or self.is_chance:
            return For.NOTHING
        return kind_of(self.findings, self.shortfall, is_capability_open=self.is_open)

    @property
    def waits(self) -> bool:
        """It would be the person's turn, had the departments answered."""
        if self.is_open or self.plan_for is For.NOTHING:
            return False
        is_theirs = kind_of(self.findings, self.shortfall, is_capability_open=True) is For.COACHING
        return is_theirs and any(found.cause == CAPABILITY for found in self.findings)

    @property
    def answered(self) -> tuple[Found, ...]:
        """Those that may be acted upon: all but the person's own part while that is closed."""
        return tuple(found for found in self.findings if self.is_open or found.cause != CAPABILITY)


def missed(case_ids: Collection[int]) -> list[Missed]:
    """Of persons who are there, each with what is concluded now; the earliest period first."""
    keys = sorted(case_ids)
    found = [one for start in range(0, len(keys), AT_ONCE) for one in _missed(keys[start : start + AT_ONCE])]
    return sorted(found, key=lambda one: (one.ends_on, one.period_id, one.case_id))


def _missed(case_ids: Sequence[int]) -> Iterator[Missed]:
    rows = db.session.execute(
        select(
            Case.id,
            Case.person_id,
            Case.metric_id,
            Case.withdrawn_at,
            Goal.starts_on,
            Goal.ends_on,
            Period.id.label("period_id"),
            Period.kind,
            Person.manager_id,
            Diagnosis.id.label("diagnosis_id"),
            Diagnosis.target,
            Diagnosis.actual,
            Diagnosis.shortfall,
            Diagnosis.main_cause,
        )
        .join(Goal, Goal.id == Case.goal_id)
        .join(Period, Period.id == Case.period_id)
        .join(Person, Person.id == Case.person_id)
        .join(Diagnosis, Diagnosis.case_id == Case.id)
        .where(Case.id.in_(case_ids), Diagnosis.is_current, Person.is_active)
    ).all()
    moving = _moving({row.metric_id for row in rows})
    findings = _findings({row.diagnosis_id: moving[row.metric_id] for row in rows})
    shut = diagnosis.shut([row.id for row in rows])
    for row in rows:
        yield Missed(
            case_id=row.id,
            diagnosis_id=row.diagnosis_id,
            person_id=row.person_id,
            manager_id=row.manager_id,
            metric_id=row.metric_id,
            period_id=row.period_id,
            kind=row.kind,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            target=row.target,
            actual=row.actual if row.actual is not None else Decimal(0),
            shortfall=row.shortfall,
            is_withdrawn=row.withdrawn_at is not None,
            is_chance=row.main_cause == Cause.NONE,
            is_open=row.id not in shut,
            findings=tuple(findings[row.diagnosis_id]),
        )


def _moving(metric_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The sides of a person's work that move each metric, as diagnosis calls them."""
    found = {}
    for metric in db.session.scalars(select(Metric).where(Metric.id.in_(metric_ids))):
        measured = measures.measured(parse(metric.subject, metric.kind, metric.rule))
        sides = measures.COMPONENTS.get(measured.sort, frozenset())
        is_counted = measured.sort is measures.Sort.WON and not measured.by_value
        found[metric.id] = sides - {"deal_value", "discount"} if is_counted else sides
    return found


def _findings(moving: Mapping[int, frozenset[str]]) -> dict[int, list[Found]]:
    """By diagnosis; `moving`: the sides that move what each is about."""
    found: dict[int, list[Found]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Finding.diagnosis_id,
            Finding.cause,
            Finding.why,
            Finding.product_id,
            Finding.amount,
            Finding.figures,
        )
        .where(
            Finding.diagnosis_id.in_(moving),
            Finding.amount > 0,
            Finding.cause != Cause.NONE,
            Finding.verdict.not_in([Verdict.RULED_OUT, Verdict.NO_DATA]),
        )
        .order_by(Finding.diagnosis_id, Finding.position)
    )
    for row in rows:
        seen = tuple(_seen(row.figures))
        one = Found(row.cause.value, str(row.why), row.amount, row.product_id, seen)
        found[row.diagnosis_id] += by_side(one, moving[row.diagnosis_id])
    return found


def _seen(figures: Iterable[dict[str, Any]]) -> Iterator[Seen]:
    for figure in figures:
        yield Seen(
            code=str(figure["code"]),
            unit=str(figure["unit"]),
            now=figure.get("now"),
            before=figure.get("before"),
            peers=figure.get("peers_now"),
            cases=int(figure.get("n_now") or 0),
            peers_before=figure.get("peers_before"),
        )
