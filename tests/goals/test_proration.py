"""A fair target for who is not there in full."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.calendar import WorkingCalendar
from app.goals.proration import months_since, prorate, ramp_share

D = Decimal
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 29)  # twenty working days
CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2026, 8, 1), date(2026, 12, 31))
DAYS_OFF = st.frozensets(st.dates(FIRST, LAST), max_size=10)


def november(target=100, **more):
    return prorate(D(target), FIRST, LAST, CALENDAR, **more)


def keys(prorated):
    return [line.key for line in prorated.lines]


def test_who_was_there_all_the_time_has_the_full_target():
    full = november(hired_on=date(2020, 1, 1))
    assert (full.target, full.share, keys(full)) == (100, 1, ["full"])
    assert november("100.5").target == D("100.5")


def test_days_off_and_joining_late_take_working_days_away():
    away = november(days_off=frozenset({date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 7)}))
    assert (away.target, away.days, keys(away)) == (90, 20, ["full", "present"])
    late = november(hired_on=date(2026, 11, 16), ramp=[(0, D(1))])
    assert (late.target, late.lines[1].factor) == (50, D("0.5"))
    assert november(left_on=date(2026, 11, 6)).target == 25


def test_a_new_joiner_is_asked_for_more_from_day_to_day():
    hired = date(2026, 10, 15)
    assert ramp_share(hired, hired) == Fraction(1, 4)
    assert ramp_share(hired, date(2026, 11, 15)) == Fraction(1, 2)
    assert ramp_share(hired, date(2026, 10, 31)) == Fraction(1, 4) + Fraction(16, 31) / 4
    assert ramp_share(hired, date(2027, 1, 15)) == 1
    assert ramp_share(hired, hired - timedelta(days=1)) == 0


def test_a_ramp_may_begin_with_a_grace():
    grace = ((1, D("0.5")), (2, D(1)))
    assert ramp_share(date(2026, 10, 1), date(2026, 10, 15), grace) == Fraction(1, 2)
    assert ramp_share(date(2026, 10, 1), date(2026, 11, 16), grace) == Fraction(3, 4)


def test_presence_and_ramp_are_shown_one_after_the_other():
    new = november(1000, hired_on=date(2026, 11, 16), days_off=frozenset({date(2026, 11, 20)}))
    assert keys(new) == ["full", "present", "ramp", "rounding"]
    assert (new.lines[1].factor, new.lines[1].value) == (D("0.45"), 450)
    assert D("0.29") < new.lines[2].factor < D("0.31")
    assert new.target == new.lines[-1].value == round(450 * new.lines[2].factor)


def test_who_was_never_there_has_no_target():
    assert november(hired_on=date(2027, 1, 1)).target == 0
    assert november(left_on=date(2026, 1, 1)).share == 0


def test_months_begin_on_the_day_of_hiring_or_the_last_of_a_shorter_month():
    assert months_since(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_since(date(2026, 1, 31), date(2026, 3, 30)) == 1 + Fraction(30, 31)
    assert months_since(date(2026, 1, 31), date(2026, 3, 31)) == 2


@pytest.mark.parametrize("ramp", [(), ((2, D(1)), (1, D(1))), ((1, D(1)), (1, D(1))), ((0, D(-1)),)])
def test_a_ramp_out_of_order_is_refused(ramp):
    with pytest.raises(ValueError, match="ramp"):
        ramp_share(FIRST, LAST, ramp)


@given(st.dates(date(2020, 1, 1), date(2028, 12, 31)), st.integers(0, 900))
def test_months_since_hiring_grow_every_day(hired, days):
    day = hired + timedelta(days=days)
    assert 0 <= months_since(hired, day) < months_since(hired, day + timedelta(days=1))


@given(DAYS, DAYS, DAYS)
def test_the_ramp_never_falls(hired, one, other):
    earlier, later = sorted((one, other))
    assert 0 <= ramp_share(hired, earlier) <= ramp_share(hired, later) <= 1


@given(st.integers(1, 10**6), st.none() | DAYS, st.none() | DAYS, DAYS_OFF)
def test_a_share_is_within_none_and_all_and_its_lines_lead_to_the_target(target, hired, left, off):
    prorated = november(target, hired_on=hired, left_on=left, days_off=off)
    assert 0 <= prorated.share <= 1
    assert abs(prorated.target - target * prorated.share) <= D("0.5")
    assert prorated.lines[-1].value == prorated.target
    for before, line in zip(prorated.lines, prorated.lines[1:], strict=False):
        if line.factor is not None:
            assert abs(before.value * line.factor - line.value) < D("1e-15")


@given(DAYS, DAYS, DAYS_OFF, st.dates(FIRST, LAST))
def test_less_presence_is_never_a_higher_target(one, other, off, another):
    earlier, later = sorted((one, other))
    assert november(10_000, hired_on=later).share <= november(10_000, hired_on=earlier).share
    assert november(10_000, days_off=off | {another}).share <= november(10_000, days_off=off).share
