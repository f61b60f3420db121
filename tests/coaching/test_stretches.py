"""The stretches around a plan: whole months, equally long, one after the other."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.coaching.effect.stretches import stretches


def test_around_a_quarter() -> None:
    found = stretches("quarter", date(2026, 1, 1), date(2026, 4, 8), date(2026, 6, 24))
    assert [stretch.first for stretch in found.earlier] == [
        date(2025, 4, 1),
        date(2025, 7, 1),
        date(2025, 10, 1),
    ]
    assert (found.latest.first, found.latest.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (found.after.first, found.after.last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert not found.is_over(date(2026, 10, 4))
    assert found.is_over(date(2026, 10, 6))


@given(
    st.sampled_from(["month", "quarter", "year"]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(0, 400),
)
def test_nothing_overlaps_what_was_missed(kind, missed: date, days: int) -> None:
    first = missed.replace(day=1)
    found = stretches(kind, first, missed, date.fromordinal(missed.toordinal() + days))
    whole = [*found.earlier, found.latest, found.after]
    assert all(before.last < after.first for before, after in pairwise(whole))
    assert all(stretch.first.day == 1 for stretch in whole)
