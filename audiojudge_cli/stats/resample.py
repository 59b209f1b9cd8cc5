"""Bootstrap draws of whole clusters (Efron 1979), for ratios and quantiles over many units, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MAX_RESAMPLES = 9_999
MIN_RESAMPLES = 1_999
_BUDGET = 40_000_000
_BATCH_CELLS = 2_000_000


def resamples_for(clusters: int) -> int:
    """Return how many resamples are drawn from so many clusters: more for few, which cost little."""
    return max(MIN_RESAMPLES, min(MAX_RESAMPLES, _BUDGET // max(1, clusters)))


def counts(clusters: int, resamples: int, seed: int = 0) -> Iterator[Floats]:
    """Yield blocks of shape (draws, clusters): how often each cluster was drawn, `resamples` rows in all."""
    random = np.random.default_rng(seed)
    rows = max(1, _BATCH_CELLS // max(1, clusters))
    for start in range(0, resamples, rows):
        size = min(rows, resamples - start)
        drawn = random.integers(0, clusters, size=(size, clusters))
        drawn += np.arange(size)[:, None] * clusters
        yield np.bincount(drawn.ravel(), minlength=size * clusters).reshape(size, clusters).astype(np.float64)


def drawn_ratios(
    tops: Floats, bottoms: Floats, *, resamples: int | None = None, seed: int = 0
) -> tuple[Floats, Floats]:
    """Return the bootstrap distribution of sum(tops) / sum(bottoms), and the standard error of each draw.

    Args:
        tops: One sum per cluster, at least two.
        bottoms: One positive size per cluster.
        resamples: Number of draws; by the number of clusters when None.
        seed: The same seed gives the same draws.
    """
    # Sorted, so that the draws do not depend on the order in which the clusters came.
    order = np.lexsort((bottoms, tops))
    top, bottom = tops[order], bottoms[order]
    products = np.stack([top, bottom, top * top, top * bottom, bottom * bottom], axis=1)
    blocks = counts(len(tops), resamples or resamples_for(len(tops)), seed)
    sums = np.concatenate([block @ products for block in blocks])
    ratios = sums[:, 0] / sums[:, 1]
    squares = sums[:, 2] - 2 * ratios * sums[:, 3] + ratios**2 * sums[:, 4]
    return ratios, _error(squares, sums[:, 1], len(tops))


def ratio_error(tops: Floats, bottoms: Floats) -> float:
    """Return the standard error of sum(tops) / sum(bottoms) over clusters, linearised (Cochran 1977, ch. 6)."""
    left = tops - tops.sum() / bottoms.sum() * bottoms
    return float(_error(np.array([float((left**2).sum())]), np.array([float(bottoms.sum())]), len(tops))[0])


def _error(squares: Floats, sizes: Floats, clusters: int) -> Floats:
    # What is left of rounding, where all clusters agree, is no spread.
    kept = np.where(squares > 1e-12, squares, 0.0)
    return np.asarray(np.sqrt(kept * clusters / (clusters - 1)) / sizes, dtype=np.float64)


def drawn_quantiles(
    columns: Floats, clusters: Ints, quantile: float, *, resamples: int | None = None, seed: int = 0
) -> Floats:
    """Return the bootstrap distribution of a quantile, of each column under the same draws.

    Args:
        columns: Shape (units, columns).
        clusters: The cluster of each unit, 0 to k-1, each with at least one unit.
        quantile: In (0, 1); as in `quantile_of`.
        resamples: Number of draws; by the number of clusters when None.
        seed: The same seed gives the same draws.

    Returns:
        Shape (resamples, columns).
    """
    size = int(clusters.max()) + 1
    clusters = _ranked(columns, clusters, size)
    orders = [np.argsort(column, kind="stable") for column in columns.T]
    found: list[list[float]] = []
    for block in counts(size, resamples or resamples_for(size), seed):
        found.extend(_weighted(columns, orders, row[clusters], quantile) for row in block)
    return np.array(found)


def quantile_of(values: Floats, quantile: float) -> float:
    """Return the smallest value that at least the share `quantile` of all values does not exceed."""
    return float(np.quantile(values, quantile, method="inverted_cdf"))


def _weighted(columns: Floats, orders: list[Ints], weights: Floats, quantile: float) -> list[float]:
    found = []
    for column, order in zip(columns.T, orders, strict=True):
        running = np.cumsum(weights[order])
        at = int(np.searchsorted(running, quantile * running[-1] - 1e-9))
        found.append(float(column[order[at]]))
    return found


def _ranked(columns: Floats, clusters: Ints, size: int) -> Ints:
    """Number the clusters by their content, so that the draws do not depend on the order of the units."""
    sums = np.bincount(clusters, weights=columns[:, 0], minlength=size)
    order = np.lexsort((np.bincount(clusters, minlength=size), np.round(sums, 9)))
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    return rank[clusters]
