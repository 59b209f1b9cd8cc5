"""Agreement of two series of numbers, such as a judge's ratings and those of people: correlations with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation, -1 to 1, with its interval; the interval is None with fewer than five pairs, and at either end."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Three correlations of the same pairs; each None with fewer than three pairs, or where one side is constant.

    Attributes:
        n: Number of pairs.
        pearson: Linear.
        spearman: Of ranks.
        kendall: Of pairs in the same order (tau-b).
    """

    n: int
    pearson: Correlation | None
    spearman: Correlation | None
    kendall: Correlation | None


_LEAST, _LEAST_INTERVAL = 3, 5


def agreement(left: Sequence[float], right: Sequence[float], *, level: float = 0.95) -> Agreement:
    """Return how well two series of numbers agree.

    Intervals are Fisher's, with the standard error of Bonett and Wright (Psychometrika 65, 2000) for Spearman and that
    of Fieller, Hartley and Pearson (Biometrika 44, 1957) for Kendall. They take pairs for independent.

    Args:
        left: One series.
        right: The other, as long.
        level: Of the intervals.

    >>> round(agreement([1, 2, 3, 4, 5], [1, 3, 2, 5, 4]).spearman.value, 2)
    0.8
    """
    if len(left) != len(right):
        raise ValueError(f"{len(left)} numbers on one side, {len(right)} on the other")
    n = len(left)
    if n < _LEAST or len(set(left)) < 2 or len(set(right)) < 2:
        return Agreement(n, None, None, None)
    from scipy.stats import kendalltau, pearsonr, spearmanr

    r, rho = float(pearsonr(left, right)[0]), float(spearmanr(left, right)[0])
    tau = float(kendalltau(left, right)[0])
    return Agreement(
        n,
        _interval(r, 1.0 / (n - 3) if n > 3 else math.inf, n, level),
        _interval(rho, (1.0 + rho * rho / 2.0) / (n - 3) if n > 3 else math.inf, n, level),
        _interval(tau, 0.437 / (n - 4) if n > 4 else math.inf, n, level),
    )


def _interval(value: float, variance: float, n: int, level: float) -> Correlation | None:
    """Return the interval by Fisher's transformation, `variance` being that of the transformed correlation."""
    if math.isnan(value):
        return None
    value = min(1.0, max(-1.0, value))
    # The transformation of 1 is infinite, whatever n: a point for an interval would claim what few pairs cannot show.
    if n < _LEAST_INTERVAL or abs(value) >= 1.0 - 1e-12:
        return Correlation(value, None, None)
    from scipy.stats import norm

    reach = float(norm.ppf(0.5 + level / 2.0)) * math.sqrt(variance)
    return Correlation(value, math.tanh(math.atanh(value) - reach), math.tanh(math.atanh(value) + reach))
