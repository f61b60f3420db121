"""Cases in lists: of a period, a person, a team; the team's sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased, joinedload

from app.core import clock
from app.core.pagination import Page, page_of_rows
from app.core.viewer import Viewer
from app.diagnosis.findings import Cause
from app.diagnosis.models import Case, CaseStatus, Contest, ContestStatus, Diagnosis, Finding
from app.diagnosis.queries.cases import visible
from app.diagnosis.queries.gate import shut, waits
from app.extensions import db
from app.goals.models import Period
from app.metrics.models import Metric
from app.people import queries as people
from app.people.models import Person, Team


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of a list. `main_cause` is None while the person's own part may not be spoken of."""

    id: int
    person: str | None
    team: str | None
    metric: Metric
    period: Period
    status: CaseStatus
    is_withdrawn: bool
    shortfall: Decimal
    target: Decimal
    actual: Decimal | None
    main_cause: Cause | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    period_id: int | None = None
    metric_id: int | None = None
    team_id: int | None = None
    person_id: int | None = None
    cause: Cause | None = None
    status: CaseStatus | None = None


def page_of_cases(viewer: Viewer, wanted: Wanted, number: int = 1) -> Page[CaseRow]:
    """Teams' cases first, then people by the size of the miss."""
    page = page_of_rows(
        _cases(viewer, wanted).order_by(
            Case.team_id.is_(None), (Diagnosis.shortfall / Diagnosis.target).desc(), Case.id
        ),
        number,
    )
    return Page(rows_of(page.items), page.number, page.has_next)


def rows_of(rows: Sequence[Any]) -> list[CaseRow]:
    closed = shut([row[0].id for row in rows if row[1].main_cause is Cause.CAPABILITY])
    return [
        CaseRow(
            one.id,
            person,
            team,
            metric,
            period,
            one.status,
            one.withdrawn_at is not None,
            found.shortfall,
            found.target,
            found.actual,
            None if one.id in closed else found.main_cause,
            one.created_at,
        )
        for one, found, person, team, metric, period in rows
    ]


def _cases(viewer: Viewer, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return (
        select(Case, Diagnosis, Person.name, Team.name, Metric, Period)
        .join(Diagnosis, and_(Diagnosis.case_id == Case.id, Diagnosis.is_current))
        .join(Metric, Metric.id == Case.metric_id)
        .join(Period, Period.id == Case.period_id)
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Team, Team.id == Case.team_id)
        .where(visible(viewer), *_asked(wanted))
    )


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.period_id is not None:
        found.append(Case.period_id == wanted.period_id)
    if wanted.metric_id is not None:
        found.append(Case.metric_id == wanted.metric_id)
    if wanted.person_id is not None:
        found.append(Case.person_id == wanted.person_id)
    if wanted.cause is not None:
        found.append(Diagnosis.main_cause == wanted.cause)
    if wanted.status is not None:
        found.append(Case.status == wanted.status)
    if wanted.team_id is not None:
        below = people.below(wanted.team_id)
        own = aliased(Person)
        members = select(own.id).where(own.team_id.in_(below))
        found.append(Case.team_id.in_(below) | Case.person_id.in_(members))
    return found


@dataclass(frozen=True, slots=True)
class CauseSum:
    """What a cause explains over the cases of a metric; `cases` are those it has a part in."""

    cause: Cause
    amount: Decimal
    cases: int


def sums_of(viewer: Viewer, wanted: Wanted) -> Sequence[CauseSum]:
    """Of people's cases that stand, for one metric, the largest first. The person's own part is among what is
    not explained where it may not be spoken of yet.
    """
    is_shut = and_(Finding.cause == Cause.CAPABILITY, waits(clock.today()))
    cause = case((is_shut, Cause.NONE), else_=Finding.cause).label("cause")
    rows = db.session.execute(
        select(cause, func.sum(Finding.amount), func.count(Case.id.distinct()))
        .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
        .join(Case, Case.id == Diagnosis.case_id)
        .where(
            visible(viewer),
            Diagnosis.is_current,
            Case.withdrawn_at.is_(None),
            Case.person_id.is_not(None),
            Finding.amount > 0,
            *_asked(wanted),
        )
        .group_by(cause)
        .order_by(func.sum(Finding.amount).desc())
    )
    return [CauseSum(Cause(found), amount, cases) for found, amount, cases in rows]


def periods_with_cases(viewer: Viewer) -> Sequence[Period]:
    """Latest first."""
    mine = select(Case.period_id).where(visible(viewer)).distinct()
    return db.session.scalars(
        select(Period).where(Period.id.in_(mine)).order_by(Period.ends_on.desc(), Period.starts_on, Period.id)
    ).all()


def contests_waiting(viewer: Viewer) -> Sequence[Any]:
    """(contest id, case, author's name) for which this viewer is named, the oldest first."""
    return db.session.execute(
        select(Contest.id, Contest.created_at, Person.name, Finding.cause)
        .join(Person, Person.id == Contest.author_id)
        .join(Finding, Finding.id == Contest.finding_id)
        .where(Contest.reviewer_id == viewer.person_id, Contest.status == ContestStatus.WAITING)
        .order_by(Contest.id)
    ).all()


def contests_of(case_id: int) -> Sequence[Contest]:
    """All of a case, latest first, with names."""
    return db.session.scalars(
        select(Contest)
        .where(Contest.case_id == case_id)
        .options(joinedload(Contest.author), joinedload(Contest.reviewer), joinedload(Contest.finding))
        .order_by(Contest.id.desc())
    ).all()
