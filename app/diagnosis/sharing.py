"""A shortfall shared out over its causes without remainder."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal


def share_out(shortfall: Decimal, parts: Sequence[float], unit: Decimal) -> tuple[list[Decimal], Decimal]:
    """Each part's amount, and what is left for chance; together they are the shortfall exactly.

    Parts that together exceed the shortfall (something else went well) are scaled down to it. Amounts are
    whole units, rounded down; what rounding leaves goes to chance, or to the largest part where there is
    none.
    """
    wanted = [max(part, 0.0) for part in parts]
    total = sum(wanted)
    if shortfall <= 0 or total <= 0:
        return [Decimal(0)] * len(wanted), max(shortfall, Decimal(0))
    size = float(shortfall)
    scale = min(1.0, size / total)
    amounts = [(Decimal(part * scale) / unit).to_integral_value(ROUND_DOWN) * unit for part in wanted]
    while (left := shortfall - sum(amounts)) < 0:  # floating point said a little too much
        largest = max(range(len(amounts)), key=lambda place: amounts[place])
        amounts[largest] = max(amounts[largest] + left, Decimal(0))
    if total >= size and left:
        largest = max(range(len(amounts)), key=lambda place: wanted[place])
        amounts[largest] += left
        left = Decimal(0)
    return amounts, left
