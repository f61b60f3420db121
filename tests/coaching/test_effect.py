"""The estimate: against like peers, with its doubt, and silent where the data are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coaching.effect.comparing import (
    CLAIM,
    LEAST_PEERS,
    Effect,
    Record,
    TooFew,
    as_index,
    claimed,
    effect_of,
    effect_over,
)
from app.coaching.effect.student import p_value, quantile


def people(number: int, *, seed: int = 1, lift: float = 0.0, latest: float | None = None) -> list[Record]:
    """Who sells about 100 a stretch, give or take 10 a person and 8 a stretch."""
    chance = random.Random(seed)
    found = []
    for _ in range(number):
        usual = chance.gauss(100, 10)
        missed = chance.gauss(usual, 8) if latest is None else latest
        found.append(Record(chance.gauss(usual, 5), missed, chance.gauss(usual, 8) + lift))
    return found


def test_the_quantiles_are_those_of_the_tables() -> None:
    tables = {1: 12.706, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
    for degrees, value in tables.items():
        assert quantile(0.95, degrees) == pytest.approx(value, abs=0.001)
    assert p_value(2.228, 10) == pytest.approx(0.05, abs=0.0001)


def test_coming_back_to_the_mean_is_no_effect() -> None:
    """All peers come back after a bad stretch; so does this one, and nothing is claimed."""
    found = effect_of(Record(100, 80, 98), people(40))
    assert isinstance(found, Effect)
    assert found.change == 18
    assert found.is_mostly_return
    assert not found.is_clear


def test_a_rise_far_beyond_like_peers_is_one() -> None:
    found = effect_of(Record(100, 80, 150), people(40))
    assert isinstance(found, Effect)
    assert found.is_clear
    assert found.low > 0


def test_what_everybody_gained_is_not_the_coachings() -> None:
    rising = people(40, lift=30)
    found = effect_of(Record(100, 92, 128), rising)
    assert isinstance(found, Effect)
    assert not found.is_clear


def test_too_few_peers_or_items_say_so() -> None:
    assert effect_of(Record(100, 80, 150), people(LEAST_PEERS - 1)) is TooFew.PEERS
    assert effect_of(Record(0.2, 0.1, 0.5, items=3), people(40)) is TooFew.OWN
    assert effect_over([([], people(40))]) is TooFew.OWN


def test_many_plans_together_know_more_than_one() -> None:
    peers = people(40)
    one = effect_of(people(1, seed=5, lift=15)[0], peers)
    many = effect_over([(people(12, seed=5, lift=15), peers)])
    assert isinstance(one, Effect)
    assert isinstance(many, Effect)
    assert many.high - many.low < one.high - one.low
    assert many.is_clear
    assert many.low < 15 < many.high


def test_one_in_a_long_list_needs_more_to_be_claimed() -> None:
    borderline = Effect(1, 0.1, 1.9, CLAIM * 0.8, 1, 0, 5, 20)
    assert claimed([borderline]) == [True]
    nothing = Effect(0, -1, 1, 0.9, 0, 0, 5, 20)
    assert claimed([borderline, *[nothing] * 9]) == [False] * 10
    assert claimed([]) == []


@given(st.integers(0, 10_000), st.floats(-40, 40), st.one_of(st.floats(0.2, 5), st.just(1e-8)))
def test_the_effect_moves_with_what_the_person_reached_and_with_the_unit(
    seed: int, more: float, unit: float
) -> None:
    """Another 5 reached is 5 more effect; in another currency, were it of ten digits, all is as many
    times as large."""
    peers, person = people(15, seed=seed), Record(100, 90, 100)
    plain = effect_of(person, peers)
    moved = effect_of(Record(100, 90, 100 + more), peers)
    scaled = effect_of(as_index(person, unit), [as_index(peer, unit) for peer in peers])
    assert isinstance(plain, Effect)
    assert isinstance(moved, Effect)
    assert isinstance(scaled, Effect)
    assert moved.effect - plain.effect == pytest.approx(more, abs=1e-6)
    assert scaled.effect * unit == pytest.approx(plain.effect, abs=1e-6)
    assert plain.low < plain.effect < plain.high
    assert plain.change == pytest.approx(plain.expected + plain.effect)


@given(st.permutations(range(12)))
def test_the_order_of_peers_changes_nothing(order: list[int]) -> None:
    peers = people(12)
    first = effect_of(Record(100, 80, 120), peers)
    again = effect_of(Record(100, 80, 120), [peers[place] for place in order])
    assert isinstance(first, Effect)
    assert isinstance(again, Effect)
    assert again.effect == pytest.approx(first.effect)
    assert again.p == pytest.approx(first.p)
