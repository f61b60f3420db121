"""Who sold, in which team they were, and how much of each period they were there."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import text

from app.diagnosis.records import Flags, Person, Span
from app.extensions import db
from app.goals.calendar import WorkingCalendar
from app.goals.holidays import company_calendar, days_off
from app.people.queries import team_spans

_PEOPLE = """
SELECT people.id, people.hired_on, people.left_on, teams.path
FROM people
LEFT JOIN ({spans}) AS stay ON stay.person_id = people.id AND :day BETWEEN stay.first AND stay.last
LEFT JOIN teams ON teams.id = coalesce(stay.team_id, people.team_id)
WHERE people.id = ANY(:ids)
ORDER BY people.id
"""


def people(ids: Collection[int], spans: Sequence[Span], team_day: date) -> tuple[Person, ...]:
    """`spans` as in `Company.spans`; teams are those of `team_day`."""
    wanted = [int(key) for key in ids]
    stays = str(team_spans().compile(db.engine, compile_kwargs={"literal_binds": True}))
    rows = db.session.execute(text(_PEOPLE.format(spans=stays)), {"ids": wanted, "day": team_day}).all()
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    free = days_off(wanted, first, last)
    stay = _Stay(company_calendar(first, last), first, last)
    found = []
    for key, hired_on, left_on, path in rows:
        is_always_there = (
            (hired_on is None or hired_on <= first)
            and (left_on is None or left_on >= last)
            and key not in free
        )
        present = () if is_always_there else stay.shares(hired_on, left_on, free.get(key, ()), spans)
        found.append(Person(key, tuple(path or ()), hired_on, left_on, present))
    return tuple(found)


class _Stay:
    """Working days as flags, to count somebody's own among them."""

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        self.first = first.toordinal()
        days = (date.fromordinal(day) for day in range(self.first, last.toordinal() + 1))
        self.working: Flags = np.array([calendar.is_working(day) for day in days], bool)

    def shares(
        self, hired_on: date | None, left_on: date | None, free: Collection[date], spans: Sequence[Span]
    ) -> tuple[float, ...]:
        there = self.working.copy()
        if hired_on is not None:
            there[: max(hired_on.toordinal() - self.first, 0)] = False
        if left_on is not None:
            there[max(left_on.toordinal() + 1 - self.first, 0) :] = False
        for day in free:
            there[day.toordinal() - self.first] = False
        return tuple(self._share(there, span) for span in spans)

    def _share(self, there: Any, span: Span) -> float:
        days = slice(span.first.toordinal() - self.first, span.last.toordinal() + 1 - self.first)
        whole = int(self.working[days].sum())
        return float(there[days].sum() / whole) if whole else 1.0
