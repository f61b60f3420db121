"""What the page of a case shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, update

from app.core import clock
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.diagnosis import contests
from app.diagnosis.findings import Cause
from app.diagnosis.models import (
    Case,
    Contest,
    CorrectiveAction,
    Diagnosis,
    Finding,
    Review,
    ReviewFinding,
)
from app.diagnosis.queries import gate, lists, reviews
from app.diagnosis.queries.cases import current, version
from app.diagnosis.queries.gate import Gate
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with the review that it points to and what was contested about it."""

    finding: Finding
    review: Review | None
    contest: Contest | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """`explained` stand for a part of the shortfall; `unexplained` is what remains. While the person's own
    part is closed it is in there, and in no finding that is shown.
    """

    case: Case
    diagnosis: Diagnosis
    gate: Gate
    explained: Sequence[Shown]
    none: Sequence[Shown]
    looked_for: Sequence[Finding]
    unexplained: Decimal
    main_cause: Cause | None
    main_why: str | None
    reviews: Sequence[Review]
    actions: Mapping[int, Sequence[CorrectiveAction]]
    contests: Sequence[Contest]
    versions: Sequence[Diagnosis]
    may_contest: bool
    is_own: bool
    members: Sequence[lists.CaseRow] = ()

    @property
    def is_old(self) -> bool:
        return not self.diagnosis.is_current


def case_page(viewer: Viewer, case: Case, number: int | None = None) -> CasePage:
    """`number` is of an earlier version."""
    found = current(case.id) if number is None else version(case.id, number)
    before = gate.is_capability_open(case)
    asked = reviews.reviews_of_case(case.id)
    contested = lists.contests_of(case.id)
    pointing = _pointing(found.id, asked)
    by_finding = {contest.finding_id: contest for contest in reversed(contested)}
    shown, none, looked_for = [], [], []
    left = Decimal(0)
    for finding in found.findings:
        if finding.cause is Cause.CAPABILITY and not before.is_open:
            left += finding.amount
            continue
        one = Shown(finding, pointing.get(finding.id), by_finding.get(finding.id))
        if finding.amount <= 0:
            looked_for.append(finding)
        elif finding.cause is Cause.NONE:
            none.append(one)
        else:
            shown.append(one)
    is_shut = found.main_cause is Cause.CAPABILITY and not before.is_open
    main = next((one for one in found.findings if one.cause is found.main_cause), None)
    actions: dict[int, list[CorrectiveAction]] = {}
    for action in reviews.actions_of([review.id for review in asked]):
        actions.setdefault(action.review_id, []).append(action)
    is_own = contests.author_of(case) == viewer.person_id
    return CasePage(
        case=case,
        diagnosis=found,
        gate=before,
        explained=shown,
        none=none,
        looked_for=looked_for,
        unexplained=left,
        main_cause=None if is_shut else found.main_cause,
        main_why=main.why if main else None,
        reviews=asked,
        actions=actions,
        contests=contested,
        versions=db.session.scalars(
            select(Diagnosis).where(Diagnosis.case_id == case.id).order_by(Diagnosis.version.desc())
        ).all(),
        may_contest=is_own and found.is_current and case.withdrawn_at is None,
        is_own=case.person_id == viewer.person_id,
        members=_members(viewer, case),
    )


def _pointing(diagnosis_id: int, asked: Sequence[Review]) -> dict[int, Review]:
    by_id = {review.id: review for review in asked}
    rows = db.session.execute(
        select(ReviewFinding.finding_id, ReviewFinding.review_id)
        .join(Finding, Finding.id == ReviewFinding.finding_id)
        .where(Finding.diagnosis_id == diagnosis_id)
    )
    return {finding: by_id[review] for finding, review in rows if review in by_id}


def _members(viewer: Viewer, case: Case) -> Sequence[lists.CaseRow]:
    """A team's case is made of its people's."""
    if case.team_id is None:
        return ()
    wanted = lists.Wanted(period_id=case.period_id, metric_id=case.metric_id, team_id=case.team_id)
    return [row for row in lists.page_of_cases(viewer, wanted).items if row.person is not None]


@atomic
def mark_read(case: Case) -> None:
    """The person has opened it."""
    db.session.execute(
        update(Case).where(Case.id == case.id, Case.read_at.is_(None)).values(read_at=clock.now())
    )
