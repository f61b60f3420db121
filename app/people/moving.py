"""The rooms above hear of a change of teams that reaches into days that already count.

A team's results are those of its members of that day, those of the teams below it included. So whoever
keeps such figures subtracts before the change what these people count for, and adds it again after it:
in the same transaction, for the people and days named.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from app.extensions import db
from app.people.timeline import Days


class Tracker(Protocol):
    def before(self, person_ids: Sequence[int], days: Days) -> None:
        """Called while `team_on` still says what it said."""

    def after(self, person_ids: Sequence[int], days: Days) -> None:
        """Called when the change is written, not yet committed."""


trackers: list[Tracker] = []


@contextmanager
def moving(person_ids: Sequence[int], days: Days | None) -> Iterator[None]:
    """Around a change of memberships or of the tree; no days: nothing differs for anybody."""
    if not person_ids or days is None:
        yield
        return
    for tracker in trackers:
        tracker.before(person_ids, days)
    yield
    db.session.flush()
    for tracker in trackers:
        tracker.after(person_ids, days)
