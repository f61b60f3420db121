"""Guessing is slowed down: after some failures the wait doubles, by e-mail and by address.

An attempt is written before it is tried, so that many at once count too; a success forgets it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from flask_babel import ngettext
from sqlalchemy import delete, func, select, text

from app.core import clock
from app.core.errors import DomainError
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import SignInAttempt

FIRST_WAIT = timedelta(seconds=15)
REMEMBERED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose attempts are counted together, for how long, how many cost nothing, and the longest wait."""

    key: bytes
    free: int
    remembered: timedelta
    longest: timedelta


class TooManyAttempts(DomainError):
    status = 429

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, -(-wait // timedelta(seconds=1)))
        super().__init__(_words(self.seconds))


def _words(seconds: int) -> str:
    if seconds < 60:
        words = ngettext(
            "Too many attempts. Try again in one second.",
            "Too many attempts. Try again in %(num)s seconds.",
            seconds,
        )
    else:
        words = ngettext(
            "Too many attempts. Try again in one minute.",
            "Too many attempts. Try again in %(num)s minutes.",
            -(-seconds // 60),
        )
    return str(words)


def subjects(purpose: str, email: str, address: str | None) -> list[Subject]:
    """A whole office may share an address: there, many mistypes a day are nobody's fault."""
    by_email = _hash(purpose, "email", email.strip().lower())
    found = [Subject(by_email, 5, REMEMBERED, timedelta(minutes=15))]
    if address:
        by_address = _hash(purpose, "address", _network(address))
        found.append(Subject(by_address, 50, timedelta(hours=1), timedelta(minutes=1)))
    return found


def _hash(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode()).digest()


def _network(address: str) -> str:
    """One household has 2^64 addresses of version 6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else address


def wait_after(failures: int, subject: Subject) -> timedelta:
    """How long to wait after the last of so many failures."""
    if failures < subject.free:
        return timedelta(0)
    return min(subject.longest, FIRST_WAIT * (1 << min(failures - subject.free, 16)))


@atomic
def begin(counted: Sequence[Subject]) -> None:
    """Write the attempt down. Raises TooManyAttempts where one has to wait first."""
    now = clock.now()
    for subject in sorted(counted, key=lambda one: one.key):
        lock = int.from_bytes(subject.key[:8], signed=True)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
    longest = timedelta(0)
    for subject in counted:
        failures, last = _failures(subject, now)
        if last is not None:
            longest = max(longest, last + wait_after(failures, subject) - now)
    if longest > timedelta(0):
        raise TooManyAttempts(longest)
    db.session.add_all(SignInAttempt(subject=subject.key, at=now) for subject in counted)


def _failures(subject: Subject, now: datetime) -> tuple[int, datetime | None]:
    row = db.session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.subject == subject.key, SignInAttempt.at > now - subject.remembered
        )
    ).one()
    return row[0], row[1]


@atomic
def forget(counted: Sequence[Subject]) -> None:
    """After a success: all failures of the e-mail, and this one attempt of the address."""
    email, *others = counted
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.subject == email.key))
    for other in others:
        last = select(func.max(SignInAttempt.id)).where(SignInAttempt.subject == other.key).scalar_subquery()
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == last))
