"""How well numbers agree with truth: accuracy, ROC AUC, pairs, rank correlation, calibration. Pure functions.

Each returns None where the figure is not defined (nothing to compare, one class only): never 0.
"""

from __future__ import annotations

from collections.abc import Sequence


def accuracy(decisions: Sequence[bool], truth: Sequence[bool]) -> float | None:
    """Return the share of `decisions` that equal `truth`.

    >>> accuracy([True, False, True], [True, True, True])
    0.6666666666666666
    """
    _same_length(decisions, truth)
    if not len(truth):
        return None
    return sum(bool(said) == bool(true) for said, true in zip(decisions, truth, strict=True)) / len(truth)


def roc_auc(scores: Sequence[float], truth: Sequence[bool]) -> float | None:
    """Return the area under the ROC curve: the chance that a true case scores above a false one, ties counting half.

    Computed from mid-ranks (Mann and Whitney 1947). None without both true and false cases.

    >>> roc_auc([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    0.875
    """
    from scipy.stats import rankdata

    _same_length(scores, truth)
    positives = sum(bool(true) for true in truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        return None
    ranks = rankdata(scores)
    total = sum(float(rank) for rank, true in zip(ranks, truth, strict=True) if true)
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def pair_accuracy(better: Sequence[float], worse: Sequence[float]) -> float | None:
    """Return the share of pairs in which `better` scores above `worse`; a tie counts half.

    >>> pair_accuracy([0.9, 0.4, 0.5], [0.1, 0.6, 0.5])
    0.5
    """
    _same_length(better, worse)
    if not len(better):
        return None
    won = sum((left > right) + 0.5 * (left == right) for left, right in zip(better, worse, strict=True))
    return won / len(better)


def spearman(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation with mid-ranks for ties; None when either side is constant.

    >>> round(spearman([1, 2, 3, 4], [10, 20, 40, 30]), 3)
    0.8
    """
    from scipy.stats import spearmanr

    _same_length(left, right)
    if len(set(left)) < 2 or len(set(right)) < 2:
        return None
    return float(spearmanr(left, right).statistic)


def expected_calibration_error(
    probabilities: Sequence[float], truth: Sequence[bool], *, bins: int = 10
) -> float | None:
    """Return the expected calibration error over equally wide bins (Naeini et al. 2015).

    The mean distance between what was promised (mean probability of a bin) and what came true (share of true cases),
    weighted by the size of the bin.

    Args:
        probabilities: In [0, 1]; 1.0 falls into the last bin.
        truth: What was true.
        bins: Number of bins.

    >>> round(expected_calibration_error([0.9, 0.9, 0.1, 0.1], [True, True, False, True]), 3)
    0.25
    """
    _same_length(probabilities, truth)
    if not len(truth):
        return None
    if not all(0 <= value <= 1 for value in probabilities):
        raise ValueError("probabilities must lie in [0, 1]")
    promised, came_true = [0.0] * bins, [0] * bins
    for value, true in zip(probabilities, truth, strict=True):
        slot = min(int(value * bins), bins - 1)
        promised[slot] += value
        came_true[slot] += bool(true)
    return sum(abs(said - true) for said, true in zip(promised, came_true, strict=True)) / len(truth)


def _same_length(left: Sequence[object], right: Sequence[object]) -> None:
    if len(left) != len(right):
        raise ValueError(f"{len(left)} values against {len(right)}")
