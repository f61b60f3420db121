"""How much of a goal is met."""

from decimal import Decimal


def attainment(actual: Decimal, target: Decimal, *, higher_is_better: bool = True) -> Decimal:
    """Share of the target met so far; 1 is exactly on target.

    Higher is better: actual / target. Lower is better: 2 - actual / target, but not below 0, the mirror image
    about the target: ten per cent under it is 1.1, ten per cent over is 0.9, twice the target is 0. It stays
    finite at an actual of 0 (which is 2), where target / actual does not.

    Over-achievement is kept, not capped: leaderboards rank on it. Returns and credits can make it negative
    where higher is better. Raises ValueError for a target that is not positive.
    """
    if target <= 0:
        raise ValueError("a target is positive")
    share = actual / target
    return share if higher_is_better else max(2 - share, Decimal(0))


def is_reached(actual: Decimal, target: Decimal, *, higher_is_better: bool = True) -> bool:
    """Whether a final result meets the goal; meeting it exactly does."""
    return actual >= target if higher_is_better else actual <= target
