"""Who reaches which case and which review."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.core import clock
from app.diagnosis import contests
from app.diagnosis.models import Case, Contest, CorrectiveAction, Review
from app.diagnosis.queries.cases import with_names
from app.extensions import db
from tests.diagnosis.factories import chance, findings_of, found, make_case, with_evidence
from tests.route_examples import Example

ANAS = frozenset({"ana", "marta", "hilda", "ximena", "alba"})


def _case(cast: SimpleNamespace) -> Any:
    return make_case(cast.ana, [with_evidence(found(), cast.ana), chance()])


def case(cast: SimpleNamespace) -> dict[str, Any]:
    return {"case_id": _case(cast).id}


def teams_case(cast: SimpleNamespace) -> dict[str, Any]:
    return {"case_id": make_case(cast.norte).id}


def finding(cast: SimpleNamespace) -> dict[str, Any]:
    one = _case(cast)
    return {"case_id": one.id, "finding_id": findings_of(one, "delivery")[0].id}


def contest(cast: SimpleNamespace) -> dict[str, Any]:
    one = finding(cast)
    case = db.session.scalars(with_names(select(Case)).where(Case.id == one["case_id"])).one()
    key = contests.contest_finding(
        case,
        findings_of(case, "delivery")[0],
        text="It was another customer.",
        reviewer_id=cast.hilda.id,
        by_id=cast.ana.id,
        key=uuid4(),
    )
    return {"contest_id": db.session.scalars(select(Contest.id).where(Contest.id == key)).one()}


def review(cast: SimpleNamespace) -> dict[str, Any]:
    _case(cast)
    return {"review_id": db.session.scalars(select(Review.id)).one()}


def rejected(cast: SimpleNamespace) -> dict[str, Any]:
    found = review(cast)
    one = db.session.get_one(Review, found["review_id"])
    one.status, one.answered_by_id, one.answered_at = "rejected", cast.ximena.id, clock.now()
    db.session.commit()
    return found


def action(cast: SimpleNamespace) -> dict[str, Any]:
    found = review(cast)
    one = CorrectiveAction(
        review_id=found["review_id"],
        text="A second carrier",
        owner_id=cast.luis.id,
        due_on=clock.today() + timedelta(days=3),
        created_by_id=cast.eva.id,
    )
    db.session.add(one)
    db.session.commit()
    return {"action_id": one.id}


TOUCHED = frozenset({"marta", "eva", "hilda", "ximena", "alba"})
EXAMPLES = {
    "cases.index": [Example()],
    "cases.show": [
        Example(case, "of Ana", reached_by=ANAS),
        Example(teams_case, "of her team", reached_by=ANAS),
    ],
    "cases.records": [
        Example(lambda cast: finding(cast) | {"part": 0}, "of Ana", reached_by=ANAS),
        Example(lambda cast: finding(cast) | {"part": 7}, "there is none", reached_by=frozenset()),
    ],
    "cases.new_contest": [Example(finding, "of Ana", reached_by={"ana"})],
    "cases.contest": [Example(finding, "of Ana", reached_by={"ana"})],
    "cases.show_contest": [Example(contest, "for Hilda", reached_by={"hilda"})],
    "cases.answer_contest": [Example(contest, "for Hilda", reached_by={"hilda"})],
    "reviews.index": [Example()],
    "reviews.show": [
        Example(review, "of logistics, touching Norte", reached_by=TOUCHED),
        Example(lambda cast: {"review_id": 0}, "there is none", reached_by=frozenset()),
    ],
    "reviews.review_records": [
        Example(lambda cast: review(cast) | {"part": 0}, "of logistics, touching Norte", reached_by=TOUCHED)
    ],
    "reviews.comment": [Example(review, "of logistics, touching Norte", reached_by=TOUCHED)],
    "reviews.confirm": [Example(review, "of logistics", reached_by={"eva", "ximena"})],
    "reviews.reject": [Example(review, "of logistics", reached_by={"eva", "ximena"})],
    "reviews.hand_over": [Example(review, "of logistics", reached_by={"eva", "ximena"})],
    "reviews.act": [Example(review, "of logistics", reached_by={"eva", "ximena"})],
    "reviews.decide": [
        Example(rejected, "rejected by Ximena", reached_by={"hilda"}, data={"agrees": "yes", "version": 1})
    ],
    "reviews.show_action": [Example(action, "of Luis", reached_by={"luis", "eva", "ximena"})],
    "reviews.follow": [Example(action, "of Luis", reached_by={"luis", "eva", "ximena"})],
}
