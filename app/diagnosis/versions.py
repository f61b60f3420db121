"""What is concluded of cases, written in bulk: the same few statements for one case and for ten thousand."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text, update

from app.core.bulk import copy_rows, take_keys
from app.diagnosis import rulings
from app.diagnosis.diagnosing import METHOD
from app.diagnosis.findings import Cause
from app.diagnosis.models import Diagnosis, DiagnosisWhy, Finding, Review, ReviewFinding
from app.diagnosis.rulings import Ruling
from app.diagnosis.stated import ASKED, Json, Said
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Concluded:
    """A version that is to be written."""

    case_id: int
    result_id: int
    target: Decimal
    actual: Decimal | None
    shortfall: Decimal
    expected: Decimal | None
    main_cause: Cause
    findings: Sequence[Said]
    split: Json = field(default_factory=dict)
    method: str = METHOD


Key = tuple[Cause, int | None]
"""Of a review within its period: cause and product."""


def key_of(one: Said) -> Key | None:
    """The review that a finding points to, if it asks anybody."""
    return (one.cause, one.product_id) if one.cause in ASKED and one.is_supported else None


def write(
    concluded: Sequence[Concluded], reviews: Mapping[Key, int], why: DiagnosisWhy, by_id: int | None = None
) -> list[int]:
    """Each becomes its case's current version; returns the keys of the diagnoses. Part of an operation."""
    cases = [one.case_id for one in concluded]
    versions = _retire(cases) if why is not DiagnosisWhy.CLOSED else {}
    keys = take_keys(Diagnosis, len(concluded))
    copy_rows(
        Diagnosis,
        _DIAGNOSIS,
        (
            _diagnosis(key, one, versions.get(one.case_id, 0) + 1, why, by_id)
            for key, one in zip(keys, concluded, strict=True)
        ),
    )
    finding_keys = take_keys(Finding, sum(len(one.findings) for one in concluded))
    links: list[dict[str, int]] = []
    copy_rows(Finding, _FINDING, _findings(zip(keys, concluded, strict=True), finding_keys, reviews, links))
    copy_rows(ReviewFinding, ("review_id", "finding_id"), links)
    return keys


def _retire(cases: Collection[int]) -> dict[int, int]:
    """The versions until now stop being current; returns the number of the last of each."""
    rows = db.session.execute(
        select(Diagnosis.case_id, func.max(Diagnosis.version))
        .where(Diagnosis.case_id.in_(cases))
        .group_by(Diagnosis.case_id)
    )
    last = dict(rows.all())
    db.session.execute(
        update(Diagnosis)
        .where(Diagnosis.case_id.in_(cases), Diagnosis.is_current)
        .values(is_current=False)
        .execution_options(synchronize_session=False)
    )
    return last


_DIAGNOSIS = (
    "id",
    "case_id",
    "version",
    "why",
    "result_id",
    "target",
    "actual",
    "shortfall",
    "expected",
    "main_cause",
    "split",
    "method",
    "by_id",
)
_FINDING = (
    "id",
    "diagnosis_id",
    "position",
    "cause",
    "why",
    "product_id",
    "source_id",
    "team_id",
    "amount",
    "verdict",
    "confidence",
    "figures",
    "charts",
    "records",
    "moved_from",
)


def _diagnosis(
    key: int, one: Concluded, version: int, why: DiagnosisWhy, by_id: int | None
) -> dict[str, Any]:
    return {
        "id": key,
        "case_id": one.case_id,
        "version": version,
        "why": why,
        "result_id": one.result_id,
        "target": one.target,
        "actual": one.actual,
        "shortfall": one.shortfall,
        "expected": one.expected,
        "main_cause": one.main_cause,
        "split": json.dumps(one.split),
        "method": one.method,
        "by_id": by_id,
    }


def _findings(
    concluded: Iterator[tuple[int, Concluded]],
    keys: Sequence[int],
    reviews: Mapping[Key, int],
    links: list[dict[str, int]],
) -> Iterator[dict[str, Any]]:
    """Rows; `links` is filled with what points to a review."""
    left = iter(keys)
    for diagnosis_id, version in concluded:
        for position, one in enumerate(version.findings):
            key = next(left)
            about = key_of(one)
            if about is not None and about in reviews:
                links.append({"review_id": reviews[about], "finding_id": key})
            yield {
                "id": key,
                "diagnosis_id": diagnosis_id,
                "position": position,
                "cause": one.cause,
                "why": one.why,
                "product_id": one.product_id,
                "source_id": one.source_id,
                "team_id": one.team_id,
                "amount": one.amount,
                "verdict": one.verdict,
                "confidence": round(one.confidence, 5),
                "figures": _json(one.figures),
                "charts": _json(one.charts),
                "records": _json(one.records),
                "moved_from": _json(one.moved),
            }


def _json(given: Sequence[Json]) -> str:
    """Most findings of most cases have none."""
    return json.dumps(given) if given else "[]"


def standing(cases: Collection[int]) -> list[Concluded]:
    """The current versions of some cases, as they would be written again."""
    diagnoses = db.session.scalars(
        select(Diagnosis).where(Diagnosis.case_id.in_(cases), Diagnosis.is_current).order_by(Diagnosis.id)
    ).all()
    found: dict[int, list[Said]] = {one.id: [] for one in diagnoses}
    rows = db.session.scalars(
        select(Finding)
        .where(Finding.diagnosis_id.in_(found))
        .order_by(Finding.diagnosis_id, Finding.position)
    )
    for row in rows:
        found[row.diagnosis_id].append(as_said(row))
    return [
        Concluded(
            one.case_id,
            one.result_id,
            one.target,
            one.actual,
            one.shortfall,
            one.expected,
            one.main_cause,
            found[one.id],
            one.split,
            one.method,
        )
        for one in diagnoses
    ]


def ruled(concluded: Iterable[Concluded], by: Sequence[Ruling]) -> list[Concluded]:
    """The same after some rulings."""
    found = []
    for one in concluded:
        after = rulings.apply(one.findings, by)
        main = rulings.main_cause(one.main_cause, after)
        found.append(replace(one, findings=after, main_cause=main))
    return found


def as_said(row: Finding) -> Said:
    return Said(
        row.cause,
        row.why,
        row.amount,
        row.verdict,
        float(row.confidence),
        row.product_id,
        row.source_id,
        row.team_id,
        tuple(row.figures),
        tuple(row.charts),
        tuple(row.records),
        tuple(row.moved_from),
    )


def reviews_of(period_id: int) -> dict[Key, int]:
    rows = db.session.execute(
        select(Review.cause, Review.product_id, Review.id).where(Review.period_id == period_id)
    )
    return {(cause, product_id): key for cause, product_id, key in rows}


_AUDIT = text(
    """
    INSERT INTO audit_entries (actor_id, action, subject_type, subject_id, details)
    SELECT :actor_id, :action, 'cases', case_id, jsonb_build_object(
        'version', version, 'main_cause', main_cause, 'why', why)
    FROM diagnoses WHERE id = ANY(:diagnoses) ORDER BY id
    """
)


def record_audit(action: str, diagnoses: Sequence[int], actor_id: int | None) -> None:
    """An audit row for each, in one statement."""
    db.session.execute(_AUDIT, {"actor_id": actor_id, "action": action, "diagnoses": list(diagnoses)})
