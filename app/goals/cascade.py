"""A goal comes down the tree: company, departments, teams, people.

What is given out adds up exactly at every level, unless somebody fixed a part by hand; then what was fixed
stays, the rest is spread over the others, and the gap is reported, never hidden or refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from statistics import median
from typing import Literal, TypeAlias

from app.core.money import allocate
from app.goals.lines import to_unit

Key: TypeAlias = str | int
By: TypeAlias = Literal["history", "headcount", "hand"]

ZERO = Decimal(0)


@dataclass(frozen=True)
class Node:
    """A place in the tree. `history` is last year's result, None for none; a node with parts that has none of
    its own weighs what its parts do. `headcount` is read from the ends only. `fixed` was set by hand."""

    key: Key
    parts: tuple["Node", ...] = ()
    history: Decimal | None = None
    headcount: Decimal = Decimal(1)
    fixed: Decimal | None = None


class Source(StrEnum):
    """Where a value comes from."""

    WHOLE = "whole"  # the goal that was to be cascaded
    HISTORY = "history"
    NO_HISTORY = "no_history"  # the usual result a head stands in for one's own
    HEADCOUNT = "headcount"
    HAND = "hand"
    SUM = "sum"  # of its parts, nobody set one for the whole
    MISSING = "missing"  # by hand, and nobody has


@dataclass(frozen=True)
class Level:
    """What a node gets, and what its parts add up to. A gap above 0 is more than the whole, below 0 less."""

    key: Key
    parent: Key | None
    depth: int
    value: Decimal
    source: Source
    weight: Decimal | None
    parts_sum: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        return None if self.parts_sum is None else self.parts_sum - self.value


@dataclass(frozen=True)
class Cascade:
    """Every node from the root down, each before its parts, in the order of the tree."""

    levels: tuple[Level, ...]

    def of(self, key: Key) -> Level:
        """Raises KeyError."""
        return self._by_key[key]

    @property
    def gaps(self) -> list[Level]:
        """Where the parts do not add up to the whole."""
        return [level for level in self.levels if level.gap]

    @cached_property
    def _by_key(self) -> dict[Key, Level]:
        return {level.key: level for level in self.levels}


def cascade(
    root: Node,
    whole: Decimal | None = None,
    by: By = "history",
    *,
    unit: Decimal = Decimal(1),
    growth: Decimal = ZERO,
) -> Cascade:
    """Split a whole down a tree, in whole units (a deal, a cent), by largest remainder.

    By history, a part weighs its last result (a negative one counts as 0); a person without one weighs
    the median result a head of their team, or of the nearest place above it that has any, times their
    headcount. By headcount, everybody weighs their own. Where nobody weighs anything, headcount decides,
    and at last equality. By hand, only what is fixed is given: a place without a value of its own shows
    the sum of its parts, which makes it the report over goals that exist already.

    Without a whole it is the root's fixed value, or else its last result times 1 + growth. What is left
    below one unit goes to the heaviest part. The order of parts does not matter, ties go by key.
    Raises ValueError for a key that comes twice, negative values, or nothing to start from.
    """
    nodes = list(_walk(root))
    if len({node.key for node in nodes}) < len(nodes):
        raise ValueError("a key comes twice")
    if any((node.fixed or 0) < 0 or node.headcount < 0 for node in nodes) or (whole or 0) < 0:
        raise ValueError("a value is negative")
    if unit <= 0:
        raise ValueError("a unit is positive")
    if by == "hand":
        value, source = _by_hand(root) if whole is None else (whole, Source.WHOLE)
        return Cascade(tuple(_report(root, None, 0, value, source)))
    spread = _Spread(_Weigher(root, by), unit)
    return Cascade(tuple(spread.down(root, None, 0, _whole(root, whole, unit, growth), Source.WHOLE, None)))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _walk(part)


def _whole(root: Node, whole: Decimal | None, unit: Decimal, growth: Decimal) -> Decimal:
    if whole is not None:
        return whole
    if root.fixed is not None:
        return root.fixed
    known = _history(root)
    if known is None:
        raise ValueError("neither a whole nor a history to start from")
    return max(to_unit(known * (1 + growth), unit), ZERO)


def _history(node: Node) -> Decimal | None:
    """One's own last result, or what is known of the parts'."""
    if node.history is not None or not node.parts:
        return node.history
    known = [history for part in node.parts if (history := _history(part)) is not None]
    return sum(known, ZERO) if known else None


class _Weigher:
    """What each node weighs against its siblings, exactly, and why."""

    def __init__(self, root: Node, by: By) -> None:
        self._by = by
        self.weights: dict[Key, Fraction] = {}
        self.heads: dict[Key, Fraction] = {}
        self._per_head: dict[Key, list[Fraction]] = {}
        self._look(root)
        self._weigh(root, None)

    def of(self, parts: Sequence[Node]) -> tuple[list[Fraction], list[Source]]:
        """Weights of some siblings and their sources."""
        if self._by == "history":
            weights = [self.weights[part.key] for part in parts]
            if any(weights):
                known = [bool(self._per_head[part.key]) or part.history is not None for part in parts]
                return weights, [Source.HISTORY if has else Source.NO_HISTORY for has in known]
        heads = [self.heads[part.key] for part in parts]
        return (heads if any(heads) else [Fraction(1)] * len(parts)), [Source.HEADCOUNT] * len(parts)

    def _look(self, node: Node) -> list[Fraction]:
        """Collect headcounts, and results a head, below each node."""
        if node.parts:
            found = [each for part in node.parts for each in self._look(part)]
            self.heads[node.key] = sum((self.heads[part.key] for part in node.parts), Fraction(0))
        else:
            self.heads[node.key] = Fraction(node.headcount)
            has = node.history is not None and node.headcount > 0
            found = [Fraction(max(node.history or ZERO, ZERO)) / Fraction(node.headcount)] if has else []
        self._per_head[node.key] = found
        return found

    def _weigh(self, node: Node, usual: Fraction | None) -> Fraction:
        if node.parts:
            here = self._per_head[node.key]
            below = median(here) if here else usual
            weight = sum((self._weigh(part, below) for part in node.parts), Fraction(0))
        else:
            weight = (usual or Fraction(0)) * self.heads[node.key]
        if node.history is not None:
            weight = Fraction(max(node.history, ZERO))
        self.weights[node.key] = weight
        return weight


@dataclass(frozen=True)
class _Spread:
    """Gives a value to every part of a node, and of its parts."""

    weigher: _Weigher
    unit: Decimal

    def down(
        self,
        node: Node,
        parent: Key | None,
        depth: int,
        value: Decimal,
        source: Source,
        weight: Fraction | None,
    ) -> Iterator[Level]:
        given = self._given(node, value)
        total = sum((part_value for part_value, _, _ in given.values()), ZERO) if given else None
        shown = None if weight is None else Decimal(weight.numerator) / weight.denominator
        yield Level(node.key, parent, depth, value, source, shown, total)
        for part in node.parts:
            yield from self.down(part, node.key, depth + 1, *given[part.key])

    def _given(self, node: Node, value: Decimal) -> dict[Key, tuple[Decimal, Source, Fraction | None]]:
        """Value, source and weight of each part: the fixed ones keep theirs, the others share the rest."""
        given: dict[Key, tuple[Decimal, Source, Fraction | None]] = {
            part.key: (part.fixed, Source.HAND, None) for part in node.parts if part.fixed is not None
        }
        free = sorted((part for part in node.parts if part.fixed is None), key=_tie)
        rest = max(value - sum((fixed for fixed, _, _ in given.values()), ZERO), ZERO)
        weights, sources = self.weigher.of(free)
        values = _split(rest, weights, self.unit)
        for part, shared in zip(free, zip(values, sources, weights, strict=True), strict=True):
            given[part.key] = shared
        return given


def _split(rest: Decimal, weights: Sequence[Fraction], unit: Decimal) -> list[Decimal]:
    if not weights:
        return []
    units = int((rest / unit).to_integral_value(ROUND_FLOOR))
    parts = [number * unit for number in allocate(units, weights)]
    parts[weights.index(max(weights))] += rest - units * unit
    return parts


def _by_hand(node: Node) -> tuple[Decimal, Source]:
    if node.fixed is not None:
        return node.fixed, Source.HAND
    if not node.parts:
        return ZERO, Source.MISSING
    return sum((_by_hand(part)[0] for part in node.parts), ZERO), Source.SUM


def _report(node: Node, parent: Key | None, depth: int, value: Decimal, source: Source) -> Iterator[Level]:
    parts = [(part, *_by_hand(part)) for part in node.parts]
    total = sum((part_value for _, part_value, _ in parts), ZERO) if parts else None
    yield Level(node.key, parent, depth, value, source, None, total)
    for part, part_value, part_source in parts:
        yield from _report(part, node.key, depth + 1, part_value, part_source)


def _tie(node: Node) -> tuple[str, str]:
    return str(node.key), type(node.key).__name__
