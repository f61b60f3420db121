"""When a period closes, as an instant.

    a period ends on its last day; `grace` whole days follow for late results; on the day after these it
    closes when the clocks of the company show `hour`

Where the clocks change in that hour: an hour that is left out comes at the moment of the change, and of one
that comes twice the second counts, so that nobody loses time that was promised.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def first_after(zone: ZoneInfo, day: date, hour: int) -> datetime:
    """The instant, in UTC, from which the clocks of a zone show this hour of a day or later, for good."""
    wanted = datetime.combine(day, time(hour))
    early = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early <= late:
        return late  # the same instant but for an hour that comes twice
    # Left out: the clocks jump somewhere between what both readings say.
    while early - late > timedelta(seconds=1):
        middle = late + (early - late) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            late = middle
        else:
            early = middle
    return early.replace(microsecond=0)


def closes_at(ends_on: date, grace_days: int, hour: int, zone: ZoneInfo) -> datetime:
    """When a period that ends on a day closes, in UTC."""
    return first_after(zone, ends_on + (grace_days + 1) * DAY, hour)


def is_over(ends_on: date, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a period's last day has passed where the company is."""
    return now.astimezone(zone).date() > ends_on
