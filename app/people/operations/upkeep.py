"""What was needed to sign in, and no longer is."""

from datetime import timedelta

from sqlalchemy import delete

from app.core import clock, jobs
from app.core.transactions import atomic
from app.extensions import db
from app.people import sessions, throttle
from app.people.models import AccessLink, SignInAttempt, SignInSession

KEPT = timedelta(days=30)


@jobs.job("people.forget_access", cron="17 3 * * *")
@atomic
def forget_access(timestamp: int = 0) -> None:
    """Attempts after a day; sessions and links some time after they ended."""
    now = clock.now()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - throttle.REMEMBERED))
    db.session.execute(delete(SignInSession).where(SignInSession.created_at < now - sessions.ABSOLUTE - KEPT))
    db.session.execute(delete(AccessLink).where(AccessLink.expires_at < now - KEPT))
