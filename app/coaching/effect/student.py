"""Student's t: how far an estimate from few data may lie from the truth.

The tail is a regularised incomplete beta function, I_x(n/2, 1/2) with x = n / (n + t^2) (Abramowitz & Stegun,
26.7.1), evaluated by its continued fraction with Lentz's method (Press et al., Numerical Recipes, 6.4).
"""

from functools import cache
from math import exp, isinf, lgamma, log

_TINY, _EPSILON, _TERMS = 1e-300, 1e-14, 500


def p_value(t: float, degrees: float) -> float:
    """The chance of a |t| at least as large where there is no effect. Raises ValueError without degrees."""
    if degrees <= 0:
        raise ValueError("no degrees of freedom")
    if isinf(t):
        return 0.0
    return _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


@cache
def quantile(share: float, degrees: float) -> float:
    """The t that holds `share` of the distribution between -t and t; 1.96 for 0.95 and many degrees."""
    if not 0 < share < 1:
        raise ValueError("a share lies between 0 and 1")
    low, high = 0.0, 1.0
    while p_value(high, degrees) > 1 - share:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if p_value(middle, degrees) > 1 - share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, _bounded(1 - (a + b) * x / (a + 1))
    d = 1 / d
    result = d
    for m in range(1, _TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _bounded(1 + term * d)
            c = _bounded(1 + term / c)
            result *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return result


def _bounded(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
