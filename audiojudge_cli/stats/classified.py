"""Figures of yes/no decisions against truth, with bootstrap intervals that draw whole clusters.

All figures but the ROC AUC are ratios of sums over cases, so that a draw is one product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.stats.probability import BINS, brier_scores, slots
from audiojudge_cli.stats.resample import MIN_RESAMPLES, counts

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FIGURES = ("accuracy", "sensitivity", "specificity", "f1", "auc", "pairs", "coverage", "ece", "brier")
"""Names of all figures, in the order in which they are told."""

_BEHIND = {
    "sensitivity": ("tp", "fn"),
    "specificity": ("tn", "fp"),
    "auc": ("known",),
    "pairs": ("pairs",),
    "coverage": ("asked",),
    "ece": ("known",),
    "brier": ("known",),
}
"""Sums that tell how many cases a figure rests on; of the others all cases."""

_SHARES = frozenset({"accuracy", "sensitivity", "specificity", "f1", "auc", "pairs", "coverage"})
"""Figures that are 0 or 1 where all cases agree, and then have draws without any spread."""

_SUMS = ("cases", "tp", "fp", "tn", "fn", "known", "squares", "won", "pairs", "verified", "asked")
_AT = {name: at for at, name in enumerate(_SUMS)}


@dataclass(frozen=True, slots=True)
class Cases:
    """What a judge said, and what is true; arrays of one length.

    Attributes:
        values: Probability of yes, in [0, 1]; NaN where nothing could be verified.
        said: Whether the judge says yes; False where it knows nothing: what nobody verified, nobody accepts.
        truth: What is true.
        clusters: What is not independent shares a number, 0 or more.
        verified: Items with an answer, per case; None: coverage is not told.
        asked: All items, per case.
    """

    values: Floats
    said: Bools
    truth: Bools
    clusters: Ints
    verified: Ints | None = None
    asked: Ints | None = None

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.values)

    def only(self, keep: Bools | Ints) -> Cases:
        """Return the cases kept: those that a mask or their places name."""
        inner = (self.verified, self.asked)
        verified, asked = (None if one is None else one[keep] for one in inner)
        return Cases(self.values[keep], self.said[keep], self.truth[keep], self.clusters[keep], verified, asked)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval.

    Attributes:
        value: None where it is not defined: no case, or one class only.
        low: Lower end of the interval; None with fewer than two clusters.
        high: Upper end, likewise.
        n: Cases (of `pairs`: pairs, of `coverage`: items) behind it.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


def figures(cases: Cases, *, level: float = 0.95, seed: int = 0) -> dict[str, Figure]:
    """Return all figures of the cases, by the names of `FIGURES`.

    `pairs` is the share of pairs of a true and a false case of one cluster in which the true one has the higher value,
    a tie counting half. Cases whose value is not known are in no pair and not in `auc`, `ece` and `brier`.
    ECE: Naeini et al. 2015; Brier 1950. Intervals: percentile bootstrap of whole clusters, widened for few of them
    (Hesterberg 2015); of a share without any spread, the exact binomial one over clusters.

    Args:
        cases: At least none.
        level: Of the intervals.
        seed: The same seed gives the same draws.
    """
    clusters, sums = _sums(cases)
    size = len(sums)
    found = _points(cases, clusters, sums)
    drawn: dict[str, list[Floats]] = {name: [] for name in FIGURES}
    if size > 1:
        for block in counts(size, MIN_RESAMPLES, seed):
            for name, values in (_ratios(block @ sums) | {"auc": _auc(cases, clusters, block)}).items():
                drawn[name].append(values)
    told = {}
    for name in FIGURES:
        behind = sums[:, [_AT[one] for one in _BEHIND.get(name, ("cases",))]].sum(axis=1)
        draws = np.concatenate(drawn[name]) if drawn[name] else np.empty(0)
        number = _rarer(cases, clusters) if name == "auc" else int((behind > 0).sum())
        told[name] = _figure(name, found[name], draws, (int(behind.sum()), number), level)
    return told


def points(cases: Cases) -> dict[str, float | None]:
    """Return the figures alone, without intervals; None where one is not defined.

    >>> found = points(Cases(np.array([0.9, 0.6]), np.array([True, True]), np.array([True, False]), np.array([0, 0])))
    >>> found["accuracy"], found["auc"], found["coverage"]
    (0.5, 1.0, None)
    """
    return _points(cases, *_sums(cases))


def _points(cases: Cases, clusters: Ints, sums: Floats) -> dict[str, float | None]:
    found = _ratios(sums.sum(axis=0)[None]) | {"auc": _auc(cases, clusters, np.ones((1, len(sums))))}
    return {name: None if np.isnan(found[name][0]) else float(found[name][0]) for name in FIGURES}


def _sums(cases: Cases) -> tuple[Ints, Floats]:
    """Return the cluster of each case, numbered from 0, and the sums of each cluster, shape (clusters, sums)."""
    numbers, clusters = np.unique(cases.clusters, return_inverse=True)
    columns = _columns(cases, clusters)
    sums = np.zeros((len(numbers), columns.shape[1]))
    np.add.at(sums, clusters, columns)
    return clusters, sums


def _rarer(cases: Cases, clusters: Ints) -> int:
    """Return the clusters with a true case, or those with a false one, whichever are fewer: a rank needs both."""
    known = ~np.isnan(cases.values)
    return min(len(np.unique(clusters[known & (cases.truth == one)])) for one in (True, False))


def _figure(name: str, value: float | None, draws: Floats, size: tuple[int, int], level: float) -> Figure:
    """Return a figure; `size` is the number of its cases and of their clusters."""
    draws, (n, clusters) = draws[~np.isnan(draws)], size
    if value is None or not len(draws) or clusters < 2:
        return Figure(value, None, None, n)
    if name in _SHARES and value in {0.0, 1.0}:
        # No draw differs, and yet nobody knows that it is always so: Clopper and Pearson 1934, over clusters.
        reach = 1 - ((1 - level) / 2) ** (1 / clusters)
        return Figure(value, max(0.0, value - reach), min(1.0, value + reach), n)
    ends = Estimate(value, n, clusters, share=True, draws=draws).interval(level)
    low, high = ends or (None, None)
    return Figure(value, low, high, n)


def best_threshold(values: Floats, truth: Bools, *, near: float = 0.5) -> float:
    """Return the threshold with the highest accuracy, the nearest to `near` of equals.

    Args:
        values: NaN is below any threshold.
        truth: What is true.
        near: In [0, 1].
    """
    levels = np.unique(values[~np.isnan(values)])
    between = [near, *((levels[1:] + levels[:-1]) / 2), 0.0, 1.0 + 1e-9]
    with np.errstate(invalid="ignore"):
        right = {one: int(((values >= one) == truth).sum()) for one in map(float, between)}
    return min(right, key=lambda one: (-right[one], abs(one - near), one))


def _columns(cases: Cases, clusters: Ints) -> Floats:
    """Return what is summed, shape (cases, sums): `_SUMS`, then value and truth by bin."""
    known = ~np.isnan(cases.values)
    value = np.where(known, cases.values, 0.0)
    true, said = cases.truth, cases.said
    won, pairs = _pairs(cases, clusters)
    nothing = np.zeros(len(cases))
    parts = [np.ones(len(cases)), said & true, said & ~true, ~said & ~true, ~said & true, known]
    parts += [np.where(known, brier_scores(value, true), 0.0), won, pairs]
    parts += [nothing if one is None else one for one in (cases.verified, cases.asked)]
    bins = np.zeros((len(cases), 2 * BINS))
    rows, places = np.flatnonzero(known), slots(value[known])
    bins[rows, places] = value[known]
    bins[rows, BINS + places] = true[known]
    return np.concatenate([np.stack([np.asarray(one, dtype=np.float64) for one in parts], axis=1), bins], axis=1)


def _pairs(cases: Cases, clusters: Ints) -> tuple[Floats, Floats]:
    """Return, at each false case, the pairs won by true cases of its cluster, and all such pairs."""
    won, pairs = np.zeros(len(cases)), np.zeros(len(cases))
    right: dict[int, list[float]] = {}
    for cluster, value, true in zip(clusters, cases.values, cases.truth, strict=True):
        if true and not np.isnan(value):
            right.setdefault(int(cluster), []).append(float(value))
    for at, (cluster, value, true) in enumerate(zip(clusters, cases.values, cases.truth, strict=True)):
        if true or np.isnan(value):
            continue
        for other in right.get(int(cluster), ()):
            won[at] += 1.0 if other > value else 0.5 if other == value else 0.0
            pairs[at] += 1
    return won, pairs


def _ratios(sums: Floats) -> dict[str, Floats]:
    """Return the figures of sums, shape (draws, sums); NaN where one is not defined."""
    n, tp, fp, tn, fn, known, squares, won, pairs, verified, asked = sums[:, : len(_SUMS)].T
    said, true = sums[:, len(_SUMS) : len(_SUMS) + BINS], sums[:, len(_SUMS) + BINS :]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "accuracy": (tp + tn) / n,
            "sensitivity": tp / (tp + fn),
            "specificity": tn / (tn + fp),
            # Without a true case, and without a case said to be one, it is not defined.
            "f1": 2 * tp / (2 * tp + fp + fn),
            "pairs": won / pairs,
            "coverage": verified / asked,
            "ece": np.abs(said - true).sum(axis=1) / known,
            "brier": squares / known,
        }


def _auc(cases: Cases, clusters: Ints, draws: Floats) -> Floats:
    """Return the ROC AUC under each row of weights of clusters: Mann and Whitney 1947, ties counting half."""
    known = np.flatnonzero(~np.isnan(cases.values))
    if not len(known):
        return np.full(len(draws), np.nan)
    order = known[np.argsort(cases.values[known], kind="stable")]
    ranked = cases.values[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    weights = draws[:, clusters[order]]
    true = cases.truth[order]
    yes = np.add.reduceat(weights * true, starts, axis=1)
    no = np.add.reduceat(weights * ~true, starts, axis=1)
    below = np.cumsum(no, axis=1) - no / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((yes * below).sum(axis=1) / (yes.sum(axis=1) * no.sum(axis=1)), dtype=np.float64)
