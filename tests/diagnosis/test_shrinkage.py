"""Small numbers are drawn towards what is usual; chances come from distributions that are right."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.diagnosis.counting import (
    beta_binomial_tail,
    gamma_poisson_tail,
    log_gamma,
    normal_quantile,
    normal_tail,
)
from app.diagnosis.shrinkage import shrink, spread


def test_the_fewer_were_seen_the_closer_to_what_is_usual():
    shrunk = shrink(np.array([4.0, 40.0, 400.0]), np.array([2.0, 20.0, 200.0]), np.array([2.0, 20.0, 200.0]))
    assert 1 < shrunk.factor[0] < shrunk.factor[1] < shrunk.factor[2] < 2


def test_who_has_no_record_is_taken_to_be_as_all():
    shrunk = shrink(np.array([0.0]), np.array([0.0]), np.array([0.0]), tau=0.2)
    assert shrunk.factor[0] == 1
    assert shrunk.variance[0] == pytest.approx(0.04)


def test_groups_that_differ_by_chance_alone_show_hardly_any_spread():
    rng = np.random.default_rng(1)
    expected = np.full(400, 30.0)
    assert spread(rng.poisson(expected).astype(float), expected, expected) < 0.08
    differing = expected * rng.normal(1, 0.3, 400)
    assert spread(rng.poisson(differing).astype(float), expected, expected) == pytest.approx(0.3, abs=0.05)


def test_the_chance_of_few_wins_is_that_of_the_binomial():
    exact = sum(math.comb(20, k) * 0.3**k * 0.7 ** (20 - k) for k in range(3))
    exact += math.comb(20, 3) * 0.3**3 * 0.7**17 / 2
    tail = beta_binomial_tail(np.array([3.0]), np.array([20.0]), np.array([0.3]), np.array([1e9]))
    assert tail[0] == pytest.approx(exact, rel=1e-4)


def test_the_chance_of_few_leads_is_that_of_poisson():
    exact = sum(math.exp(-10) * 10**k / math.factorial(k) for k in range(5))
    exact += math.exp(-10) * 10**5 / math.factorial(5) / 2
    assert gamma_poisson_tail(np.array([5.0]), np.array([10.0]), np.array([1e8]))[0] == pytest.approx(
        exact, rel=1e-4
    )


@given(st.floats(1e-9, 1 - 1e-9))
def test_quantiles_and_tails_undo_each_other(p):
    assert normal_tail(normal_quantile(p)) == pytest.approx(p, rel=1e-6)


@given(st.floats(1e-3, 1e6))
def test_the_gamma_function_is_the_libraries(x):
    assert log_gamma(np.array([x]))[0] == pytest.approx(math.lgamma(x), abs=1e-8, rel=1e-10)
