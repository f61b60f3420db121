"""A change split into its factors: it adds up, whatever comes in."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.diagnosis.variance import in_whole_units, log_mean, share_of_peers, split

FIGURES = st.one_of(st.just(0.0), st.floats(1e-3, 1e4))
FACTORS = st.integers(1, 6).flatmap(
    lambda size: st.tuples(
        st.lists(FIGURES, min_size=size, max_size=size), st.lists(FIGURES, min_size=size, max_size=size)
    )
)


def column(values):
    return np.array(values, float)[:, None]


def test_a_single_factor_takes_the_whole_change():
    assert split(column([4.0, 10.0]), column([4.0, 15.0]))[:, 0].tolist() == pytest.approx([0, 20])


def test_two_factors_that_change_by_the_same_share_share_the_change():
    parts = split(column([10.0, 10.0]), column([20.0, 20.0]))[:, 0]
    assert parts.tolist() == pytest.approx([150, 150])


def test_what_fell_to_zero_takes_the_whole_change():
    assert split(column([5.0, 0.3, 100.0]), column([7.0, 0.0, 90.0]))[:, 0].tolist() == [0, -150, 0]


def test_what_is_not_known_on_one_side_did_not_change():
    parts = split(column([10.0, 0.5, np.nan]), column([10.0, 0.25, 8.0]))[:, 0]
    assert parts.tolist() == pytest.approx([0, -20, 0])


@given(FACTORS)
def test_the_parts_add_up_to_the_change(both):
    before, now = (column(each) for each in both)
    change = now.prod() - before.prod()
    size = max(now.prod(), before.prod(), 1e-9)
    assert split(before, now).sum() == pytest.approx(change, abs=1e-9 * size)


@given(FACTORS)
def test_the_way_back_is_the_mirror(both):
    before, now = (column(each) for each in both)
    size = max(now.prod(), before.prod(), 1e-9)
    assert split(now, before) == pytest.approx(-split(before, now), abs=1e-9 * size)


@given(st.floats(1e-6, 1e9), st.floats(1e-6, 1e9))
def test_the_logarithmic_mean_lies_between(a, b):
    mean = float(log_mean(np.array([a]), np.array([b]))[0])
    assert min(a, b) * (1 - 1e-9) <= mean <= max(a, b) * (1 + 1e-9)


def test_what_peers_changed_alike_is_shared_and_none_of_ones_own():
    before, now = column([10.0, 0.4]), column([8.0, 0.4])
    shared = share_of_peers(before, now, column([1000.0, 0.3]), column([800.0, 0.3]))
    assert shared[:, 0].tolist() == pytest.approx(split(before, now)[:, 0].tolist())


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=6), st.integers(-(10**9), 10**9))
def test_whole_units_add_up_exactly(parts, total):
    rounded = in_whole_units(parts, Decimal(total))
    assert sum(rounded) == total
    assert all(each == each.to_integral_value() for each in rounded)
