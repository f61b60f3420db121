"""Small numbers are drawn towards what is usual, the more the smaller they are.

A rep who won 4 of 6 is not twice as good as one who won 20 of 60: most of such a difference is luck. How
much is luck and how much is the rep can be told from all reps together, and every figure is drawn towards
the common one by just that much: empirical Bayes (Efron and Morris, "Data analysis using Stein's estimator",
JASA 70, 1975), in the form that insurers give it as credibility (Buehlmann and Straub, 1970).
"""

from dataclasses import dataclass

import numpy as np

from app.diagnosis.records import Floats

LEAST_SPREAD = 0.03
MOST_SPREAD = 0.7


@dataclass(frozen=True)
class Shrunk:
    """`factor` multiplies what was expected; `variance` is what remains unknown about it."""

    factor: Floats
    variance: Floats
    spread: float  # standard deviation of the true factors


def spread(observed: Floats, expected: Floats, variance: Floats, *, least: float = LEAST_SPREAD) -> float:
    """How much the true ratios of observed to expected differ beyond chance, as a standard deviation.

    The moment estimator, with W = E^2 / V the weight of a group's ratio r = O / E and m their weighted mean:

        tau^2 = (sum W (r - m)^2 - (k - 1)) / (sum W - sum W^2 / sum W)

    (DerSimonian and Laird, "Meta-analysis in clinical trials", 1986), held between `least` and 0.7.
    """
    known = (expected > 0) & (variance > 0)
    if known.sum() < 3:
        return max(least, 0.15)
    weight = expected[known] ** 2 / variance[known]
    ratio = observed[known] / expected[known]
    mean = float((weight * ratio).sum() / weight.sum())
    excess = float((weight * (ratio - mean) ** 2).sum()) - (int(known.sum()) - 1)
    room = float(weight.sum() - (weight**2).sum() / weight.sum())
    squared = excess / room if room > 0 else 0.0
    return float(np.sqrt(np.clip(squared, least**2, MOST_SPREAD**2)))


def shrink(
    observed: Floats,
    expected: Floats,
    variance: Floats,
    *,
    least: float = LEAST_SPREAD,
    tau: float | None = None,
) -> Shrunk:
    """Ratio of observed to expected, drawn towards 1 by its credibility Z.

        Z = tau^2 / (tau^2 + V / E^2),   factor = 1 + Z (O / E - 1),   variance = tau^2 (1 - Z)

    A group of which nothing was expected keeps 1, and all of the spread as variance.
    """
    tau = spread(observed, expected, variance, least=least) if tau is None else tau
    safe = np.where(expected > 0, expected, 1.0)
    noise = np.where(expected > 0, variance / safe**2, np.inf)
    credible = tau**2 / (tau**2 + noise)
    ratio = np.where(expected > 0, observed / safe, 1.0)
    return Shrunk(np.maximum(1 + credible * (ratio - 1), 0.02), tau**2 * (1 - credible), tau)


def shrunk_means(total: Floats, count: Floats, weight: float, usual: float | None = None) -> Floats:
    """Means of groups, to each of which `weight` usual items are added."""
    everything = float(count.sum())
    if usual is None:
        usual = float(total.sum()) / everything if everything else 0.0
    result: Floats = (total + weight * usual) / (count + weight)
    return result
