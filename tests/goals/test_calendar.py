"""Working days of a period."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.calendar import WorkingCalendar, public_holidays

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    WorkingCalendar,
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.frozensets(st.dates(date(2025, 1, 1), date(2025, 3, 31)), max_size=30),
    days_off=st.frozensets(st.dates(date(2025, 1, 1), date(2025, 3, 31)), max_size=30),
)
NEAR = st.dates(date(2024, 12, 1), date(2025, 4, 30))


def test_november_2026_has_twenty_one_working_days_and_twenty_with_a_holiday():
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    assert WorkingCalendar().working_days(first, last) == 21
    holiday, on_sunday = date(2026, 11, 2), date(2026, 11, 1)
    assert WorkingCalendar(holidays=frozenset({holiday, on_sunday})).working_days(first, last) == 20
    assert WorkingCalendar(weekend=frozenset({6})).working_days(first, last) == 25


def test_today_counts_as_left():
    calendar, last = WorkingCalendar(), date(2026, 11, 30)
    monday = date(2026, 11, 2)
    assert calendar.remaining(monday, last) == 21
    assert calendar.remaining(last, last) == 1
    assert calendar.remaining(last + timedelta(days=1), last) == 0


def test_five_working_days_after_a_friday_is_the_next_friday_but_for_a_holiday():
    friday = date(2026, 11, 6)
    assert WorkingCalendar().add_working_days(friday, 5) == date(2026, 11, 13)
    holiday = WorkingCalendar(holidays=frozenset({date(2026, 11, 9)}))
    assert holiday.add_working_days(friday, 5) == date(2026, 11, 16)
    with pytest.raises(ValueError, match="at least one"):
        holiday.add_working_days(friday, 0)


def test_days_off_are_added_to_those_already_there():
    calendar = WorkingCalendar().with_days_off(frozenset({date(2026, 11, 9)}))
    assert not calendar.is_working(date(2026, 11, 9))
    assert calendar.with_days_off(frozenset()) is calendar


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7})])
def test_a_week_without_work_or_with_an_eighth_day_is_refused(weekend):
    with pytest.raises(ValueError, match="a week"):
        WorkingCalendar(weekend=weekend)


def test_a_country_has_its_holidays_and_an_unknown_one_none():
    assert date(2026, 12, 8) in public_holidays("ES", 2026)
    assert date(2026, 7, 20) in public_holidays("CO", 2026)
    assert public_holidays("ZZ", 2026) == frozenset()


@given(CALENDARS, NEAR, NEAR)
def test_working_days_are_the_days_counted_one_by_one(calendar, first, last):
    days = list(calendar.days(first, last))
    assert calendar.working_days(first, last) == len(days)
    assert all(map(calendar.is_working, days))


@given(CALENDARS, NEAR, st.integers(1, 30))
def test_adding_working_days_is_counting_them_back(calendar, day, number):
    until = calendar.add_working_days(day, number)
    assert calendar.is_working(until)
    assert calendar.working_days(day + timedelta(days=1), until) == number
