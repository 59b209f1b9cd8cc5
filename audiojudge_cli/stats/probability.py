"""How good probabilities are: log loss, Brier score, expected calibration error."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

BINS = 10
"""Of the expected calibration error, as Guo et al. (ICML 2017) and most since draw it."""


def log_losses(logits: Floats, truth: Truth) -> Floats:
    """Return the log loss of each case in nats, 0 or above.

    Args:
        logits: Log odds of the probability of true, any finite numbers.
        truth: What came true, as long.

    >>> log_losses(np.array([0.0]), np.array([True])).round(4).tolist()
    [0.6931]
    """
    return np.logaddexp(0.0, np.where(truth, -logits, logits))


def brier_scores(chances: Floats, truth: Truth) -> Floats:
    """Return the squared error of each probability (Brier 1950), 0 to 1."""
    return np.square(chances - truth)


def calibration_error(chances: Floats, truth: Truth) -> float:
    """Return the expected calibration error, 0 to 1: mean distance of probability and share of true in ten bins.

    >>> calibration_error(np.array([0.25, 0.25, 0.25, 0.25]), np.array([True, False, False, False]))
    0.0
    """
    bins = np.minimum((chances * BINS).astype(np.int64), BINS - 1)
    return float(np.abs(np.bincount(bins, weights=chances - truth)).sum() / len(chances))
