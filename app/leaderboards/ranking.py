"""A board's order kept in memory, so that a sale moves one member and a rank is looked up, not counted.

Two sorted plain lists (those with a value, those without) and one look-up by member. Comparing tuples and
moving list entries is C code: a change costs O(log n) comparisons and a memmove of at most 8 n bytes, tens of
microseconds at 100,000 members. Competition ranking: equal values share a rank, and the next rank leaves a
gap (1, 1, 3). The order is total: value, then name, then key; who has no value comes last and has no rank.

It holds no lock: whoever shares a Ranking between threads locks around `update` and what it reads.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Value: TypeAlias = int | float | Decimal | Fraction
"""What a member is ranked by: one number type for a whole board (Decimal does not compare with Fraction)."""

# Weight, name, key: the same tuple in the order and in the look-up, and nothing for the collector to follow.
_Ranked: TypeAlias = tuple[Value, str, int]
_Unranked: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """`position` counts from 1 without gaps; `rank` is shared among equals and None without a value."""

    position: int
    rank: int | None
    key: int
    name: str
    value: Value | None


class Ranking:
    """Members in their order. Names break ties as they are: pass a collation key for a locale's order."""

    def __init__(
        self, rows: Iterable[tuple[int, str, Value | None]] = (), *, higher_is_better: bool = True
    ) -> None:
        """From (key, name, value) rows in any order; a key that comes twice keeps its last row."""
        self.higher_is_better = higher_is_better
        self._members: dict[int, _Ranked | _Unranked] = {
            key: (name, key) if value is None else (-value if higher_is_better else value, name, key)
            for key, name, value in rows
        }
        entries = self._members.values()
        self._ranked: list[_Ranked] = sorted([entry for entry in entries if len(entry) == 3])
        self._unranked: list[_Unranked] = sorted([entry for entry in entries if len(entry) == 2])

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, key: int) -> bool:
        return key in self._members

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows(0, len(self)))

    @property
    def ranked_count(self) -> int:
        """Members with a value."""
        return len(self._ranked)

    def value_of(self, key: int) -> Value | None:
        entry = self._members[key]
        return self._value(entry[0]) if len(entry) == 3 else None

    def count_better(self, value: Value) -> int:
        """How many have a better value than this one."""
        return self._rank(self._weight(value)) - 1

    def add(self, key: int, name: str, value: Value | None) -> None:
        """Take in a member, or replace one of that key."""
        self.discard(key)
        if value is None:
            unranked = self._members[key] = (name, key)
            insort(self._unranked, unranked)
        else:
            ranked = self._members[key] = (self._weight(value), name, key)
            insort(self._ranked, ranked)

    def update(self, key: int, value: Value | None) -> None:
        """Give a member a new value. Raises KeyError for a key that is not there."""
        if self.value_of(key) != value:
            self.add(key, self._members[key][-2], value)  # the name, in both

    def discard(self, key: int) -> None:
        """Take a member out, if it is there."""
        if key not in self._members:
            return
        index = self._index(key)
        if len(self._members.pop(key)) == 2:
            del self._unranked[index - len(self._ranked)]
        else:
            del self._ranked[index]

    def remove(self, key: int) -> None:
        """Take a member out. Raises KeyError for a key that is not there."""
        if key not in self._members:
            raise KeyError(key)
        self.discard(key)

    def rank_of(self, key: int) -> int | None:
        """One more than the members with a better value; None without a value. KeyError if not there."""
        entry = self._members[key]
        return self._rank(entry[0]) if len(entry) == 3 else None

    def position_of(self, key: int) -> int:
        """Place in the total order, from 1. Raises KeyError for a key that is not there."""
        return self._index(key) + 1

    def top(self, number: int) -> list[Row]:
        return self.rows(0, number)

    def around(self, key: int, each_side: int = 3) -> list[Row]:
        """The member, and up to `each_side` members above and below."""
        index = self._index(key)
        return self.rows(max(index - each_side, 0), index + each_side + 1)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Positions start + 1 to stop, as far as there are any."""
        start, stop = max(start, 0), min(stop, len(self))
        found: list[Row] = []
        rank, weight = 0, None
        for index in range(start, min(stop, len(self._ranked))):
            entry = self._ranked[index]
            if weight is None:
                rank = self._rank(entry[0])
            elif entry[0] != weight:
                rank = index + 1
            weight = entry[0]
            found.append(Row(index + 1, rank, entry[2], entry[1], self._value(weight)))
        offset = len(self._ranked)
        for index in range(max(start, offset), stop):
            name, key = self._unranked[index - offset]
            found.append(Row(index + 1, None, key, name, None))
        return found

    def _weight(self, value: Value) -> Value:
        return -value if self.higher_is_better else value

    _value = _weight  # the way back

    def _rank(self, weight: Value) -> int:
        return bisect_left(self._ranked, (weight,)) + 1  # a prefix sorts first

    def _index(self, key: int) -> int:
        entry = self._members[key]
        if len(entry) == 2:
            return len(self._ranked) + bisect_left(self._unranked, entry)
        return bisect_left(self._ranked, entry)


def rank_change(before: int | None, now: int | None) -> int | None:
    """Ranks gained: 2 is two up, negative is down; None where there was or is no rank."""
    return None if before is None or now is None else before - now


def ranks(values: Sequence[Value | None], *, higher_is_better: bool = True) -> list[int | None]:
    """Competition ranks of a list of values, in its order."""
    board = Ranking(((key, "", value) for key, value in enumerate(values)), higher_is_better=higher_is_better)
    return [board.rank_of(key) for key in range(len(values))]
