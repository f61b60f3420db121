"""A period closed: every missed goal becomes a case, all in one go."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import select

from app.core import audit, events
from app.core.bulk import copy_rows, take_keys
from app.core.changes import changes
from app.core.transactions import atomic
from app.diagnosis import asking, findings, loading, stated, versions
from app.diagnosis.asking import Pointer
from app.diagnosis.diagnosing import diagnose
from app.diagnosis.missed import Missed, known_on, missed_goals
from app.diagnosis.models import Case, DiagnosisWhy
from app.diagnosis.versions import Concluded
from app.extensions import db
from app.goals.models import Period, PeriodStatus
from app.metrics.definition import Unit
from app.metrics.models import Metric


@atomic
def diagnose_period(period_id: int) -> int:
    """Open a case for each missed goal of a closed period that has none; returns how many.

    A second time finds nothing to do. Whoever comes meanwhile waits for the first.
    """
    period = hold(period_id)
    if period.status is not PeriodStatus.CLOSED:
        return 0
    missed = missed_goals(period)
    if not missed:
        return 0
    found = conclude(period, missed)
    keys = take_keys(Case, len(missed))
    copy_rows(
        Case,
        ("id", "goal_id", "period_id", "metric_id", "person_id", "team_id"),
        (
            {
                "id": key,
                "goal_id": one.goal.id,
                "period_id": period.id,
                "metric_id": one.metric_id,
                "person_id": one.person_id,
                "team_id": one.team_id,
            }
            for key, one in zip(keys, missed, strict=True)
        ),
    )
    concluded = [
        concluded_of(key, *pair)
        for key, pair in zip(keys, zip(missed, found.cases, strict=True), strict=True)
    ]
    reviews = asking.open_reviews(period, pointers(missed, concluded), found.causes)
    diagnoses = versions.write(concluded, reviews, DiagnosisWhy.CLOSED)
    versions.record_audit("case.opened", diagnoses, None)
    _tell(period, missed, concluded)
    return len(missed)


def hold(period_id: int) -> Period:
    """The period, which nobody else diagnoses until the operation ends."""
    return db.session.scalars(
        select(Period)
        .where(Period.id == period_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def conclude(period: Period, missed: Sequence[Missed]) -> findings.Diagnosis:
    """What the method says of some goals, from all the company's records."""
    everybody = {person for one in missed for person in one.goal.people}
    company = loading.company(period, known_on(period), everybody)
    with _uncollected():
        return diagnose(company, [one.goal for one in missed])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of small things are made and kept: looking for circles among them is a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def concluded_of(case_id: int, missed: Missed, found: findings.Case) -> Concluded:
    return Concluded(
        case_id=case_id,
        result_id=missed.result_id,
        target=missed.goal.target,
        actual=missed.goal.actual,
        shortfall=found.shortfall,
        expected=found.expected,
        main_cause=found.main_cause,
        findings=[stated.said(one) for one in found.findings],
        split=stated.split(found.split),
    )


def pointers(missed: Sequence[Missed], concluded: Sequence[Concluded]) -> list[Pointer]:
    money = set(db.session.scalars(select(Metric.id).where(Metric.unit == Unit.MONEY)))
    return [
        Pointer(said, one.person_id, one.metric_id in money)
        for one, version in zip(missed, concluded, strict=True)
        for said in version.findings
    ]


def _tell(period: Period, missed: Sequence[Missed], concluded: Sequence[Concluded]) -> None:
    told: list[Mapping[str, object]] = [
        {
            "case_id": version.case_id,
            "goal_id": one.goal.id,
            "person_id": one.person_id,
            "team_id": one.team_id,
            "main_cause": version.main_cause.value,
        }
        for one, version in zip(missed, concluded, strict=True)
    ]
    events.record_many("case_opened", told)
    # One piece of news for each manager, not one a case.
    events.record("cases_opened", period_id=period.id, case_ids=[one.case_id for one in concluded])
    audit.record("period.diagnosed", period, actor_id=None, cases=len(missed))
    changes.announce("diagnosis")
