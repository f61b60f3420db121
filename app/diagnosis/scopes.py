"""Where a cause may act: everywhere, on a team, a product, a lead source, or where two of these meet."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.diagnosis.findings import Scope
from app.diagnosis.frame import Frame
from app.diagnosis.records import Flags, Ints

FEWEST = 8
"""Decided leads in the period, below which nothing is said of a place where two groups meet."""


MOST_FRESH = 0.1
"""Share of decided leads from before, below which it makes no difference to leave them out."""

ALSO_FRESH = 0.7
"""The price of looking at fresh leads as well: the logarithm of two."""

ONE_MORE = 0.7
"""The price of looking at who lacks the general training, beside who lacks any."""


class Kind(StrEnum):
    ALL = "all"
    TEAM = "team"
    PRODUCT = "product"
    SOURCE = "source"
    PRODUCT_TEAM = "product_team"
    SOURCE_TEAM = "source_team"
    UNTRAINED = "untrained"


@dataclass(frozen=True)
class Grouping:
    """Each row's group (or -1), and where each group is."""

    kind: Kind
    groups: Ints
    scopes: tuple[Scope, ...]
    price: float = 0.0  # of looking here as well

    @property
    def size(self) -> int:
        return len(self.scopes)

    def rows(self, group: int) -> Flags:
        return np.asarray(self.groups == group)


def groupings(frame: Frame) -> list[Grouping]:
    nothing = np.zeros(len(frame.person), np.int64)
    products = tuple(Scope(product=int(key)) for key in frame.products)
    sources = tuple(Scope(source=int(key)) for key in frame.sources)
    found = [
        Grouping(Kind.ALL, nothing, (Scope(),)),
        Grouping(Kind.PRODUCT, frame.product, products),
        Grouping(Kind.SOURCE, frame.source, sources),
    ]
    for level in frame.levels:
        team = level.of_person[frame.person]
        teams = tuple(Scope(team=int(key)) for key in level.keys)
        found.append(Grouping(Kind.TEAM, team, teams))
        found.append(_crossed(frame, Kind.PRODUCT_TEAM, frame.product, products, team, teams))
        found.append(_crossed(frame, Kind.SOURCE_TEAM, frame.source, sources, team, teams))
    found += _untrained(frame, products)
    found = [grouping for grouping in found if grouping.size]
    return found + _fresh(frame, found)


def _fresh(frame: Frame, found: list[Grouping]) -> list[Grouping]:
    """The same places without leads from before: a cause may act on those only that came in the period."""
    now = frame.decided & frame.in_now(frame.closed_in)
    carried = now & ~frame.in_now(frame.opened_in)
    if carried.sum() < MOST_FRESH * now.sum():
        return []
    return [
        Grouping(each.kind, np.where(carried, -1, each.groups), each.scopes, ALSO_FRESH)
        for each in found
        if each.size
    ]


def _untrained(frame: Frame, products: tuple[Scope, ...]) -> list[Grouping]:
    """Where any training lacks; where that of one product does; and where the general one does, if not all
    that lack are general.
    """
    without, general = lacking(frame, frame.untrained), lacking(frame, frame.unschooled)
    found = [Grouping(Kind.UNTRAINED, np.where(without, 0, -1), (Scope(),))]
    if not general.any() or (general == without).all():
        return [*found, Grouping(Kind.UNTRAINED, np.where(without, frame.product, -1), products)]
    by_product = lacking(frame, frame.untrained & ~frame.unschooled)
    return [
        *found,
        Grouping(Kind.UNTRAINED, np.where(general, 0, -1), (Scope(),), ONE_MORE),
        Grouping(Kind.UNTRAINED, np.where(by_product, frame.product, -1), products),
    ]


def lacking(frame: Frame, untrained: Flags) -> Flags:
    """Sales by somebody without the training; before the period, those of the same people and products."""
    width = len(frame.products)
    pair = frame.person * width + frame.product
    judged = untrained & frame.in_now(frame.closed_in)
    flagged = np.zeros(len(frame.people) * width, bool)
    flagged[pair[judged]] = True
    return np.asarray(judged | (frame.before(frame.closed_in) & flagged[pair]))


def _crossed(
    frame: Frame, kind: Kind, one: Ints, ones: tuple[Scope, ...], team: Ints, teams: tuple[Scope, ...]
) -> Grouping:
    """Where the groups meet, if enough was decided there in the period."""
    pair = np.where(team >= 0, one * len(teams) + team, -1)
    judged = pair[frame.decided & frame.in_now(frame.closed_in)]
    keys, counts = np.unique(judged[judged >= 0], return_counts=True)
    keys = keys[counts >= FEWEST]
    places = np.full(len(ones) * len(teams) + 1, -1, np.int64)
    places[keys] = np.arange(len(keys))
    scopes = tuple(
        Scope(ones[key // len(teams)].product, ones[key // len(teams)].source, teams[key % len(teams)].team)
        for key in keys.tolist()
    )
    return Grouping(kind, places[pair], scopes)
