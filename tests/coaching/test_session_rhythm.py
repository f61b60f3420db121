"""When the next session is due, and how many were promised."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.coaching.sessions.rhythm import due_on, next_working_day, promised

DAY = date(2026, 3, 2)  # a Monday
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
intervals = st.integers(1, 92)


def test_the_first_is_due_when_the_rhythm_begins() -> None:
    assert due_on(14, DAY, None) == DAY


def test_the_next_is_due_one_interval_after_the_last() -> None:
    assert due_on(14, DAY, DAY + timedelta(days=20)) == DAY + timedelta(days=34)


def test_what_was_held_just_before_the_rhythm_began_counts() -> None:
    assert due_on(14, DAY, DAY - timedelta(days=3)) == DAY + timedelta(days=11)
    assert due_on(14, DAY, DAY - timedelta(days=300)) == DAY


def test_a_proposal_falls_on_a_working_day() -> None:
    saturday = date(2026, 3, 7)
    assert next_working_day(saturday, lambda day: day.weekday() < 5) == date(2026, 3, 9)
    assert next_working_day(DAY, lambda day: False) == DAY


@given(every=intervals, starts_on=days, first=days, length=st.integers(0, 200))
def test_promised_counts_the_days_of_the_rhythm(
    every: int, starts_on: date, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    one_by_one = 0
    day = starts_on
    while day <= last:
        one_by_one += day >= first
        day += timedelta(days=every)
    assert promised(every, starts_on, first, last) == one_by_one
