"""Several goals in one figure: attainments weighed, each up to a cap."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.money import allocate

FULL_WEIGHT = 10_000
"""Weights are basis points; a scorecard's make 100 %."""

DEFAULT_CAP = Decimal(2)


@dataclass(frozen=True)
class Entry:
    """One goal of a scorecard: `attainment` is None where there is nothing to judge; `cap` overrides."""

    key: Hashable
    attainment: Decimal | None
    weight: int
    cap: Decimal | None = None


@dataclass(frozen=True)
class Row:
    """An entry as it counts. `weight` is in basis points of those that count, and adds up to 10,000; the
    counted attainment is within 0 and the cap, None where it does not count."""

    key: Hashable
    attainment: Decimal | None
    counted: Decimal | None
    weight: int
    contribution: Decimal
    is_capped: bool


@dataclass(frozen=True)
class Scorecard:
    """`score` 1 is exactly on target everywhere; None where nothing counts. `missing` entries were left out
    and their weight spread over the others; `weights_complete` says whether the weights made 100 %."""

    score: Decimal | None
    rows: tuple[Row, ...]
    missing: tuple[Hashable, ...]
    weights_complete: bool


def scorecard(entries: Sequence[Entry], cap: Decimal = DEFAULT_CAP) -> Scorecard:
    """Weighted mean of attainments, each held within 0 and its cap:

        score = sum(w_i * min(max(a_i, 0), cap_i)) / sum(w_i)    over the entries with an attainment

    The cap (200 % by default) keeps one runaway metric from paying for neglect of the others.
    Raises ValueError for a negative weight, or a cap below 1.
    """
    if any(entry.weight < 0 for entry in entries):
        raise ValueError("a weight is negative")
    caps = [cap if entry.cap is None else entry.cap for entry in entries]
    if any(each < 1 for each in caps):
        raise ValueError("a cap lets a goal be reached")
    weights = [0 if entry.attainment is None else entry.weight for entry in entries]
    whole = sum(weights)
    shown = allocate(FULL_WEIGHT, weights) if whole else weights
    rows = []
    for entry, limit, weight, points in zip(entries, caps, weights, shown, strict=True):
        counted = None if entry.attainment is None else min(max(entry.attainment, Decimal(0)), limit)
        contribution = counted * weight / whole if counted is not None and whole else Decimal(0)
        is_capped = entry.attainment is not None and entry.attainment > limit
        rows.append(Row(entry.key, entry.attainment, counted, points, contribution, is_capped))
    counting = [(row.counted, weight) for row, weight in zip(rows, weights, strict=True)]
    total = sum((counted * weight for counted, weight in counting if counted is not None), Decimal(0))
    return Scorecard(
        score=total / whole if whole else None,
        rows=tuple(rows),
        missing=tuple(entry.key for entry in entries if entry.attainment is None),
        weights_complete=sum(entry.weight for entry in entries) == FULL_WEIGHT,
    )
