"""The demo company's last three quarters are closed: goals judged, misses explained, departments asked.

In the last one a tent let water in, so that it was hardly sold any more (see `story`); in those before,
deliveries were late, and logistics has done something about it since.
"""

from datetime import date, timedelta

from sqlalchemy import select

from app.core import clock
from app.demo.company import Cast
from app.demo.moments import AFTERNOON, on
from app.demo.story import CLOSED, Story
from app.diagnosis import acting, answering, asking, opening
from app.diagnosis.findings import Cause
from app.diagnosis.models import ActionStatus, CorrectiveAction, Review
from app.extensions import db
from app.goals.closing import close_period, closing_time, rules
from app.goals.models import Period, PeriodKind
from app.people.models import Person

ACTION = {
    "es": "Segundo transportista para el norte, con recogida diaria.",
    "en": "A second carrier for the north, with a pick-up every day.",
}
SEEN = {
    "es": "Es así: también se ve en nuestras propias cifras.",
    "en": "It is so: our own figures show it, too.",
}
NOT_OURS = {
    "es": "En nuestros registros no vemos nada fuera de lo común en esas semanas.",
    "en": "Our own records show nothing unusual in these weeks.",
}
AGAIN = {
    "es": "Por favor, conviene mirarlo otra vez: las ventas perdidas de abajo se pueden leer una por una.",
    "en": "Please look again: the lost sales below can be read one by one.",
}
DAY = timedelta(days=1)
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
    language = locale.partition("_")[0]
    for quarter in reversed(quarters):
        with clock.as_of(min(closing_time(quarter.ends_on, None, rules()), clock.now())):
            close_period(quarter, by_id=cast.admin.id)
            opening.diagnose_period(quarter.id)
    for quarter in quarters[1:]:
        for review, owner in _asked(quarter):
            _answer(review, owner, _closed_on(quarter), language)
    for review, owner in _asked(quarters[0]):
        _send_back(review, owner, _closed_on(quarters[0]), cast.executive, language)


def _closed_on(quarter: Period) -> date:
    return clock.day_of(quarter.closed_at or clock.now())


def _asked(quarter: Period) -> list[tuple[Review, Person]]:
    reviews = db.session.scalars(
        select(Review).where(Review.period_id == quarter.id, Review.owner_id.is_not(None)).order_by(Review.id)
    )
    return [(review, db.session.get_one(Person, review.owner_id)) for review in reviews]


def _answer(review: Review, owner: Person, closed_on: date, language: str) -> None:
    """Who was asked has answered; what was found about deliveries has been taken up."""
    with on(closed_on + 3 * DAY):
        if review.cause is not Cause.DELIVERY:
            answering.confirm_review(review, text=SEEN[language], version=review.version, by_id=owner.id)
            return
        due_on = clock.today() + timedelta(days=21)
        acting.take_action(review, text=ACTION[language], owner=owner, due_on=due_on, by_id=owner.id)
    action = db.session.scalars(select(CorrectiveAction).where(CorrectiveAction.review_id == review.id)).one()
    with on(closed_on + 20 * DAY, AFTERNOON):
        acting.follow_action(action, status=ActionStatus.DONE, note=DONE[language], by_id=owner.id)


def _send_back(review: Review, owner: Person, closed_on: date, executive: Person, language: str) -> None:
    """A department whose time would be over rejected, and was asked again lately: it waits for its answer."""
    again = clock.today() - 2 * DAY
    if again < closed_on + asking.ANSWER_DAYS * DAY or owner.id == executive.id:
        return
    with on(closed_on + 9 * DAY, AFTERNOON):
        answering.reject_review(review, text=NOT_OURS[language], version=review.version, by_id=owner.id)
    with on(again):
        answering.return_rejection(review, text=AGAIN[language], version=review.version, by_id=executive.id)
