from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, exists, func, select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import NotFound
from app.core.mail import OutgoingMail
from app.extensions import db
from app.goals.models import Goal, Period, PeriodKind
from app.metrics.models import Metric
from app.people.models import Person
from app.sales.models import Sale


@dataclass(frozen=True, slots=True)
class AuditFilter:
    who: str = ""
    what: str = ""  # the beginning of an action: "sale" or "sale.corrected"
    first: date | None = None
    last: date | None = None
    subject: str = ""
    subject_id: int | None = None


def audit(wanted: AuditFilter) -> Select[AuditEntry]:
    """The latest first."""
    stmt = select(AuditEntry).order_by(AuditEntry.id.desc())
    if wanted.who == "system":
        stmt = stmt.where(AuditEntry.actor_id.is_(None))
    elif name := wanted.who.strip():
        people = select(Person.id).where(func.lower(Person.name).contains(name.lower(), autoescape=True))
        stmt = stmt.where(AuditEntry.actor_id.in_(people))
    if wanted.what:
        stmt = stmt.where(AuditEntry.action.startswith(wanted.what, autoescape=True))
    if wanted.first:
        stmt = stmt.where(AuditEntry.at >= _start(wanted.first))
    if wanted.last:
        stmt = stmt.where(AuditEntry.at < _start(wanted.last + timedelta(days=1)))
    if wanted.subject:
        stmt = stmt.where(AuditEntry.subject_type == wanted.subject)
    if wanted.subject_id:
        stmt = stmt.where(AuditEntry.subject_id == wanted.subject_id)
    return stmt


def metrics_of_goals(goal_ids: Collection[int]) -> dict[int, Metric]:
    stmt = select(Goal.id, Metric).join(Metric, Metric.id == Goal.metric_id).where(Goal.id.in_(goal_ids))
    return {row[0]: row[1] for row in db.session.execute(stmt)} if goal_ids else {}


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def mails() -> Select[OutgoingMail]:
    return select(OutgoingMail).order_by(OutgoingMail.id.desc())


def mail(mail_id: int) -> OutgoingMail:
    """Raises NotFound."""
    found = db.session.get(OutgoingMail, mail_id)
    if found is None:
        raise NotFound
    return found


def has_sales() -> bool:
    return bool(db.session.scalar(select(exists().select_from(Sale))))


def has_goals_beyond_months() -> bool:
    """Goals of quarters and years, whose days hang on the beginning of the business year."""
    stmt = select(exists().where(Goal.period_id == Period.id, Period.kind != PeriodKind.MONTH))
    return bool(db.session.scalar(stmt))
