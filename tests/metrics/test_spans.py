"""Spans of days as whole months and edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.metrics.preview import last_quarter
from app.metrics.spans import DAY, next_month, split

days = st.dates(date(2019, 1, 1), date(2031, 12, 31))


def in_between(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@given(days, st.integers(0, 800))
def test_months_and_edges_are_all_days_once(start, length):
    end = start + timedelta(days=length)
    found = split(start, end)
    parts = list(found.edges)
    if found.months:
        parts.append((found.months[0], next_month(found.months[1]) - DAY))
        assert found.months[0].day == found.months[1].day == 1
    covered = sorted(day for part in parts for day in in_between(*part))
    assert covered == in_between(start, end)


def test_whole_months_have_no_edges():
    assert split(date(2026, 1, 1), date(2026, 12, 31)).edges == ()
    assert split(date(2024, 2, 1), date(2024, 2, 29)).months == (date(2024, 2, 1), date(2024, 2, 1))


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        split(date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("today", "fiscal_start", "quarter"),
    [
        (date(2026, 11, 23), 1, (date(2026, 7, 1), date(2026, 9, 30))),
        (date(2026, 1, 1), 1, (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 11, 23), 2, (date(2026, 8, 1), date(2026, 10, 31))),
        (date(2026, 3, 31), 4, (date(2025, 10, 1), date(2025, 12, 31))),
    ],
)
def test_the_last_quarter_is_the_last_whole_one_of_the_fiscal_year(today, fiscal_start, quarter):
    assert last_quarter(today, fiscal_start) == quarter
