"""A board's order, kept while values change, is the order of sorting everything anew."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from app.leaderboards.ranking import Ranking, Row, rank_change, ranks

VALUES = st.none() | st.integers(-5, 5).map(Decimal) | st.decimals(-2, 2, places=1)
CAST = [
    (1, "Ana", 30),
    (2, "Berta", 50),
    (3, "Carla", 50),
    (4, "Dora", None),
    (5, "Eva", 10),
    (6, "Ada", None),
]


def naive(members, higher_is_better=True):
    """(position, rank, key, name, value) of {key: (name, value)} by sorting and counting."""
    sign = -1 if higher_is_better else 1
    ranked = sorted((sign * value, name, key) for key, (name, value) in members.items() if value is not None)
    rows = [
        (1 + sum(other[0] < weight for other in ranked), key, name, members[key][1])
        for weight, name, key in ranked
    ]
    unranked = sorted((name, key) for key, (name, value) in members.items() if value is None)
    rows += [(None, key, name, None) for name, key in unranked]
    return [Row(position, *row) for position, row in enumerate(rows, start=1)]


def test_equal_values_share_a_rank_and_leave_a_gap():
    board = Ranking(CAST)
    assert [(row.rank, row.name) for row in board] == [
        (1, "Berta"),
        (1, "Carla"),
        (3, "Ana"),
        (4, "Eva"),
        (None, "Ada"),
        (None, "Dora"),
    ]
    assert (board.rank_of(3), board.position_of(3)) == (1, 2)
    assert (board.rank_of(4), board.position_of(4)) == (None, 6)
    assert (len(board), board.ranked_count) == (6, 4)


def test_where_lower_is_better_the_least_leads():
    board = Ranking(CAST, higher_is_better=False)
    assert [row.key for row in board.top(3)] == [5, 1, 2]
    assert [row.rank for row in board.top(4)] == [1, 2, 3, 3]


def test_a_sale_moves_a_member_and_nobody_else_by_more_than_a_place():
    board = Ranking(CAST)
    board.update(5, 50)
    assert [row.key for row in board.top(4)] == [2, 3, 5, 1]
    assert board.rank_of(5) == 1
    assert board.rank_of(1) == 4
    board.update(5, None)
    assert board.rank_of(5) is None
    board.update(4, 99)
    assert board.top(1) == [Row(1, 1, 4, "Dora", 99)]


def test_a_member_can_join_and_leave():
    board = Ranking(CAST)
    board.add(7, "Flor", 40)
    assert board.rank_of(7) == 3
    board.remove(2)
    assert board.rank_of(7) == 2
    assert 2 not in board
    board.add(7, "Flora", None)
    assert board.position_of(7) == 6
    with pytest.raises(KeyError):
        board.remove(2)
    with pytest.raises(KeyError):
        board.update(2, 1)
    board.discard(2)


def test_a_neighbourhood_ends_where_the_board_ends():
    board = Ranking((key, f"{key:03}", 1000 - key) for key in range(1, 101))
    assert [row.key for row in board.around(50)] == [47, 48, 49, 50, 51, 52, 53]
    assert [row.key for row in board.around(1)] == [1, 2, 3, 4]
    assert [row.key for row in board.around(100, 1)] == [99, 100]


def test_ranks_change_up_down_or_not_at_all():
    assert rank_change(9, 7) == 2
    assert rank_change(1, 4) == -3
    assert rank_change(2, 2) == 0
    assert rank_change(None, 2) is None
    assert rank_change(2, None) is None


def test_a_list_of_values_has_ranks_in_its_order():
    assert ranks([Fraction(1, 3), None, Fraction(1, 2), Fraction(2, 6)]) == [2, None, 1, 2]
    assert ranks([3, 1, 1], higher_is_better=False) == [3, 1, 1]


@given(st.lists(VALUES, max_size=40), st.booleans(), st.integers(0, 45), st.integers(0, 45))
def test_any_stretch_of_a_board_is_that_of_the_whole(values, higher, start, length):
    members = {key: ("abc"[key % 3], value) for key, value in enumerate(values)}
    board = Ranking(((key, *member) for key, member in members.items()), higher_is_better=higher)
    assert board.rows(start, start + length) == naive(members, higher)[start : start + length]


class Board(RuleBasedStateMachine):
    """A board under joins, sales, corrections and leavers beside the naive one."""

    keys = Bundle("keys")

    @initialize(higher=st.booleans(), values=st.lists(VALUES, max_size=10))
    def begin(self, higher, values):
        self.higher = higher
        self.members = {1000 + key: ("n", value) for key, value in enumerate(values)}
        rows = [(key, *member) for key, member in self.members.items()]
        self.board = Ranking(rows, higher_is_better=higher)

    @rule(target=keys, key=st.integers(0, 30), name=st.sampled_from("abc"), value=VALUES)
    def join(self, key, name, value):
        self.members[key] = (name, value)
        self.board.add(key, name, value)
        return key

    @rule(key=keys, value=VALUES)
    def sell(self, key, value):
        if key in self.members:
            self.members[key] = (self.members[key][0], value)
            self.board.update(key, value)

    @rule(key=keys)
    def leave(self, key):
        self.members.pop(key, None)
        self.board.discard(key)

    @invariant()
    def the_order_is_the_naive_one(self):
        if not hasattr(self, "board"):
            return
        expected = naive(self.members, self.higher)
        assert list(self.board) == expected
        for row in expected:
            assert self.board.rank_of(row.key) == row.rank
            assert self.board.position_of(row.key) == row.position
            around = expected[max(row.position - 3, 0) : row.position + 2]
            assert self.board.around(row.key, 2) == around


TestBoard = Board.TestCase
TestBoard.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
