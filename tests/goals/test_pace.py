"""Where a goal should be today, and where it is heading."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.pace import Accumulated, Averaged, PaceState, pace, tolerance
from app.goals.season import Curve, Season

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 29)  # twenty working days
CURVE = Curve(FIRST, LAST)
NOON_OF_WEEK_TWO = date(2026, 11, 13)  # the tenth working day
ORDER = [PaceState.BEHIND, PaceState.ON_TRACK, PaceState.AHEAD, PaceState.REACHED]

AMOUNTS = st.integers(0, 200).map(Decimal)
WEEKS = st.lists(st.integers(0, 50).map(Decimal), max_size=8).map(tuple)
TODAYS = st.dates(FIRST - timedelta(days=3), LAST + timedelta(days=3))
SEASONS = st.lists(st.decimals("0.1", 4, places=1), min_size=1, max_size=4).map(lambda w: Season(tuple(w)))
ACCUMULATED = st.builds(
    Accumulated,
    actual=AMOUNTS,
    target=st.integers(1, 200).map(Decimal),
    today=TODAYS,
    curve=SEASONS.map(lambda season: Curve(FIRST, LAST, season=season)),
    earlier_weeks=WEEKS,
    this_weeks=st.just(()),
    whole=st.booleans(),
    typical=st.none() | st.integers(1, 20).map(Decimal),
    higher_is_better=st.booleans(),
)


def deals(actual, today=NOON_OF_WEEK_TWO, target=40, weeks=(10, 9, 11, 10), **more):
    """Forty deals to win in twenty working days, by somebody who wins about ten a week."""
    history = tuple(map(Decimal, weeks))
    return pace(Accumulated(Decimal(actual), Decimal(target), today, CURVE, history, whole=True, **more))


def win_rate(won, of, target="0.5", today=NOON_OF_WEEK_TWO, **more):
    return pace(Averaged(Decimal(won), Decimal(of), Decimal(target), today, CURVE, proportion=True, **more))


def test_halfway_through_half_is_expected():
    now = deals(20)
    assert (now.state, now.expected, now.gap, now.days_ahead) == (PaceState.ON_TRACK, 20, 0, 0)
    assert (now.attainment, now.expected_share) == (Decimal("0.5"), Decimal("0.5"))


def test_six_deals_more_than_expected_are_three_days_ahead():
    now = deals(26)
    assert (now.state, now.gap, now.days_ahead) == (PaceState.AHEAD, 6, 3)


def test_what_is_missing_is_spread_over_the_days_left_today_included():
    now = deals(10)
    assert (now.state, now.days_ahead) == (PaceState.BEHIND, -5)
    assert (now.missing, now.days_left, now.needed_per_day) == (30, 11, 3)


def test_money_needed_a_day_is_not_rounded():
    now = pace(Accumulated(Decimal(50), Decimal(100), date(2026, 11, 23), CURVE))
    assert (now.missing, now.days_left, now.needed_per_day) == (50, 5, 10)


def test_half_a_day_off_is_no_day():
    assert deals(21).days_ahead == 0
    assert deals(19).days_ahead == 0
    assert deals(19).distance == Decimal("-0.5")


def test_a_rush_at_the_end_keeps_a_slow_start_on_track():
    rush = Curve(FIRST, LAST, season=Season((Decimal(1), Decimal(1), Decimal(1), Decimal(5))))
    figures = Accumulated(Decimal(10), Decimal(40), NOON_OF_WEEK_TWO, rush)
    assert pace(figures).state == PaceState.ON_TRACK
    assert pace(replace(figures, curve=CURVE)).state == PaceState.BEHIND


def test_a_goal_is_reached_at_once_and_never_behind_again():
    now = deals(40, today=FIRST)
    assert (now.state, now.missing, now.needed_per_day) == (PaceState.REACHED, 0, None)


def test_when_the_period_is_over_a_goal_is_reached_or_not():
    over = LAST + timedelta(days=1)
    assert deals(40, today=over).state == PaceState.REACHED
    missed = deals(39, today=over)
    assert (missed.state, missed.days_left, missed.needed_per_day) == (PaceState.BEHIND, 0, None)
    assert (missed.forecast.low, missed.forecast.value, missed.forecast.high) == (39, 39, 39)


def test_before_the_period_and_on_an_empty_first_day_there_is_nothing_to_say():
    assert deals(0, today=FIRST - timedelta(days=1)).state == PaceState.NO_DATA
    assert deals(0, today=FIRST, weeks=()).state == PaceState.NO_DATA
    assert deals(0, today=FIRST).state == PaceState.ON_TRACK


def test_somebody_who_always_wins_enough_is_not_behind_after_an_empty_week():
    slow_week = date(2026, 11, 6)
    assert deals(0, today=slow_week, weeks=()).state == PaceState.BEHIND
    assert deals(8, today=slow_week, weeks=(12, 12, 13, 12)).state == PaceState.ON_TRACK


def test_the_band_is_wide_with_little_known_and_narrow_with_much():
    unknown, known = deals(20, weeks=()).forecast, deals(20, weeks=(10, 9, 11, 10) * 2).forecast
    assert unknown.value < known.value + 5
    assert known.high - known.low < unknown.high - unknown.low


def test_a_typical_deal_tells_many_small_from_few_large():
    figures = Accumulated(Decimal(20000), Decimal(40000), NOON_OF_WEEK_TWO, CURVE)
    small, large = (pace(replace(figures, typical=Decimal(size))).forecast for size in (100, 20000))
    assert small.value == large.value
    assert small.high < large.high


def test_where_lower_is_better_less_is_ahead_and_too_much_is_behind_at_once():
    cancellations = {
        number: deals(number, target=20, weeks=(), higher_is_better=False) for number in (0, 4, 10, 21)
    }
    assert [now.state for now in cancellations.values()] == [
        PaceState.AHEAD,
        PaceState.AHEAD,
        PaceState.ON_TRACK,
        PaceState.BEHIND,
    ]
    assert (cancellations[4].gap, cancellations[4].days_ahead, cancellations[4].missing) == (6, 6, 16)
    assert deals(20, LAST + timedelta(days=1), 20, higher_is_better=False).state == PaceState.REACHED


def test_one_day_or_a_twentieth_of_the_period_off_means_nothing():
    assert tolerance(CURVE) == 1
    assert tolerance(Curve(date(2026, 1, 1), date(2026, 12, 31))) == Decimal("13.05")


def test_a_ratio_is_judged_by_its_band():
    assert win_rate(10, 20).state == PaceState.ON_TRACK
    assert win_rate(9, 20).state == PaceState.ON_TRACK
    assert win_rate(2, 20).state == PaceState.BEHIND
    assert win_rate(19, 20).state == PaceState.AHEAD
    assert win_rate(0, 0).state == PaceState.NO_DATA


def test_a_ratio_has_no_distance_in_days_and_is_reached_only_at_the_end():
    now = win_rate(15, 20)
    assert (now.actual, now.gap, now.days_ahead, now.needed_per_day) == (
        Decimal("0.75"),
        Decimal("0.25"),
        None,
        None,
    )
    assert win_rate(10, 20, today=LAST + timedelta(days=1)).state == PaceState.REACHED
    assert win_rate(9, 20, today=LAST + timedelta(days=1)).state == PaceState.BEHIND


def test_a_ratio_is_drawn_towards_the_usual_one():
    lucky, usual = win_rate(3, 3).forecast, win_rate(3, 3, usual=Decimal("0.4")).forecast
    assert usual.value < lucky.value < 1


def test_an_average_deal_has_a_band_from_the_spread_of_deals():
    figures = Averaged(Decimal(10000), Decimal(10), Decimal(1000), NOON_OF_WEEK_TWO, CURVE)
    wide, narrow = (pace(replace(figures, spread=Decimal(spread))).forecast for spread in (1000, 10))
    assert wide.value == narrow.value == 1000
    assert narrow.high - narrow.low < wide.high - wide.low


def test_an_on_time_rate_where_lower_is_better_is_mirrored():
    assert win_rate(1, 40, "0.2", higher_is_better=False).state == PaceState.AHEAD
    assert win_rate(30, 40, "0.2", higher_is_better=False).state == PaceState.BEHIND


@pytest.mark.parametrize("target", [0, -1])
def test_a_target_is_positive(target):
    with pytest.raises(ValueError, match="positive"):
        deals(1, target=target)
    with pytest.raises(ValueError, match="positive"):
        win_rate(1, 2, target=target)


@given(ACCUMULATED)
def test_a_forecast_is_in_its_band_and_not_below_what_is_there(figures):
    now = pace(figures)
    assert now.missing >= 0
    if now.forecast:
        assert figures.actual <= now.forecast.low <= now.forecast.value <= now.forecast.high


@given(ACCUMULATED, st.integers(0, 100))
def test_another_sale_never_makes_the_state_worse(figures, more):
    figures = replace(figures, higher_is_better=True)
    before, after = pace(figures), pace(replace(figures, actual=figures.actual + more))
    assert after.distance >= before.distance
    assert after.gap >= before.gap
    if PaceState.NO_DATA not in {before.state, after.state}:
        assert ORDER.index(after.state) >= ORDER.index(before.state)


@given(ACCUMULATED)
def test_the_days_off_the_pace_have_the_sign_of_the_gap(figures):
    now = pace(figures)
    if abs(now.distance) > Decimal("1e-20") and figures.actual <= figures.target:
        assert (now.distance > 0) == (now.gap > 0)


@given(ACCUMULATED)
def test_what_is_needed_a_day_is_enough(figures):
    now = pace(replace(figures, higher_is_better=True))
    if now.needed_per_day is not None:
        assert now.needed_per_day * now.days_left >= now.missing - Decimal("1e-20")


@given(st.integers(0, 60), st.integers(0, 60), TODAYS, st.none() | st.decimals(0, 1, places=2))
def test_a_proportion_stays_one(won, lost, today, usual):
    now = win_rate(won, won + lost, today=today, usual=usual)
    if now.forecast:
        assert 0 <= now.forecast.low <= now.forecast.value <= now.forecast.high <= 1
    assert (now.state == PaceState.NO_DATA) == (won + lost == 0)
