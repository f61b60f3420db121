"""What missed goals ask of somebody: a review to answer, a rejection to decide on, a contest to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.diagnosis.models import CorrectiveAction, Review
from app.diagnosis.queries import lists, reviews


@dataclass(frozen=True, slots=True)
class Asked:
    reviews: Sequence[Review]
    rejections: Sequence[Review]
    contests: Sequence[Any]
    actions: Sequence[CorrectiveAction]

    def __bool__(self) -> bool:
        return any((self.reviews, self.rejections, self.contests, self.actions))


def asked(viewer: Viewer) -> Asked:
    decides = viewer.can(Permission.REVIEWS_DECIDE)
    return Asked(
        reviews.waiting_for(viewer),
        reviews.to_decide(viewer) if decides else (),
        lists.contests_waiting(viewer),
        reviews.own_actions(viewer, limit=5),
    )
