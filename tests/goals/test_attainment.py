"""How much of a goal is met."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.attainment import attainment, is_reached

TARGETS = st.decimals("0.01", 10**9, places=2)
ACTUALS = st.decimals(0, 10**9, places=2)


def test_attainment_is_the_share_of_the_target_and_is_not_capped():
    assert attainment(Decimal(45), Decimal(60)) == Decimal("0.75")
    assert attainment(Decimal(150), Decimal(60)) == Decimal("2.5")
    assert attainment(Decimal(-6), Decimal(60)) == Decimal("-0.1")


def test_where_lower_is_better_the_share_is_mirrored_about_the_target():
    of = {
        actual: attainment(Decimal(actual), Decimal(10), higher_is_better=False)
        for actual in (0, 9, 10, 11, 20, 50)
    }
    assert of == {0: 2, 9: Decimal("1.1"), 10: 1, 11: Decimal("0.9"), 20: 0, 50: 0}


@pytest.mark.parametrize("target", [0, -5])
def test_a_target_that_is_not_positive_has_no_attainment(target):
    with pytest.raises(ValueError, match="positive"):
        attainment(Decimal(1), Decimal(target))


@given(ACTUALS, TARGETS, st.booleans())
def test_a_goal_is_reached_exactly_from_an_attainment_of_one(actual, target, higher):
    share = attainment(actual, target, higher_is_better=higher)
    assert is_reached(actual, target, higher_is_better=higher) == (share >= 1)


@given(ACTUALS, ACTUALS, TARGETS)
def test_better_results_never_attain_less(one, other, target):
    low, high = sorted((one, other))
    assert attainment(low, target) <= attainment(high, target)
    assert attainment(low, target, higher_is_better=False) >= attainment(high, target, higher_is_better=False)
