"""Aims within reach, and how far one has come: the arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coaching.plans.aiming import (
    WEIGHT,
    Level,
    of_the_whole,
    reachable,
    stand_of_ratio,
    stand_of_sum,
    steady,
)

D = Decimal
PER_CENT = D("0.01")
shares = st.decimals(0, 1, places=3)
cases = st.integers(0, 500).map(Decimal)
weeks = st.integers(1, 52).map(Decimal)


def aim(own="0.18", of=50, peers="0.30", upper="0.36", within=13, **more):
    level = Level(D(peers), D(upper), 30)
    return reachable(D(own), D(of), level, D(within), unit=PER_CENT, **more)


def test_eighteen_per_cent_among_peers_at_thirty_aims_at_twenty_five():
    # steady: (50 * 18 + 20 * 30) / 70 = 21.4; half and a little of the way to 30 in 13 weeks: 25.9
    assert aim() == D("0.25")


def test_few_cases_say_little_so_more_is_to_be_expected():
    assert aim(of=5) > aim(of=500)


def test_more_time_reaches_further():
    assert aim(within=4) < aim(within=13) < aim(within=40)


def test_never_beyond_the_upper_quartile():
    assert aim(upper="0.22") == D("0.22")


def test_who_is_where_peers_are_needs_no_aim():
    assert aim(own="0.30") is None
    assert aim(own="0.45") is None


def test_what_is_better_when_lower_is_aimed_at_downwards():
    assert aim(own="0.30", peers="0.18", upper="0.12", higher_is_better=False) == D("0.23")


def test_an_aim_needs_time():
    with pytest.raises(ValueError, match="time"):
        aim(within=0)


@given(own=shares, of=cases, peers=shares, upper=shares, within=weeks)
def test_an_aim_lies_between_the_start_and_the_peers(own, of, peers, upper, within):
    found = reachable(own, of, Level(peers, upper, 9), within, unit=PER_CENT)
    if found is not None:
        assert own < found <= min(peers, upper)
        assert found % PER_CENT == 0


@given(own=shares, of=cases, peers=shares, within=weeks)
def test_a_mirrored_figure_has_a_mirrored_aim(own, of, peers, within):
    up = reachable(own, of, Level(peers, peers, 9), within, unit=PER_CENT)
    down = reachable(-own, of, Level(-peers, -peers, 9), within, unit=PER_CENT, higher_is_better=False)
    assert (up is None) == (down is None)
    assert up is None or up == -down


@given(own=shares, of=cases, peers=shares)
def test_steady_lies_between_ones_own_and_the_peers(own, of, peers):
    assert min(own, peers) <= steady(own, of, peers) <= max(own, peers)
    assert steady(own, D(0), peers) == peers
    assert abs(steady(own, WEIGHT, peers) - (own + peers) / 2) < D("1e-9")


class TestTheWhole:
    def of(self, own_part=30, target=100, upper=None, within=12, actual=60):
        return of_the_whole(D(actual), D(own_part), D(target), upper, D(within), unit=D(1))

    def test_half_of_what_was_missing_for_ones_own_reasons_in_twelve_weeks(self):
        assert self.of() == 75

    def test_not_beyond_the_target_nor_the_upper_quartile(self):
        assert self.of(own_part=200) == 100
        assert self.of(own_part=200, upper=D(80)) == 80
        assert self.of(upper=D(50)) is None

    def test_nothing_missing_for_ones_own_reasons_is_no_aim(self):
        assert self.of(own_part=0) is None


class TestStanding:
    def ratio(self, now, cases=1_000_000, start="0.18", aim="0.26", elapsed="0.5"):
        now = D(now) if now is not None else None
        return stand_of_ratio(now, D(cases), D(start), D(aim), D(elapsed))

    def test_a_ratio_walks_from_its_start_to_its_aim(self):
        standing = self.ratio("0.22")
        assert (round(standing.share, 3), standing.expected) == (D("0.5"), D("0.5"))

    def test_two_lucky_sales_are_no_arrival(self):
        assert self.ratio("0.26", cases=5).share == D("0.5")
        assert self.ratio("0.26", cases=15).share == D("0.75")

    def test_who_falls_back_stands_at_the_beginning(self):
        assert self.ratio("0.10").share == 0

    def test_nothing_decided_yet_is_not_nought(self):
        assert self.ratio(None).share is None
        assert self.ratio("0", cases=0).share is None

    def test_a_lower_figure_can_be_the_better_one(self):
        assert round(self.ratio("0.10", start="0.20", aim="0.10").share, 3) == 1

    def test_a_sum_is_moved_by_every_result(self):
        standing = stand_of_sum(D(17), D(5), D(12), D(4))
        assert (standing.wanted, standing.now) == (60, D("4.25"))
        assert round(standing.share, 4) == D("0.2833")
        assert round(standing.expected, 4) == D("0.3333")

    @given(done=st.integers(0, 10_000), more=st.integers(1, 100), at=st.integers(1, 52))
    def test_another_result_never_moves_it_back(self, done, more, at):
        before, after = (stand_of_sum(D(done + n), D(5), D(12), D(at)) for n in (0, more))
        assert after.share > before.share
