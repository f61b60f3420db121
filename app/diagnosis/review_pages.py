"""What the page of a review shows, and whether the figure that it watches has moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core import clock
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.diagnosis import watching
from app.diagnosis.models import CorrectiveAction, Review
from app.diagnosis.queries import reviews
from app.diagnosis.watching import Reading
from app.extensions import db
from app.goals.fiscal import earlier
from app.people.models import Person, Team
from app.sales.models import LeadSource


@dataclass(frozen=True, slots=True)
class Watched:
    """A review's figure over time; `now` is that of the review's own period."""

    figure: Mapping[str, Any]
    readings: Sequence[Reading]
    now: Reading
    latest: Reading | None  # of a period after it, the last that has begun
    is_better: bool | None  # since then; None: too early, or nothing to compare
    is_running: bool  # the period of `latest`


@dataclass(frozen=True, slots=True)
class ReviewPage:
    review: Review
    actions: Sequence[CorrectiveAction]
    messages: Sequence[Any]
    watched: Watched | None
    touched: Sequence[tuple[int, str, Decimal]]
    goals: int
    may_answer: bool
    may_decide: bool
    owners: Sequence[Person]
    source: str | None
    team: str | None


BEFORE, AFTER = 3, 3  # periods


def watched(review: Review, today: date | None = None) -> Watched | None:
    """The figure over the periods before and since, as the records have it today."""
    if not review.figure.get("code"):
        return None
    today = today or clock.today()
    starts = review.period.starts_on
    spans = [earlier(review.period.kind.value, starts, number) for number in range(BEFORE, -AFTER - 1, -1)]
    begun = [span for span in spans if span[0] <= today]
    found = watching.readings(review.figure, begun, today)
    now = next(one for one in found if one.first == starts)
    after = [one for one in found if one.first > starts and one.value is not None]
    latest = after[-1] if after else None
    is_better = None
    if latest is not None and watching.has_moved(review.figure, now, latest):
        is_better = ((latest.value or 0) > (now.value or 0)) == watching.is_higher_better(review.figure)
    return Watched(review.figure, found, now, latest, is_better, latest is not None and latest.last >= today)


def review_page(viewer: Viewer, review: Review) -> ReviewPage:
    evidence = review.evidence
    source = db.session.get(LeadSource, evidence.get("source_id") or 0)
    team = db.session.get(Team, evidence.get("team_id") or 0)
    may_answer = reviews.may_answer(viewer, review)
    return ReviewPage(
        review=review,
        actions=reviews.actions_of([review.id]),
        messages=reviews.messages_of(review.id),
        watched=watched(review),
        touched=reviews.touched(viewer, review.id),
        goals=reviews.goals_of(review.id),
        may_answer=may_answer,
        may_decide=review.waits_for_a_second
        and viewer.can(Permission.REVIEWS_DECIDE)
        and review.answered_by_id != viewer.person_id,
        owners=reviews.owners_for(review) if may_answer else (),
        source=source.name if source else None,
        team=team.name if team else None,
    )
