"""For how long a course counts."""

from datetime import date

import pytest

from app.training.validity import expiry, months_after


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
