"""The stretches of time that a plan's effect is read from, all of whole months and equally long."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.goals.fiscal import Kind

MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}
EARLIER = 3
"""So many stretches before the missed one make up the record before."""

LATE_RESULTS = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Both days included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Stretches:
    """`earlier`: oldest first; `latest`: the missed period; `during`: the plan; `after`: what it led to."""

    earlier: tuple[Stretch, ...]
    latest: Stretch
    during: Stretch
    after: Stretch

    def is_over(self, today: date) -> bool:
        return today > self.after.last + LATE_RESULTS


def stretches(kind: Kind, missed_on: date, began_on: date, ended_on: date) -> Stretches:
    """Around a plan from `began_on` to `ended_on` that answers a miss in the period from `missed_on`.

    What comes after begins with the month whose first day is nearest to the plan's end, but never before the
    missed period is over.
    """
    length = MONTHS[kind]
    latest = _from(missed_on, length)
    after = max(_nearest_first(ended_on), latest.last + timedelta(days=1))
    return Stretches(
        earlier=tuple(_from(_add(missed_on, -length * back), length) for back in range(EARLIER, 0, -1)),
        latest=latest,
        during=Stretch(began_on, ended_on),
        after=_from(after, length),
    )


def _nearest_first(day: date) -> date:
    first = day.replace(day=1)
    following = _add(first, 1)
    return first if day - first <= following - day else following


def _from(first: date, months: int) -> Stretch:
    return Stretch(first, _add(first, months) - timedelta(days=1))


def _add(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
