"""What a board says of its members: rows with a place, and the part of a board that somebody sees.

Sums and counts are integers in ten-thousandths, ratios floats; equal ratios are equal floats, for a division
is rounded correctly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from app.leaderboards.filters import BoardFilter, Mode

Number: TypeAlias = int | float
SCALE = 10_000  # totals have four decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a board needs to know of its metric and period."""

    chosen: BoardFilter
    higher_is_better: bool
    is_ratio: bool
    has_change: bool = False

    @property
    def mode(self) -> Mode:
        return self.chosen.mode

    @property
    def nothing(self) -> Number | None:
        """The figure of somebody who has done nothing; a ratio has none."""
        return None if self.is_ratio else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A row. `name` is the real one: who shows it asks `is_hidden` first.

    It holds a board's own numbers, and gives figures as the metric has them: a board makes fifty rows to
    show that one has changed.
    """

    facts: Facts
    key: int
    rank: int | None
    change: int | None
    name: str
    is_hidden: bool
    own_score: Number | None
    own_figure: Number | None
    own_against: Number | None
    own_target: Number | None

    @property
    def ranked_by(self) -> Decimal | None:
        is_figure = self.facts.mode in {Mode.VALUE, Mode.IMPROVED}
        return exact(self.own_score) if is_figure else _share(self.own_score)

    @property
    def figure(self) -> Decimal | None:
        return exact(self.own_figure)

    @property
    def against(self) -> Decimal | None:
        return exact(self.own_against)

    @property
    def target(self) -> Decimal | None:
        return exact(self.own_target)

    @property
    def attainment(self) -> Decimal | None:
        if self.own_figure is None:
            return None
        return _share(share_of(self.own_figure, self.own_target, self.facts.higher_is_better))


@dataclass(frozen=True, slots=True)
class View:
    """What one viewer sees of a board at one moment. Nothing is below the neighbourhood.

    `folded` lie between the top and `around`, which is empty where they meet or who looks is no member.
    """

    version: int
    members: int
    ranked: int
    has_result: bool  # who looks
    top: Sequence[Standing]
    folded: int
    around: Sequence[Standing]
    own: Standing | None


def share_of(figure: Number, target: Number | None, higher_is_better: bool) -> float | None:
    """As `goals.attainment.attainment`, on the numbers of a board: 100,000 are asked for at once."""
    if target is None or target <= 0:
        return None
    return figure / target if higher_is_better else max(0.0, 2 - figure / target)


def exact(number: Number | None) -> Decimal | None:
    """A board's number as the metric has it."""
    if number is None:
        return None
    if isinstance(number, int):
        return Decimal(number).scaleb(-4)
    return Decimal(repr(number))


def _share(number: Number | None) -> Decimal | None:
    return None if number is None else Decimal(repr(float(number)))
