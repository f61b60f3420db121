"""The demo company's last three quarters are closed: goals judged, misses explained, departments asked.

In the last one a tent let water in, so that it was hardly sold any more (see `story`); in those before,
deliveries were late, and logistics has done something about it since.
"""

from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.demo.company import Cast
from app.demo.story import Story
from app.diagnosis import acting, answering, opening
from app.diagnosis.findings import Cause
from app.diagnosis.models import ActionStatus, CorrectiveAction, Review
from app.extensions import db
from app.goals.closing import close_period
from app.goals.models import Period, PeriodKind
from app.people.models import Person

CLOSED = 3
ACTION = {
    "es": "Segundo transportista para el norte, con recogida diaria.",
    "en": "A second carrier for the north, with a pick-up every day.",
}
SEEN = {
    "es": "Es así: también se ve en nuestras propias cifras.",
    "en": "It is so: our own figures show it, too.",
}
DONE = {"es": "Contratado desde el primero de mes.", "en": "Under contract since the first of the month."}


def write(story: Story, cast: Cast, locale: str) -> None:
    """Runs inside the demo's transaction, after goals and trainings."""
    quarters = db.session.scalars(
        select(Period)
        .where(
            Period.kind == PeriodKind.QUARTER,
            Period.ends_on < story.today,
            Period.starts_on > story.starts_on,
        )
        .order_by(Period.starts_on.desc())
        .limit(CLOSED)
    ).all()
    for quarter in reversed(quarters):
        close_period(quarter, by_id=cast.admin.id)
        opening.diagnose_period(quarter.id)
    for quarter in quarters[1:]:
        _answered(quarter, locale.partition("_")[0])


def _answered(quarter: Period, language: str) -> None:
    """Everybody who was asked has answered; what was found about deliveries has been taken up."""
    reviews = db.session.scalars(
        select(Review).where(Review.period_id == quarter.id, Review.owner_id.is_not(None))
    ).all()
    for review in reviews:
        owner = db.session.get_one(Person, review.owner_id)
        if review.cause is not Cause.DELIVERY:
            answering.confirm_review(review, text=SEEN[language], version=review.version, by_id=owner.id)
            continue
        acting.take_action(
            review,
            text=ACTION[language],
            owner=owner,
            due_on=clock.today() + timedelta(days=7),
            by_id=owner.id,
        )
        action = db.session.scalars(
            select(CorrectiveAction).where(CorrectiveAction.review_id == review.id)
        ).one()
        acting.follow_action(action, status=ActionStatus.DONE, note=DONE[language], by_id=owner.id)
