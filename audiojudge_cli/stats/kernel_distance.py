"""How far apart two sets are: squared maximum mean discrepancy (MMD²), unbiased in the number of members.

Gretton et al. 2012 (JMLR 13), with a Gaussian kernel whose bandwidth is the median distance within the reference, as in
the kernel audio distance (Chung et al., arXiv 2502.15602). Unlike a Fréchet distance it doesn't grow when there are
fewer clips, and it needs no covariance of a thousand dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEAST = 10
"""Members of a set below which there is no figure: the jackknife is not to be trusted with a handful."""

_MOST_FOR_BANDWIDTH = 2_000
"""Members whose distances make the median: two million of them settle it to the third digit."""
_BATCH_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class KernelDistance:
    """A distance between two sets, and how sure it is.

    Attributes:
        value: MMD², 0 where both are drawn from the same source (below it by chance as often as above), 2 at most.
        error: Its standard error, by the jackknife.
        low: Lower end of the interval.
        high: Upper end of the interval.
        level: Nominal coverage of the interval.
        bandwidth: Of the kernel: exp(-d² / (2 bandwidth²)).
    """

    value: float
    error: float
    low: float
    high: float
    level: float
    bandwidth: float


def kernel_distance(
    outputs: Floats, reference: Floats, *, same: Sequence[tuple[int, int]] = (), level: float = 0.95
) -> KernelDistance:
    """Return how far two sets of embeddings are apart.

    The interval is the jackknife's (Arvesen 1969, for U-statistics of two samples) with Student's t; it never ends
    below 0, for no distance does. Simulated (three clusters in 8 dimensions and six in 20; sets of 10 to 200 members,
    also of unequal size; shifts from none to large; 200 to 400 draws each) it covers the truth in 92 to 99 % of the
    draws, and lies above 0 in at most 0.5 % where there is no distance; a bootstrap is a fifth wider. Time grows with
    the square of the number of members, memory doesn't.

    Args:
        outputs: Shape (members, dimensions).
        reference: Shape (members, dimensions); it alone decides the bandwidth, so that several sets of outputs can be
            compared by their distances to one reference.
        same: Positions (of `outputs`, of `reference`) of members that are one and the same on both sides. As within a
            set, a member is not compared with itself; a set against itself is 0 apart.
        level: Coverage wanted, between 0 and 1.

    Raises:
        ValueError: If a set has fewer than `LEAST` members, or those of the reference are all the same.
    """
    from scipy.stats import t

    if min(len(outputs), len(reference)) < LEAST:
        raise ValueError(f"{len(outputs)} against {len(reference)} members; each set needs {LEAST}")
    centre = reference.mean(axis=0)  # distances stay, and less is lost to rounding
    x, y = outputs - centre, reference - centre
    bandwidth = median_distance(y)
    if not bandwidth > 0:
        raise ValueError("the members of the reference are all the same")
    n, m = len(x), len(y)
    (within_x, _), (within_y, _) = _sums(x, x, bandwidth), _sums(y, y, bandwidth)
    within_x, within_y = within_x - 1.0, within_y - 1.0
    across_x, across_y = _sums(x, y, bandwidth)
    own_x, own_y = (_counted([pair[at] for pair in same], size) for at, size in enumerate((n, m)))
    across_x, across_y = across_x - own_x, across_y - own_y
    xx, yy, xy, pairs = within_x.sum(), within_y.sum(), across_x.sum(), n * m - len(same)
    value = _mmd(xx, yy, xy, (n, m, pairs))
    without_x = _mmd(xx - 2 * within_x, yy, xy - across_x, (n - 1, m, pairs - m + own_x))
    without_y = _mmd(xx, yy - 2 * within_y, xy - across_y, (n, m - 1, pairs - n + own_y))
    variance = (n - 1) * float(without_x.var()) + (m - 1) * float(without_y.var())
    error = float(np.sqrt(variance))
    reach = float(t.isf((1 - level) / 2, min(n, m) - 1)) * error
    return KernelDistance(float(value), error, float(value) - reach, max(0.0, float(value) + reach), level, bandwidth)


def median_distance(members: Floats) -> float:
    """Return the median distance between two different members; of many, between evenly chosen ones."""
    step = -(-len(members) // _MOST_FOR_BANDWIDTH)
    chosen = members[::step]
    squares = [block[np.arange(block.shape[1]) > row[:, None]] for row, block in _squares(chosen, chosen)]
    return float(np.sqrt(np.median(np.concatenate(squares))))


def _counted(positions: Sequence[int], size: int) -> npt.NDArray[np.int64]:
    return np.bincount(np.array(positions, dtype=np.int64), minlength=size)


def _mmd(xx: Floats, yy: Floats, xy: Floats, sizes: tuple[int, int, npt.NDArray[np.int64] | int]) -> Floats:
    """Return the unbiased estimate from sums over pairs of different members: within each set, and across them."""
    n, m, pairs = sizes
    return np.asarray(xx / (n * (n - 1)) + yy / (m * (m - 1)) - 2.0 * xy / pairs)


def _sums(left: Floats, right: Floats, bandwidth: float) -> tuple[Floats, Floats]:
    """Return the sums of the kernel over all pairs, by member of `left` and by member of `right`."""
    by_left, by_right = [], np.zeros(len(right))
    for _, block in _squares(left, right):
        kernel = np.exp(-0.5 / bandwidth**2 * block)
        by_left.append(kernel.sum(axis=1))
        by_right += kernel.sum(axis=0)
    return np.concatenate(by_left), by_right


def _squares(left: Floats, right: Floats) -> Iterator[tuple[npt.NDArray[np.int64], Floats]]:
    """Yield numbers of rows of `left`, and their squared distances to all rows of `right`, in bounded memory."""
    rows = max(1, _BATCH_CELLS // max(1, len(right)))
    lengths = np.einsum("ij,ij->i", right, right)
    same = left is right
    for first in range(0, len(left), rows):
        part = left[first : first + rows]
        found = np.einsum("ij,ij->i", part, part)[:, None] + lengths - 2.0 * (part @ right.T)
        numbers = np.arange(first, first + len(part))
        if same:
            found[np.arange(len(part)), numbers] = 0.0
        yield numbers, np.maximum(found, 0.0)
