"""When a period closes, over every change of the clocks of five years in five zones."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.goals.moments import closes_at, first_after, is_over

ZONES = (
    "America/Bogota",  # never changes
    "Europe/Madrid",
    "America/New_York",
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Casablanca",  # for Ramadan, backwards
    "America/Havana",  # at midnight
)
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
SECOND = timedelta(seconds=1)


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def changes(zone: ZoneInfo) -> list[date]:
    """Days on which the clocks of a zone change, and those around them."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    noon = {day: datetime.combine(day, time(12), zone).utcoffset() for day in days}
    found = set()
    for day, following in pairwise(days):
        if noon[day] != noon[following]:
            found |= {day - timedelta(days=1), day, following, following + timedelta(days=1)}
    return sorted(found & set(days))


@pytest.mark.parametrize("name", ZONES)
def test_a_period_closes_when_the_clocks_first_stand_at_the_hour_for_good(name):
    zone = ZoneInfo(name)
    assert (name == "America/Bogota") == (not changes(zone))
    for day in changes(zone) or [FIRST, date(2028, 2, 29), LAST]:
        for hour in range(24):
            wanted = datetime.combine(day, time(hour))
            closing = first_after(zone, day, hour)
            assert local(closing, zone) >= wanted
            later = [closing + timedelta(minutes=minutes) for minutes in range(0, 180, 15)]
            assert all(local(instant, zone) >= wanted for instant in later), "the hour came again"
            before = local(closing - SECOND, zone)
            came_twice = local(closing - timedelta(hours=1), zone) >= wanted
            assert before < wanted or came_twice, "it could have closed before"


@pytest.mark.parametrize("name", ZONES)
def test_the_next_day_always_closes_later(name):
    zone = ZoneInfo(name)
    for hour in (0, 2, 23):
        moments = [first_after(zone, FIRST + timedelta(days=number), hour) for number in range(5 * 365)]
        assert moments == sorted(set(moments))


def test_grace_is_whole_days_after_the_last_one():
    closing = closes_at(date(2026, 9, 30), 5, 6, ZoneInfo("America/Bogota"))
    assert closing == datetime(2026, 10, 6, 11, tzinfo=UTC)
    assert closes_at(date(2026, 9, 30), 0, 0, ZoneInfo("UTC")) == datetime(2026, 10, 1, tzinfo=UTC)


def test_an_hour_that_the_clocks_leave_out_comes_when_they_change():
    madrid = ZoneInfo("Europe/Madrid")  # 2027-03-28: 02:00 becomes 03:00
    closing = first_after(madrid, date(2027, 3, 28), 2)
    assert closing == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert local(closing, madrid).time() == time(3)


def test_of_an_hour_that_comes_twice_the_second_counts():
    new_york = ZoneInfo("America/New_York")  # 2026-11-01: 02:00 becomes 01:00
    assert first_after(new_york, date(2026, 11, 1), 1) == datetime(2026, 11, 1, 6, tzinfo=UTC)


def test_a_period_is_over_when_its_last_day_is_where_the_company_is():
    end, bogota = date(2026, 9, 30), ZoneInfo("America/Bogota")
    assert not is_over(end, datetime(2026, 10, 1, 4, 59, tzinfo=UTC), bogota)
    assert is_over(end, datetime(2026, 10, 1, 5, tzinfo=UTC), bogota)
