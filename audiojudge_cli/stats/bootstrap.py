"""Confidence intervals by the bootstrap (Efron 1979), with clusters drawn as a whole."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_RESAMPLES = 2_000
_BATCH_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its percentile interval.

    Attributes:
        mean: The mean, or None without values: the mean of nothing is not 0.
        low: Lower end, or None with fewer than two clusters.
        high: Upper end, or None with fewer than two clusters.
        n: Number of values.
        clusters: Number of clusters.
        level: Nominal coverage of the interval.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    level: float = 0.95


def mean_interval(
    values: Sequence[float] | npt.NDArray[np.float64],
    clusters: Sequence[Hashable] | npt.NDArray[np.int64] | None = None,
    *,
    level: float = 0.95,
    seed: int = 0,
    resamples: int = _RESAMPLES,
) -> Interval:
    """Return the mean of `values` and its percentile bootstrap interval.

    Clips that share a caption are not independent: drawing captions instead of clips (the cluster bootstrap) keeps
    the interval honest. The result does not depend on the order of the values.

    Args:
        values: Any finite numbers.
        clusters: The cluster of each value, or None when each stands alone; a million fit best in an array.
        level: Coverage wanted, between 0 and 1.
        seed: Of the random draws; the same seed gives the same interval.
        resamples: Number of bootstrap samples.

    Raises:
        ValueError: If a value is not finite, lengths differ, or `level` is not between 0 and 1.
    """
    import numpy as np

    numbers = np.asarray(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("a mean over values that are not finite means nothing")
    if clusters is not None and len(clusters) != len(numbers):
        raise ValueError(f"{len(numbers)} values but {len(clusters)} clusters")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    if not len(numbers):
        return Interval(None, None, None, 0, 0, level)
    groups = np.arange(len(numbers)) if clusters is None else _numbered(clusters)
    sums = np.bincount(groups, weights=numbers)
    sizes = np.bincount(groups).astype(np.float64)
    # Sorting makes the draws, and so the interval, independent of the order in which the clips came.
    order = np.lexsort((sizes, sums))
    sums, sizes = sums[order], sizes[order]
    mean, count = float(np.sort(numbers).mean()), len(sums)
    if count < 2:
        return Interval(mean, None, None, len(numbers), count, level)
    random = np.random.default_rng(seed)
    means = []
    for start in range(0, resamples, batch := max(1, _BATCH_CELLS // count)):
        drawn = random.integers(0, count, size=(min(batch, resamples - start), count))
        means.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2])
    return Interval(mean, float(low), float(high), len(numbers), count, level)


def _numbered(clusters: Sequence[Hashable] | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    import numpy as np

    if isinstance(clusters, np.ndarray):
        return np.unique(clusters, return_inverse=True)[1].astype(np.int64, copy=False)
    labels: dict[Hashable, int] = {}
    return np.array([labels.setdefault(cluster, len(labels)) for cluster in clusters])
