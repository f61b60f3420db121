"""Spans of days under any order of changes."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.people.timeline import DAY, Days, Span, changed, closed, difference, value_on

START = date(2025, 1, 1)
days = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
changes = st.lists(st.tuples(days, st.integers(1, 4)), min_size=1, max_size=12)


def built(made: list[tuple[date, int]]) -> list[Span]:
    spans: list[Span] = []
    for on, value in made:
        spans = changed(spans, value, on)
    return spans


@given(changes)
def test_there_is_never_a_gap_nor_an_overlap(made):
    spans = built(made)
    assert spans[0].first == min(on for on, _ in made)
    assert spans[-1].last is None
    for before, after in itertools.pairwise(spans):
        assert before.last is not None
        assert before.last + DAY == after.first
        assert before.value != after.value


@given(changes)
def test_each_day_is_as_if_written_down_day_by_day(made):
    """A change holds from its day to the end of what held on that day; before all others, to the first."""
    calendar: dict[int, int] = {}
    for on, value in made:
        first = (on - START).days
        held = calendar.get(first)
        for day in range(first, 60):
            if calendar.get(day) != held:
                break
            calendar[day] = value
    spans = built(made)
    assert {day: value_on(spans, START + day * DAY) for day in calendar} == calendar


@given(st.lists(days, min_size=1, max_size=12, unique=True), st.randoms())
def test_the_order_of_changes_for_different_days_does_not_matter(on, random):
    made = [(day, number) for number, day in enumerate(on)]
    shuffled = list(made)
    random.shuffle(shuffled)
    assert built(shuffled) == built(made)


@given(changes, days)
def test_nothing_lasts_longer_than_the_last_day(made, last):
    spans = closed(built(made), last)
    assert all(span.last is not None and span.first <= span.last <= last for span in spans)
    for before, after in itertools.pairwise(spans):
        assert before.last + DAY == after.first


@given(changes, days, days, days, st.integers(1, 4))
def test_who_left_and_came_back_has_no_overlap(made, last, back, on, value):
    spans = closed(built(made), last)
    if spans and back > last:
        spans = changed(changed(spans, 9, back), value, on)
        for before, after in itertools.pairwise(spans):
            assert before.last is not None
            assert before.last < after.first
        assert spans[-1].last is None


@given(changes, days, st.integers(1, 4), days)
def test_the_difference_names_every_day_that_changed_and_is_no_longer_than_needed(made, on, value, day):
    before = built(made)
    after = changed(before, value, on)
    span = difference(before, after)
    differs = value_on(before, day) != value_on(after, day)
    if differs:
        assert span is not None
        assert span.first <= day <= span.last
    if span is not None:
        assert value_on(before, span.first) != value_on(after, span.first)
        assert value_on(before, span.last) != value_on(after, span.last)


def test_a_first_membership_counts_for_all_days_before_it_too():
    assert difference([], [Span(START, None, 1)]) == Days(date.min, date.max)


def test_a_move_from_today_on_touches_no_day_before():
    spans = [Span(START, None, 1)]
    assert difference(spans, changed(spans, 2, START + DAY)) == Days(START + DAY, date.max)
    assert difference(spans, changed(spans, 1, START + DAY)) is None
