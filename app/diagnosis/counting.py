"""Sums by group, and standard distributions that numpy does not have."""

import math
from collections.abc import Callable

import numpy as np

from app.diagnosis.records import Floats, Ints


def totals(groups: Ints, values: Floats, size: int) -> Floats:
    """Sum of the values of each group; rows whose group is negative count nowhere."""
    if len(groups) and groups.min() < 0:
        return np.asarray(np.bincount(groups + 1, values, size + 1)[1:], float)
    return np.asarray(np.bincount(groups, values, size), float)


def normal_tail(z: float) -> float:
    """The chance that a standard normal variable is below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(p: float) -> float:
    """The z below which a standard normal variable lies with chance p; bisection, to 1e-9."""
    if not 0 < p < 1:
        return math.copysign(38.0, p - 0.5)
    low, high = -38.0, 38.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if normal_tail(middle) < p else (low, middle)
    return (low + high) / 2


def beta_binomial_tail(seen: Floats, trials: Floats, mean: Floats, weight: Floats) -> Floats:
    """Chance of fewer successes than `seen`, plus half that of just as many (mid-p, Lancaster 1961).

    Each of `trials` succeeds with a rate that is itself uncertain: beta distributed, of the given mean and
    of the weight of that many trials. Arrays of equal length; seen and trials are rounded to whole numbers.
    """
    count, n = np.rint(seen).astype(int), np.rint(trials).astype(int)
    mean = np.clip(mean, 1e-6, 1 - 1e-6)
    a, b = mean * weight, (1 - mean) * weight
    log_first = np.array(
        [
            math.lgamma(y + m) - math.lgamma(y) - math.lgamma(x + y + m) + math.lgamma(x + y)
            for x, y, m in zip(a.tolist(), b.tolist(), n.tolist(), strict=True)
        ]
    )
    return _mid_tail(
        count, n, log_first, lambda k, n: (n - k) * (k + a) / ((k + 1) * np.maximum(n - k - 1 + b, 1e-9))
    )


def gamma_poisson_tail(seen: Floats, mean: Floats, weight: Floats) -> Floats:
    """The same for counts: Poisson, with a mean that is itself gamma distributed, of shape `weight`."""
    count = np.rint(seen).astype(int)
    mean, weight = np.maximum(mean, 1e-9), np.maximum(weight, 1e-6)
    share = mean / (mean + weight)
    log_first = weight * np.log1p(-share)
    return _mid_tail(count, count + 1, log_first, lambda k, n: share * (k + weight) / (k + 1) * (n >= 0))


def log_beta_binomial(seen: Floats, trials: Floats, mean: Floats, weight: Floats) -> Floats:
    """Log likelihood of the mean, but for a constant; arguments as above."""
    mean = np.clip(mean, 1e-4, 1 - 1e-4)
    a, b = mean * weight, (1 - mean) * weight
    return log_gamma(seen + a) - log_gamma(a) + log_gamma(trials - seen + b) - log_gamma(b)


def log_gamma_poisson(seen: Floats, mean: Floats, weight: Floats) -> Floats:
    """Log likelihood of the mean, but for a constant."""
    mean = np.maximum(mean, 1e-9)
    return np.asarray(seen * np.log(mean / (mean + weight)) + weight * np.log(weight / (mean + weight)))


def log_gamma(x: Floats) -> Floats:
    """Logarithm of the gamma function for x > 0, to 1e-10 (Stirling's series above 8, Abramowitz and Stegun
    6.1.41).
    """
    shift = np.zeros_like(x)
    z = np.array(x, float)
    for _ in range(8):
        small = z < 8
        shift += np.where(small, np.log(np.where(small, z, 1.0)), 0.0)
        z = np.where(small, z + 1, z)
    series = 1 / (12 * z) - 1 / (360 * z**3) + 1 / (1260 * z**5) - 1 / (1680 * z**7)
    return np.asarray((z - 0.5) * np.log(z) - z + 0.5 * math.log(2 * math.pi) + series - shift)


def _mid_tail(count: Ints, n: Ints, log_first: Floats, ratio: Callable[[int, Ints], Floats]) -> Floats:
    """Adds up a distribution from zero, each term from the one before by `ratio(k, n)`; in logs."""
    log_term = log_first.copy()
    total = np.zeros(len(count))
    for k in range(int(count.max(initial=-1)) + 1):
        term = np.exp(log_term)
        total += np.where(k < count, term, np.where(k == count, term / 2, 0.0))
        with np.errstate(divide="ignore"):
            log_term = log_term + np.log(np.maximum(ratio(k, n), 0.0))
    return np.clip(total, 0.0, 1.0)
