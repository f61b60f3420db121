"""Departments are asked: one review a cause, product and period, however many goals point to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.core import audit, clock, events
from app.diagnosis import watching
from app.diagnosis.departments import Answerer, answerers
from app.diagnosis.findings import SharedCause
from app.diagnosis.models import MessageKind, Review, ReviewMessage
from app.diagnosis.stated import Json, Said, chart, figure, selection
from app.diagnosis.versions import Key, key_of, reviews_of
from app.extensions import db
from app.goals.models import Period

ANSWER_DAYS = 14
"""So long a department has; after that the case goes on without it."""


@dataclass(slots=True)
class _Pointing:
    """What the findings of a period's persons say about one cause."""

    best: Said
    stake: Decimal = Decimal(0)
    people: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A finding, whose goal it explains, and whether that is measured in money."""

    said: Said
    person_id: int | None
    is_money: bool


def open_reviews(
    period: Period, pointers: Iterable[Pointer], causes: Sequence[SharedCause]
) -> Mapping[Key, int]:
    """Reviews of all that the findings point to; those that are there already stay as they are.

    Part of an operation that holds the period. Returns the keys of all of the period's reviews.
    """
    known = reviews_of(period.id)
    pointing = _pointing(pointers)
    shared = _by_key(causes)
    who = answerers()
    today = clock.today()
    order = list(who)
    new = sorted(set(pointing) - set(known), key=lambda key: (order.index(key[0]), key[1] or 0))
    made = [_review(period, key, pointing[key], shared.get(key), who[key[0]], today) for key in new]
    db.session.add_all(made)
    db.session.flush()
    for review in made:
        db.session.add(ReviewMessage(review_id=review.id, author_id=None, kind=MessageKind.ASKED))
        audit.record("review.opened", review, actor_id=None, cause=review.cause, product_id=review.product_id)
        events.record("review_asked", review_id=review.id)
    return known | {(review.cause, review.product_id): review.id for review in made}


def _pointing(pointers: Iterable[Pointer]) -> dict[Key, _Pointing]:
    found: dict[Key, _Pointing] = {}
    for pointer in pointers:
        key = key_of(pointer.said)
        if key is None:
            continue
        about = found.setdefault(key, _Pointing(pointer.said))
        if pointer.said.amount > about.best.amount:
            about.best = pointer.said
        if pointer.person_id is not None:  # a team's goal is made of its people's
            about.people.add(pointer.person_id)
            about.stake += pointer.said.amount if pointer.is_money else 0
    return found


def _by_key(causes: Sequence[SharedCause]) -> dict[Key, list[SharedCause]]:
    found: dict[Key, list[SharedCause]] = defaultdict(list)
    for cause in causes:
        found[(cause.cause, cause.scope.product or None)].append(cause)
    return found


def _review(
    period: Period,
    key: Key,
    pointing: _Pointing,
    shared: list[SharedCause] | None,
    answerer: Answerer,
    today: date,
) -> Review:
    cause, product_id = key
    best = pointing.best
    stake = max(int(pointing.stake), sum(each.cost for each in shared or ()))
    evidence: Json = {
        "figures": list(best.figures),
        "charts": list(best.charts),
        "records": [_everybodys(each) for each in best.records],
        "source_id": best.source_id,
        "team_id": best.team_id,
        "people": len(pointing.people),
    }
    why, verdict = best.why, best.verdict
    if shared:
        first = shared[0]
        why, verdict = first.why.value, first.verdict
        evidence |= {
            "figures": [figure(each) for each in first.figures] or evidence["figures"],
            "charts": [chart(each) for each in first.charts] or evidence["charts"],
            "records": [selection(each) for each in first.records] or evidence["records"],
            "source_id": first.scope.source or None,
            "team_id": first.scope.team or None,
        }
    return Review(
        period_id=period.id,
        cause=cause,
        why=why,
        product_id=product_id,
        team_id=answerer.team_id,
        owner_id=answerer.owner_id,
        due_on=today + timedelta(days=ANSWER_DAYS),
        verdict=verdict,
        stake=stake,
        evidence=evidence,
        figure=watching.watched(
            cause, why, product_id, evidence["source_id"], evidence["team_id"], evidence["figures"]
        ),
    )


def _everybodys(records: Json) -> Json:
    """The same records of all, not of the person whose finding was the largest."""
    return {name: value for name, value in records.items() if name != "people"}
