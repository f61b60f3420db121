"""How a company works, and what goes wrong in it."""

from dataclasses import dataclass

import numpy as np

CAUSES = ("product", "price", "delivery", "service", "marketing", "training", "capability")


@dataclass(frozen=True)
class Shape:
    reps: int = 40
    products: int = 8
    sources: int = 4
    teams: int = 5
    leads: float = 60.0  # a rep and quarter
    quarters: int = 3
    win_rate: float = 0.3
    price_range: float = 10.0  # dearest over cheapest
    value_noise: float = 0.35  # sd of the log of a deal
    ability: float = 0.1  # sd of the log of a rep's win rate
    busyness: float = 0.1  # sd of the log of a rep's leads
    focus: int = 0  # products a rep sells, 0: all
    evenness: float = 3.0  # of products and sources; small is lumpy
    cycle: float = 30.0  # mean days from opened to decided
    empty: float = 0.2  # lost reasons not filled in
    label: float = 0.65  # of a cause's extra losses that name it
    relabel: float = 0.0  # of all losses in a touched cell that name it
    has_delivery: bool = True
    has_service: bool = True
    has_prices: bool = True
    missing_training: float = 0.3
    trained_products: int = 2
    season: float = 0.0  # amplitude of leads over the year
    drift: float = 0.0  # sd of the log of a product's and source's quarter-to-quarter change
    joiners: float = 0.0  # share of reps hired during the quarters
    target: str = "expected"  # expected, history, growth, flat
    stretch: float = 1.0
    by_closing: bool = False  # the cause strikes what is decided in the quarter, not what is opened
    grace: int = 0  # days after the end that the records tell
    metric: str = "revenue"


@dataclass(frozen=True)
class Plant:
    cause: str
    strength: float = 1.0
    team: bool = False  # only one team
    product: bool = False  # only one product (or several of a focussed cause); always so for product
    way: int = 0  # which of the cause's ways to show
    people: float = 0.15  # capability: share of reps


def any_shape(rng: np.random.Generator) -> Shape:
    """A company of the size that issue 3 speaks of, in any of many ways to keep its books."""
    return Shape(
        reps=int(rng.integers(34, 47)),
        sources=int(rng.integers(3, 7)),
        teams=int(rng.integers(3, 8)),
        leads=float(rng.uniform(52, 68)),
        win_rate=float(rng.uniform(0.2, 0.45)),
        price_range=float(rng.choice([1.5, 4, 10])),
        value_noise=float(rng.choice([0.1, 0.25, 0.4, 0.6])),
        ability=float(rng.choice([0.0, 0.1, 0.2])),
        busyness=float(rng.choice([0.0, 0.1, 0.2])),
        focus=int(rng.choice([0, 0, 2, 3, 4])),
        evenness=float(rng.choice([1.5, 4, 20])),
        cycle=float(rng.choice([6, 15, 30, 45])),
        empty=float(rng.choice([0.0, 0.2, 0.5])),
        label=float(rng.choice([0.45, 0.65, 0.85])),
        relabel=float(rng.choice([0.0, 0.0, 0.2])),
        has_delivery=bool(rng.random() < 0.85),
        has_service=bool(rng.random() < 0.85),
        has_prices=bool(rng.random() < 0.7),
        missing_training=float(rng.choice([0.15, 0.3, 0.5])),
        trained_products=int(rng.integers(1, 9)),
        drift=float(rng.choice([0.0, 0.0, 0.05])),
        target=str(rng.choice(["expected", "history", "growth"])),
        stretch=float(rng.choice([0.95, 1.0, 1.05])),
        by_closing=bool(rng.random() < 0.4),
        grace=int(rng.choice([0, 0, 14, 60])),
        metric=str(rng.choice(["revenue", "revenue", "revenue", "deals_won"])),
    )


def any_plant(cause: str, strength: float, rng: np.random.Generator) -> tuple[Plant, ...]:
    if cause == "none":
        return ()
    return (
        Plant(
            cause,
            strength * float(rng.uniform(0.9, 1.15)),
            team=bool(cause != "capability" and rng.random() < 0.2),
            product=bool(cause in {"price", "delivery", "service"} and rng.random() < 0.2),
            way=int(rng.integers(8)),
            people=float(rng.choice([0.08, 0.15, 0.25])),
        ),
    )
