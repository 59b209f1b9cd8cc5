"""Run against run, paired: did anything move at all, and how small a move could these clips show?"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from audiojudge_cli.stats.estimate import Floats

RESAMPLES = 9_999
_BATCH_CELLS = 2_000_000
# With so many clusters that moved, the sign-flip distribution is nearer to normal than the resamples can tell it.
_MAX_CLUSTERS = 1_000


def sign_flip_p(differences: Floats, clusters: npt.NDArray[np.int64], *, seed: int = 0) -> float | None:
    """Return the two-sided p-value of a permutation test that paired differences have mean 0.

    When nothing moved, old and new can be swapped within a caption without anyone noticing; the sum of the
    differences of each cluster then has either sign. Exact for few clusters, sampled for many.

    Args:
        differences: new - old, one per pair.
        clusters: The cluster of each pair.
        seed: Of the samples.

    Returns:
        None without pairs; 1.0 when no pair differs, or only those of one caption.
    """
    if not len(differences):
        return None
    sums = np.sort(np.bincount(np.unique(clusters, return_inverse=True)[1], weights=differences))
    sums = sums[np.abs(sums) > 1e-12]
    if len(sums) < 2:
        return 1.0
    if len(sums) > _MAX_CLUSTERS:
        from scipy.stats import norm

        return float(2 * norm.sf(abs(sums.sum()) / math.sqrt(float((sums**2).sum()))))
    from scipy.stats import permutation_test

    found = permutation_test(
        (sums,),
        lambda x, axis: np.sum(x, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=max(1, _BATCH_CELLS // len(sums)),
        rng=np.random.default_rng(seed),
    )
    return min(1.0, float(found.pvalue))


def detectable(error: float | None, clusters: int, alpha: float, *, power: float = 0.8) -> float | None:
    """Return the smallest distance from a threshold that is decided in the share `power` of all cases.

    Args:
        error: Standard error of the figure.
        clusters: Number of clusters behind it.
        alpha: Two-sided error level, after correction for many rules.
        power: Share of cases.

    Returns:
        None when nothing can be said: fewer clusters than `clusters_needed`, or no spread to reckon with.
    """
    if not error or clusters < clusters_needed(alpha):
        return None
    from scipy.stats import t

    return float((t.isf(alpha / 2, clusters - 1) + t.isf(1 - power, clusters - 1)) * error)


def clusters_needed(alpha: float) -> int:
    """Return the fewest clusters with which any test can reach the two-sided error level `alpha`: 2 ** -n <= alpha / 2.

    >>> clusters_needed(0.05)
    6
    """
    return max(2, math.ceil(-math.log2(alpha / 2) - 1e-9))
