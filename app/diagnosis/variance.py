"""A change of revenue split exactly into the changes of its factors, and each into what peers share and the
rest.

Revenue is a product: leads at hand, times the share decided, times what such leads are usually worth, times
how much more of that worth was won, times deal values, times what was not cancelled. Its change is split by
the logarithmic mean Divisia index (LMDI I; B. W. Ang, "Decomposition analysis for policymaking in energy",
Energy Policy 32, 2004, and "The LMDI approach to decomposition analysis: a practical guide", Energy Policy
33, 2005):

    change due to factor k = L(V1, V0) ln(x1k / x0k),     L(a, b) = (a - b) / ln(a / b),  L(a, a) = a

which adds up to V1 - V0 without remainder, in whatever order the factors are named, and would be mirrored if
before and now were swapped. Zeros are taken at their limit (Ang and Liu, "Handling zero values in the
logarithmic mean Divisia index decomposition approach", Energy Policy 35, 2007): what fell to zero takes the
whole change; where several did, each takes as much as the others.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from app.diagnosis.records import Floats

TINY = 1e-12


def log_mean(a: Floats, b: Floats) -> Floats:
    """The logarithmic mean of two positive numbers."""
    safe_a, safe_b = np.maximum(a, TINY), np.maximum(b, TINY)
    ratio = np.log(safe_a / safe_b)
    close = np.abs(ratio) < 1e-9
    return np.where(close, (safe_a + safe_b) / 2, (safe_a - safe_b) / np.where(close, 1.0, ratio))


def split(before: Floats, now: Floats) -> Floats:
    """Factors x cases before and now, not negative, to each factor's part of the change of their product.

    A factor that is not known (NaN) on one side is taken not to have changed.
    """
    x0, x1 = filled(before, now)
    v0, v1 = x0.prod(axis=0), x1.prod(axis=0)
    zero = (x0 <= 0) | (x1 <= 0)
    changed = zero & (x0 != x1)
    logs = np.where(zero, 0.0, np.log(np.where(zero, 1.0, x1) / np.where(zero, 1.0, x0)))
    smooth = log_mean(v1, v0) * logs
    count = changed.sum(axis=0)
    sudden = np.where(changed, (v1 - v0) / np.maximum(count, 1), 0.0)
    return np.where((v0 <= 0) | (v1 <= 0), sudden, smooth)


def filled(before: Floats, now: Floats) -> tuple[Floats, Floats]:
    """What is not known on one side as it is on the other; 1 where it is known on neither."""
    x0 = np.where(np.isnan(before), now, before)
    x1 = np.where(np.isnan(now), before, now)
    return np.nan_to_num(x0, nan=1.0), np.nan_to_num(x1, nan=1.0)


def share_of_peers(before: Floats, now: Floats, peers_before: Floats, peers_now: Floats) -> Floats:
    """How much of each factor's part peers share: the parts that their own changes would have made.

    Factors x cases. The peers' change of a factor, ln(p1 / p0), on the person's own revenue; a factor of
    which the peers' change is not known counts as the person's own.
    """
    x0, x1 = filled(before, now)
    v0, v1 = x0.prod(axis=0), x1.prod(axis=0)
    known = (peers_before > 0) & (peers_now > 0)
    logs = np.where(known, np.log(np.where(known, peers_now, 1.0) / np.where(known, peers_before, 1.0)), 0.0)
    scale = np.where((v0 > 0) & (v1 > 0), log_mean(v1, v0), np.maximum(v0, v1))
    return scale * logs


def in_whole_units(parts: Sequence[float], total: Decimal) -> list[Decimal]:
    """Parts in whole units that add up to the total exactly; the largest takes what rounding leaves."""
    rounded = [Decimal(part).to_integral_value(ROUND_HALF_EVEN) for part in parts]
    if rounded:
        largest = max(range(len(parts)), key=lambda place: (abs(parts[place]), -place))
        rounded[largest] += total - sum(rounded)
    return rounded
