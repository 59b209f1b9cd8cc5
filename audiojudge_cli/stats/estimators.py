"""Estimates of means, shares and quantiles over units that come in clusters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audiojudge_cli.stats.estimate import Estimate, Floats, Studied
from audiojudge_cli.stats.resample import drawn_quantiles, drawn_ratios, quantile_of, ratio_error

Ints = npt.NDArray[np.int64]


def ratio(
    tops: Floats,
    bottoms: Floats,
    clusters: Ints,
    *,
    share: bool = False,
    bounds: tuple[float, float] | None = None,
    resamples: int | None = None,
    seed: int = 0,
) -> Estimate:
    """Return the estimate of sum(tops) / sum(bottoms), clusters drawn as a whole.

    Args:
        tops: One value per unit; the mean of a column has bottoms of 1.
        bottoms: One positive size per unit.
        clusters: The cluster of each unit, any integers.
        share: Whether the ratio is a share of cases that either hold or do not.
        bounds: The least and the most that the ratio can be; None: at most 1, at least 0, or -1 where a top is below 0.
        resamples: Number of bootstrap draws; by the number of clusters when None.
        seed: Of the draws.

    Raises:
        ValueError: If a value is not finite: a mean over it would mean nothing.
    """
    _finite(tops, bottoms)
    if not len(tops):
        return Estimate(None, 0, 0, share)
    groups = _groups(clusters)
    sums = np.bincount(groups, weights=tops).astype(np.float64)
    sizes = np.bincount(groups, weights=bottoms).astype(np.float64)
    # Sorted sums, so that the last bits do not depend on the order of the clips.
    value = float(np.sort(sums).sum() / np.sort(sizes).sum())
    if len(sums) < 2:
        return Estimate(value, len(tops), len(sums), share)
    draws, errors = drawn_ratios(sums, sizes, resamples=resamples, seed=seed)
    # A share of few captions has draws without any spread of their own; the exact test serves it better.
    limits = bounds or (0.0 if tops.min() >= 0 else -1.0, 1.0)
    studied = None if share else _studied(value, ratio_error(sums, sizes), draws, errors, limits)
    return Estimate(value, len(tops), len(sums), share, draws, studied=studied)


def _studied(value: float, error: float, draws: Floats, errors: Floats, bounds: tuple[float, float]) -> Studied | None:
    if not error:
        return None
    distance = draws - value
    infinite = np.where(np.abs(distance) < 1e-12, 0.0, np.copysign(np.inf, distance))
    return Studied(error, np.divide(distance, errors, out=infinite, where=errors > 0), bounds)


def quantile(
    values: Floats,
    clusters: Ints,
    level: float,
    *,
    bounds: tuple[float, float] = (0.0, 1.0),
    resamples: int | None = None,
    seed: int = 0,
) -> Estimate:
    """Return the estimate of a quantile, clusters drawn as a whole; arguments as for `ratio`, `level` in (0, 1)."""
    _finite(values)
    if not len(values):
        return Estimate(None, 0, 0, share=True)
    groups = _groups(clusters)
    size = int(groups.max()) + 1
    draws = np.empty(0)
    if size > 1:
        draws = drawn_quantiles(values[:, None], groups, level, resamples=resamples, seed=seed)[:, 0]
    return Estimate(quantile_of(values, level), len(values), size, True, draws, (values, level), bounds=bounds)


def quantile_drop(
    old: Floats, new: Floats, clusters: Ints, level: float, *, resamples: int | None = None, seed: int = 0
) -> Estimate:
    """Return the estimate of quantile(old) - quantile(new) over paired units, both under the same draws."""
    _finite(old, new)
    if not len(old):
        return Estimate(None, 0, 0)
    groups = _groups(clusters)
    size = int(groups.max()) + 1
    draws = np.empty(0)
    if size > 1:
        both = drawn_quantiles(np.stack([old, new], axis=1), groups, level, resamples=resamples, seed=seed)
        draws = both[:, 0] - both[:, 1]
    return Estimate(quantile_of(old, level) - quantile_of(new, level), len(old), size, draws=draws)


def _groups(clusters: Ints) -> Ints:
    return np.unique(clusters, return_inverse=True)[1].astype(np.int64)


def _finite(*columns: Floats) -> None:
    if not all(np.isfinite(column).all() for column in columns):
        raise ValueError("a figure over values that are not finite means nothing")
