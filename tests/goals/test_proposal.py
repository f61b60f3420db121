"""A target proposed from history, with its arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.proposal import Basis, propose, season_index, theil_sen

D = Decimal
HISTORIES = st.lists(st.none() | st.integers(0, 10_000).map(D), max_size=16)
SEASONAL = [D(value) for value in (80, 90, 100, 130)]


def keys(proposal):
    return [line.key for line in proposal.lines]


def quarters(history, **more):
    return propose([None if value is None else D(value) for value in history], periods_a_year=4, **more)


def test_who_always_sells_the_same_is_asked_for_the_same_and_the_growth():
    assert quarters([100] * 6).target == 100
    proposal = quarters([100] * 6, growth=D("0.08"))
    assert (proposal.target, proposal.basis, keys(proposal)) == (108, Basis.HISTORY, ["level", "growth"])
    assert proposal.lines[1].factor == D("1.08")


def test_a_trend_goes_on_but_slower():
    proposal = quarters([100, 110, 120])
    assert [(line.key, line.value) for line in proposal.lines] == [("level", 120), ("trend", 128)]
    further = quarters([100, 110, 120], ahead=2)
    assert further.target == to_whole(120 + 10 * (D("0.8") + D("0.64")))


def to_whole(value):
    return value.to_integral_value()


def test_a_trend_moves_a_proposal_by_a_quarter_at_most():
    assert quarters([10, 100, 190]).lines[1].factor == D("1.25")
    assert quarters([190, 100, 20]).lines[1].factor == D("0.75")


def test_the_season_of_two_years_is_believed_by_two_thirds():
    proposal = quarters(SEASONAL * 2)
    assert keys(proposal) == ["level", "season", "rounding"]
    season = proposal.lines[1].factor
    assert 1 - D(2) / 3 * (1 - D("0.8")) - D("0.03") < season < 1 - D(2) / 3 * (1 - D("0.8")) + D("0.03")
    assert quarters(SEASONAL * 2 + SEASONAL[:3]).target > proposal.target * D("1.3")


def test_one_year_of_a_person_is_no_season_but_one_of_the_company_is():
    company = season_index([value * 50 for value in SEASONAL], 4)
    assert company == sorted(company)
    assert sum(company) == pytest.approx(4)
    usual_year = [100 * index for index in company]
    alone, with_company = quarters(usual_year), quarters(usual_year, season=company)
    assert keys(alone) == ["level", "trend", "rounding"]
    assert [line.value for line in with_company.lines] == [100, 90]
    assert season_index([D(5)], 4) == season_index([], 4) == [1, 1, 1, 1]


def test_a_season_is_not_taken_for_a_trend():
    assert theil_sen(list(enumerate(SEASONAL * 2)), 4) == 0
    assert theil_sen([(0, D(1)), (1, D(2)), (2, D(30))]) == D("14.5")


def test_one_odd_quarter_moves_nothing():
    odd = quarters([100, 100, 100, 1000, 100, 100, 100])
    assert odd.target == 100
    assert quarters([100, 100, 100, 100, 1000, 100, 100, 100]).target <= 150


def test_a_new_person_is_asked_for_what_peers_bring():
    proposal = quarters([None, None, 20], peers=[D(90), D(100), D(500)], growth=D("0.1"))
    assert (proposal.target, proposal.basis, keys(proposal)) == (110, Basis.PEERS, ["peers", "growth"])


def test_without_peers_there_is_the_little_that_is_known_or_nothing():
    assert quarters([None, 20, 40]).target == 30
    assert quarters([None, 20, 40]).basis == Basis.RECENT
    nothing = quarters([None, None])
    assert (nothing.target, nothing.basis, nothing.lines) == (None, Basis.NONE, ())


def test_somebody_who_sold_nothing_for_a_year_is_asked_for_what_peers_bring():
    assert quarters([0, 0, 0, 0], peers=[D(50)]).basis == Basis.PEERS


def test_a_proposal_is_in_units_and_says_so():
    proposal = quarters([1234] * 4, unit=D(100))
    assert (proposal.target, keys(proposal)) == (1200, ["level", "rounding"])


@given(HISTORIES, st.sampled_from([1, 4, 12]), st.lists(st.integers(0, 10_000).map(D), max_size=5))
def test_every_factor_leads_from_one_line_to_the_next_and_the_last_is_the_target(history, year, peers):
    proposal = propose(history, periods_a_year=year, peers=peers, growth=D("0.05"))
    if proposal.target is None:
        assert not any(value is not None for value in history)
        assert not peers
        return
    assert proposal.target >= 0
    assert proposal.lines[-1].value == proposal.target
    for before, line in zip(proposal.lines, proposal.lines[1:], strict=False):
        if line.factor is not None:
            assert abs(before.value * line.factor - line.value) < D("1e-15")


@given(HISTORIES, st.sampled_from([1, 4, 12]), st.integers(1, 1000))
def test_a_proposal_does_not_depend_on_the_currency(history, year, rate):
    exchanged = [None if value is None else value * rate for value in history]
    one = propose(history, periods_a_year=year, unit=D("1e-6")).target
    other = propose(exchanged, periods_a_year=year, unit=D("1e-6")).target
    assert (one is None) == (other is None)
    if one is not None:
        assert other == pytest.approx(one * rate, rel=D("1e-3"), abs=D("1e-2"))


@given(HISTORIES, st.sampled_from([1, 4, 12]), st.decimals(0, 1, places=2), st.decimals(0, 1, places=2))
def test_more_growth_is_never_a_lower_target(history, year, one, other):
    less, more = sorted((one, other))
    low = propose(history, periods_a_year=year, growth=less).target
    high = propose(history, periods_a_year=year, growth=more).target
    assert low is None or low <= high
