"""How good probabilities are: log loss, Brier score, expected calibration error."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

BINS = 10
"""Equally wide, of the expected calibration error (Naeini et al. 2015), as Guo et al. (ICML 2017) and most since."""


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
    return float(np.abs(np.bincount(slots(chances), weights=chances - truth)).sum() / len(chances))


def slots(chances: Floats) -> npt.NDArray[np.int64]:
    """Return the bin of each probability, 0 to `BINS` - 1; 1.0 lies in the last."""
    found: npt.NDArray[np.int64] = np.minimum((chances * BINS).astype(np.int64), BINS - 1)
    return found


def reliability(chances: Floats, truth: Truth) -> list[tuple[int, float, float]]:
    """Return, for each bin, the number of cases, their mean probability and the share that is true.

    Args:
        chances: Probabilities, 0 to 1.
        truth: What came true, as long.

    Returns:
        `BINS` triples, NaN twice in an empty bin. The distances of the two, weighted by the number, are
        `calibration_error`.
    """
    bins, nothing = slots(chances), float("nan")
    inside = [bins == one for one in range(BINS)]
    return [
        (int(one.sum()), float(chances[one].mean()), float(truth[one].mean())) if one.any() else (0, nothing, nothing)
        for one in inside
    ]
