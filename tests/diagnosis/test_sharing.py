"""A shortfall is shared out without remainder."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.diagnosis.sharing import share_out

D = Decimal


def test_causes_take_what_they_cost_and_chance_the_rest():
    assert share_out(D(100), [30.0, 20.0], D(1)) == ([30, 20], 50)


def test_costs_beyond_the_shortfall_are_scaled_down_to_it():
    assert share_out(D(100), [150.0, 50.0], D(1)) == ([75, 25], 0)


def test_nothing_missed_leaves_nothing_to_share():
    assert share_out(D(0), [5.0], D(1)) == ([0], 0)


def test_shares_are_shared_in_their_own_steps():
    amounts, rest = share_out(D("0.1234"), [0.05], D("0.0001"))
    assert (amounts, rest) == ([D("0.0500")], D("0.0734"))


@given(
    st.decimals(0, 10**9, places=4),
    st.lists(st.floats(-1e3, 1e9), max_size=8),
    st.sampled_from([D(1), D("0.0001")]),
)
def test_the_amounts_are_the_shortfall_exactly_and_never_negative(shortfall, parts, unit):
    amounts, rest = share_out(shortfall, parts, unit)
    assert sum(amounts) + rest == shortfall
    assert all(each >= 0 for each in (*amounts, rest))
    assert len(amounts) == len(parts)
