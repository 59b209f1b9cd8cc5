"""How well numbers rank what is true: ROC AUC and rank correlation. Pure functions.

Each returns None where the figure is not defined (nothing to compare, one class only): never 0.
"""

from __future__ import annotations

from collections.abc import Sequence


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


def _same_length(left: Sequence[object], right: Sequence[object]) -> None:
    if len(left) != len(right):
        raise ValueError(f"{len(left)} values against {len(right)}")
