"""The share of a goal to be expected by a day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.calendar import WorkingCalendar
from app.goals.season import FLAT, Curve, PastPeriod, Season, expected_share, learn, past_period

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
RUSH = Season((Decimal(1), Decimal(1), Decimal(1), Decimal(2)))
WEIGHTS = st.lists(st.decimals("0.1", 5, places=2), min_size=1, max_size=13).map(tuple)
CURVES = st.builds(
    lambda first, length, holidays, weights: Curve(
        first, first + timedelta(days=length), WorkingCalendar(holidays=holidays), Season(weights)
    ),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 100),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
    WEIGHTS,
)
MONTHS = st.builds(
    lambda values, results: PastPeriod((5, 5, 5, 5), tuple(values), tuple(results)),
    st.lists(st.integers(-10, 1000).map(Decimal), min_size=4, max_size=4),
    st.lists(st.integers(0, 500), min_size=4, max_size=4),
)


def test_without_a_season_the_share_is_that_of_working_days():
    assert expected_share(date(2026, 11, 10), FIRST, LAST, WorkingCalendar()) == Decimal(7) / 21


def test_a_rush_at_the_end_lowers_what_is_expected_before():
    curve = Curve(date(2026, 11, 2), date(2026, 11, 29), season=RUSH)
    assert curve.length == 20
    assert curve.share(date(2026, 11, 20)) == Decimal("0.6")
    assert curve.share(date(2026, 11, 23)) == Decimal("0.68")
    assert curve.share_at_noon(date(2026, 11, 23)) == Decimal("0.64")


def test_the_curve_is_read_back_as_working_days():
    curve = Curve(date(2026, 11, 2), date(2026, 11, 29), season=RUSH)
    assert curve.day_of(Decimal("0.6")) == 15
    assert curve.day_of(Decimal("0.64")) == Decimal("15.5")
    assert curve.day_of(Decimal(3)) == 20
    assert curve.day_of(Decimal(-1)) == 0


def test_today_is_begun_and_left():
    curve = Curve(FIRST, LAST)
    assert (curve.days_begun(date(2026, 11, 2)), curve.days_left(date(2026, 11, 2))) == (1, 21)
    assert (curve.days_begun(date(2026, 11, 1)), curve.days_left(date(2026, 11, 1))) == (0, 21)
    assert curve.weeks == Decimal("4.2")


def test_a_period_of_free_days_goes_by_plain_days():
    saturday = date(2026, 11, 7)
    assert Curve(saturday, saturday + timedelta(days=1)).share(saturday) == Decimal("0.5")


def test_a_period_that_ends_before_it_begins_and_a_season_without_weight_are_refused():
    with pytest.raises(ValueError, match="ends on or after"):
        Curve(LAST, FIRST)
    for weights in [(), (Decimal(0),), (Decimal("NaN"),)]:
        with pytest.raises(ValueError, match="weights"):
            Season(weights)


def test_results_fall_into_the_bin_of_their_working_day():
    daily = [
        (date(2026, 11, 1), Decimal(5), 1),  # the Sunday before the first working day
        (date(2026, 11, 2), Decimal(10), 2),
        (date(2026, 11, 15), Decimal(7), 1),  # a Sunday counts with the Friday before
        (date(2026, 11, 30), Decimal(1), 1),
        (date(2026, 12, 1), Decimal(99), 9),
    ]
    past = past_period(FIRST, LAST, WorkingCalendar(), daily, bins=4)
    assert past.values == (15, 7, 0, 1)
    assert past.results == (3, 1, 0, 1)
    assert sum(past.days) == 21


def test_nothing_known_is_a_flat_season():
    assert learn([], 4) == Season((Decimal(1),) * 4)
    assert learn([PastPeriod((5, 5), (Decimal(0), Decimal(0)), (0, 0))], 2).weights == (1, 1)


def test_many_periods_are_believed_and_few_results_are_not():
    def rush(results):
        return PastPeriod(
            (5, 5, 5, 5), (Decimal(200), Decimal(200), Decimal(200), Decimal(400)), (results,) * 4
        )

    believed = learn([rush(1000)] * 98, 4).weights[3]
    assert Decimal("1.5") < believed < Decimal("1.6")
    one_period, few_results = learn([rush(1000)], 4).weights[3], learn([rush(1)] * 4, 4).weights[3]
    assert 1 < one_period < Decimal("1.21")
    assert 1 < few_results < one_period


@given(CURVES, st.dates(date(2025, 12, 1), date(2027, 6, 1)), st.dates(date(2025, 12, 1), date(2027, 6, 1)))
def test_the_expected_share_grows_from_nothing_to_all(curve, one, other):
    earlier, later = sorted((one, other))
    assert 0 <= curve.share(earlier) <= curve.share(later) <= 1
    assert curve.share(curve.first - timedelta(days=1)) == 0
    assert curve.share(curve.last) == 1


@given(CURVES, st.dates(date(2025, 12, 1), date(2027, 6, 1)))
def test_reading_the_curve_back_gives_the_day(curve, day):
    assert (
        abs(curve.day_of(curve.share(day)) - (curve.days_begun(day))) < Decimal("1e-20") or day >= curve.last
    )


@given(CURVES, st.decimals(-1, 2, places=4), st.decimals(-1, 2, places=4))
def test_more_of_the_goal_is_never_an_earlier_day(curve, one, other):
    less, more = sorted((one, other))
    assert 0 <= curve.day_of(less) <= curve.day_of(more) <= curve.length


@given(st.lists(MONTHS, max_size=6), st.integers(1, 50))
def test_a_season_does_not_depend_on_the_unit_of_value(past, factor):
    scaled = [
        PastPeriod(month.days, tuple(value * factor for value in month.values), month.results)
        for month in past
    ]
    for one, other in zip(learn(past, 4).weights, learn(scaled, 4).weights, strict=True):
        assert abs(one - other) < Decimal("1e-20")


def test_a_flat_season_has_the_same_weight_everywhere():
    assert {FLAT.weight_at(index, 21) for index in range(21)} == {1}
