"""For how long a course counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.validity import due_again, expiry, months_after, renewed_from


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_so_many_months_later_is_the_same_day_or_the_last(day, months, then):
    assert months_after(day, months) == then


def test_for_good_never_expires():
    assert expiry(date(2026, 1, 1), None) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_the_next_round_comes_before_the_end_and_not_at_once(day, months):
    expires = expiry(day, months)
    assert day < renewed_from(day, expires) < expires


def test_due_again_is_the_day_it_expires_or_some_days_from_now():
    today = date(2026, 11, 23)
    assert due_again(today + timedelta(days=20), today, 30) == today + timedelta(days=20)
    assert due_again(today, today, 30) == date(2026, 12, 23)
    assert due_again(None, today, 0) == today
