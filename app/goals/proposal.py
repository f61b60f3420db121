"""A target proposed from history, with the arithmetic that led to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from statistics import median

from app.goals.lines import Line, to_unit

LEAST_PERIODS = 3
"""Fewer periods say neither a level nor a trend: peers do."""

DAMPING = Decimal("0.8")
"""What is left of a trend with each further period (Gardner and McKenzie 1985)."""

MOST_TREND = Decimal("0.25")
"""A trend moves a proposal by no more than this share; more is for people to argue."""

LEAST_LEVEL = Decimal("0.001")
"""A level below this share of the best period is none to go by."""

LEAST_YEARS = 2
"""A person's season is seen twice before it is believed; a company's once."""

MOST_SEASON = Decimal(2)
"""A period is taken for at most twice, at least half of what the trend says: more was an odd one."""

ONE = Decimal(1)


class Basis(StrEnum):
    HISTORY = "history"
    PEERS = "peers"  # too little history: the peers' median
    RECENT = "recent"  # too little history and no peers: the mean of what there is
    NONE = "none"  # nothing is known, so nothing is proposed


@dataclass(frozen=True)
class Proposal:
    """`lines` lead to the target: level (or peers, or recent), trend, season, growth, rounding."""

    target: Decimal | None
    basis: Basis
    lines: tuple[Line, ...]


def propose(
    history: Sequence[Decimal | None],
    *,
    periods_a_year: int,
    growth: Decimal = Decimal(0),
    peers: Sequence[Decimal] = (),
    season: Sequence[Decimal] | None = None,
    unit: Decimal = ONE,
    ahead: int = 1,
) -> Proposal:
    """Target for the period `ahead` of the last one in `history` (oldest first, None where not employed).

    With slope b, level l now, and season index s of the period's place in the year:

        target = l * (1 + b (0.8 + 0.8^2 + ... ahead times) / l) * s * (1 + growth), rounded to units

    b is Theil and Sen's: the median slope over all pairs of periods, over pairs whole years apart where
    there are three (Hirsch, Slack and Smith 1982), so that one odd period moves nothing and a season is not
    taken for a trend. l is the median of the history without season, carried along b to now. s is
    from `season`, a company's or team's `season_index` over the same periods, or else from two or more years
    of one's own, or 1. The trend is held within 25 %.

    Fewer than three periods, or a level of next to nothing: the median of `peers`, else the mean of what
    there is, else None. A target never falls below 0.
    """
    known = [(place, value) for place, value in enumerate(history) if value is not None]
    lines = []
    if len(known) >= LEAST_PERIODS:
        lines = _from_history(known, len(history), periods_a_year, season, ahead)
    basis = Basis.HISTORY
    if not lines and peers:
        basis, lines = Basis.PEERS, [Line("peers", median(peers))]
    elif not lines and known:
        basis, lines = Basis.RECENT, [Line("recent", sum(value for _, value in known) / Decimal(len(known)))]
    if not lines:
        return Proposal(None, Basis.NONE, ())
    if growth:
        lines.append(Line("growth", lines[-1].value * (1 + growth), 1 + growth))
    target = max(to_unit(lines[-1].value, unit), Decimal(0))
    if target != lines[-1].value:
        lines.append(Line("rounding", target))
    return Proposal(target, basis, tuple(lines))


def season_index(history: Sequence[Decimal | None], periods_a_year: int) -> list[Decimal]:
    """How each place in the year compares with the average one: index i goes with history[i], [i + year], ...

    The median ratio to the trend of the periods in the same place of y years, normalised to 1 and drawn to it
    by y / (y + 1). The trend is that of pairs whole years apart, none within the first year. All 1 before
    a whole year is known.
    """
    known = [(place, value) for place, value in enumerate(history) if value is not None]
    return _season(known, periods_a_year, 1)


def _from_history(
    known: list[tuple[int, Decimal]],
    length: int,
    year: int,
    given: Sequence[Decimal] | None,
    ahead: int,
) -> list[Line]:
    index = _season(known, year, LEAST_YEARS) if given is None else given
    steady = [(place, value / index[place % year]) for place, value in known]
    slope = theil_sen(steady, year)
    now = length - 1
    level = median(value - slope * place for place, value in steady) + slope * now
    if level <= max(value for _, value in known) * LEAST_LEVEL:
        return []
    change = slope * sum((DAMPING**step for step in range(1, ahead + 1)), Decimal(0)) / level
    trend = 1 + max(min(change, MOST_TREND), -MOST_TREND)
    season = index[(now + ahead) % year]
    lines = [Line("level", level)]
    if trend != 1:
        lines.append(Line("trend", lines[-1].value * trend, trend))
    if season != 1:
        lines.append(Line("season", lines[-1].value * season, season))
    return lines


def theil_sen(known: Sequence[tuple[int, Decimal]], year: int = 1) -> Decimal:
    """Median slope a period over pairs of (place, value); of pairs whole years apart, given three."""
    same_season = _slopes(known, year)
    return median(same_season if len(same_season) >= LEAST_PERIODS else _slopes(known, 1))


def _slopes(known: Sequence[tuple[int, Decimal]], apart: int) -> list[Decimal]:
    """Slopes between values a multiple of `apart` places from each other."""
    return [
        (later - earlier) / (end - start)
        for (start, earlier), (end, later) in combinations(known, 2)
        if (end - start) % apart == 0
    ]


def _season(known: Sequence[tuple[int, Decimal]], year: int, least_years: int) -> list[Decimal]:
    if not known:
        return [ONE] * year
    slope = median(_slopes(known, year) or [Decimal(0)])
    start = median(value - slope * place for place, value in known)
    ratios: list[list[Decimal]] = [[] for _ in range(year)]
    for place, value in known:
        trend = start + slope * place
        if trend > 0:
            ratios[place % year].append(min(max(value / trend, 1 / MOST_SEASON), MOST_SEASON))
    if year == 1 or min(map(len, ratios)) < least_years:
        return [ONE] * year
    usual = [median(found) for found in ratios]
    average = sum(usual, Decimal(0)) / year
    return [
        1 + Decimal(len(found)) / (len(found) + 1) * (ratio / average - 1)
        for found, ratio in zip(ratios, usual, strict=True)
    ]
