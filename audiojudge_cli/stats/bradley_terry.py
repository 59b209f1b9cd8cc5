"""Strengths from wins, losses and ties: the model of Bradley and Terry (1952) with the ties of Davidson (1970).

With strengths on the log scale, competitors i and j win and tie in proportion to exp(a_i), exp(a_j) and
v * exp((a_i + a_j) / 2): a tie is likeliest between equals. Without any tie the model is that of Bradley and Terry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audiojudge_cli.stats.resample import counts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRIOR = 0.5
"""Wins that each of two competitors that met is given over the other before anything is counted (Agresti's half): who
won always is far ahead, not infinitely so."""

RESAMPLES = 2_000
LEVEL = 0.95
_STEPS = 100
_MOST = 2.0
"""Longest step of a log strength: Newton's own may leap far beyond where one side won nearly always."""
_STILL = 1e-9
_CELLS = 2_000_000
_POWER = 0.8
_MANY = 1_000_000
"""From so many more clusters on, nobody would collect them: no difference is in sight."""


@dataclass(frozen=True, slots=True)
class Games:
    """What happened between competitors.

    Attributes:
        first: One competitor of each game, as a number from 0.
        second: The other one, never the same.
        points: What the first one got: 1 (won), 0.5 (a tie), 0 (lost).
        clusters: What each game belongs to; those of one cluster are not independent. Any integers.
    """

    first: Ints
    second: Ints
    points: Floats
    clusters: Ints


@dataclass(frozen=True, slots=True)
class Strength:
    """One competitor.

    Attributes:
        value: Log strength; the mean of all is 0.
        low: Lower end of the interval, or None with fewer than two clusters.
        high: Its upper end, likewise.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """How two competitors that are neighbours in the ranking differ.

    Attributes:
        value: Difference of their log strengths, 0 or above.
        low: Lower end of its interval, or None with fewer than two clusters.
        high: Its upper end, likewise.
        more: So many more clusters like these would show such a difference in four cases of five; 0 where it is shown
            already, None where nothing can be said or a million would not do.
    """

    value: float
    low: float | None
    high: float | None
    more: int | None

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low is not None and self.low > 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The competitors, strongest first.

    Attributes:
        order: Their numbers.
        strengths: One each, in that order.
        gaps: Between each and the next.
        tie: Davidson's v; 0 without ties.
        clusters: How many there are.
        level: Nominal coverage of the intervals.
    """

    order: tuple[int, ...]
    strengths: tuple[Strength, ...]
    gaps: tuple[Gap, ...]
    tie: float
    clusters: int
    level: float = LEVEL


def rank(games: Games, competitors: int, *, resamples: int = RESAMPLES, seed: int = 0) -> Ranking:
    """Return the ranking, with percentile bootstrap intervals over clusters.

    They are never narrower than those that the curvature of the likelihood gives: where all clusters agree, draws have
    no spread at all, and would be sure of anything.

    Args:
        games: What happened.
        competitors: How many there are.
        resamples: Number of bootstrap draws.
        seed: Of the draws; the same seed gives the same ranking.

    Raises:
        ValueError: If competitors fall apart into groups that never met (`groups`).
    """
    if len(groups(games, competitors)) > 1:
        raise ValueError("not all of them have met, directly or through others")
    wins, ties = _tables(games, competitors)
    met = (wins + wins.T + ties) > 0
    best, tie = fit(wins[None], ties[None], met)
    value = best[0]
    order = sorted(range(competitors), key=lambda one: (-round(float(value[one]), 9), one))
    drawn, size = _drawn(games, competitors, met, resamples, seed)
    spread = _covariance(wins, ties, met, best, tie) * _repeated(games)

    def ends(middle: float, draws: Floats, variance: float) -> tuple[float | None, float | None]:
        if not len(draws):
            return None, None
        low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        reach = _sure() * math.sqrt(max(0.0, variance))
        return min(float(low), middle - reach), max(float(high), middle + reach)

    strengths = tuple(
        Strength(float(value[one]), *ends(float(value[one]), drawn[:, one], float(spread[one, one]))) for one in order
    )
    gaps = []
    for upper, lower in pairwise(order):
        difference, draws = float(value[upper] - value[lower]), drawn[:, upper] - drawn[:, lower]
        variance = float(spread[upper, upper] + spread[lower, lower] - 2 * spread[upper, lower])
        low, high = ends(difference, draws, variance)
        error = max(float(draws.std()) if len(draws) else 0.0, math.sqrt(max(0.0, variance)))
        gaps.append(Gap(difference, low, high, _more(difference, error, low, size)))
    return Ranking(tuple(order), strengths, tuple(gaps), float(tie[0]), size)


def _covariance(wins: Floats, ties: Floats, met: npt.NDArray[np.bool_], strengths: Floats, tie: Floats) -> Floats:
    """Return the covariance of the log strengths, from the curvature of the likelihood where it is largest."""
    n = len(wins)
    games = wins + wins.T + ties + 2 * PRIOR * met * ~np.eye(n, dtype=bool)
    with np.errstate(divide="ignore"):
        _, curvature = _slopes(strengths, np.log(tie), games[None], np.zeros((1, n)), np.zeros(1))
    if not tie[0]:
        curvature[0, n, :], curvature[0, :, n], curvature[0, n, n] = 0.0, 0.0, 1.0
    curvature[0, :n, :n] += 1.0
    # What was added to hold the mean at 0 comes back as the same constant everywhere.
    return np.asarray(np.linalg.inv(curvature[0])[:n, :n] - 1.0 / n**2, dtype=np.float64)


def _repeated(games: Games) -> float:
    """Return how many games two competitors have in a cluster on average: they tell no more than one."""
    labels = np.unique(games.clusters, return_inverse=True)[1]
    sides = np.sort(np.stack([games.first, games.second]), axis=0)
    return len(labels) / len(np.unique(np.stack([labels, *sides]), axis=1).T)


def _sure() -> float:
    from scipy.stats import norm

    return float(norm.ppf((1 + LEVEL) / 2))


def groups(games: Games, competitors: int) -> list[list[int]]:
    """Return the competitors in groups that met, directly or through others; one group where all can be compared."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(games.first))
    graph = coo_array((ones, (games.first, games.second)), shape=(competitors, competitors))
    count, labels = connected_components(graph, directed=False)
    return [np.flatnonzero(labels == group).tolist() for group in range(count)]


def fit(wins: Floats, ties: Floats, met: npt.NDArray[np.bool_], *, prior: float = PRIOR) -> tuple[Floats, Floats]:
    """Return the likeliest strengths of several tables at once, by Newton's method on the concave likelihood.

    Args:
        wins: Shape (tables, n, n): how often i beat j.
        ties: The same shape: how often i and j tied, on both sides of the diagonal.
        met: Shape (n, n): pairs that are given `prior`.
        prior: Wins that either of such a pair is given over the other.

    Returns:
        Log strengths of shape (tables, n) with mean 0, and v of shape (tables,), 0 where there is no tie.
    """
    tables, n = wins.shape[0], wins.shape[1]
    beaten = wins + prior * met * ~np.eye(n, dtype=bool)
    games = beaten + beaten.transpose(0, 2, 1) + ties
    tied = ties.sum(axis=(1, 2)) / 2
    scored = beaten.sum(axis=2) + ties.sum(axis=2) / 2
    strengths = np.zeros((tables, n))
    # Without ties, v is 0 and its logarithm stays out of the way; it starts at their share among equals.
    log_v = np.full(tables, -math.inf)
    log_v[tied > 0] = np.log(tied[tied > 0] / np.maximum(1e-3, beaten[tied > 0].sum(axis=(1, 2)) / 2))
    has = tied > 0
    for _ in range(_STEPS):
        gradient, curvature = _slopes(strengths, log_v, games, scored, tied)
        gradient[~has, n], curvature[~has, n, :], curvature[~has, :, n] = 0.0, 0.0, 0.0
        curvature[~has, n, n] = 1.0
        # Only differences count: what moves all strengths alike is held at 0.
        curvature[:, :n, :n] += 1.0
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        step *= np.minimum(1.0, _MOST / np.maximum(np.abs(step).max(axis=1), 1e-300))[:, None]
        strengths += step[:, :n]
        log_v[has] += step[has, n]
        if np.abs(step).max(initial=0.0) < _STILL:
            break
    return strengths - strengths.mean(axis=1, keepdims=True), np.exp(log_v)


def _slopes(strengths: Floats, log_v: Floats, games: Floats, scored: Floats, tied: Floats) -> tuple[Floats, Floats]:
    """Return gradient and negative Hessian of the log likelihood in the strengths and log v, table by table."""
    tables, n = strengths.shape
    half = (strengths[:, :, None] - strengths[:, None, :]) / 2
    # Divided by exp of the mean of both strengths, and that by its largest term: nothing overflows.
    top = np.maximum(np.abs(half), log_v[:, None, None])
    win, tie, lose = np.exp(half - top), np.exp(log_v[:, None, None] - top), np.exp(-half - top)
    total = win + tie + lose
    p_win, p_tie = win / total, tie / total
    mean = p_win + p_tie / 2
    gradient = np.empty((tables, n + 1))
    gradient[:, :n] = scored - (games * mean).sum(axis=2)
    gradient[:, n] = tied - (games * p_tie).sum(axis=(1, 2)) / 2
    curvature = np.zeros((tables, n + 1, n + 1))
    # Points of the first (1, 1/2, 0) and of the second one always add up to 1, so both vary alike.
    spread = games * (p_win + p_tie / 4 - mean**2)
    curvature[:, :n, :n] = -spread
    places = np.arange(n)
    curvature[:, places, places] = spread.sum(axis=2) - spread[:, places, places]
    shared = (games * (p_tie / 2 - mean * p_tie)).sum(axis=2)
    curvature[:, :n, n], curvature[:, n, :n] = shared, shared
    curvature[:, n, n] = (games * p_tie * (1 - p_tie)).sum(axis=(1, 2)) / 2
    return gradient, curvature


def _tables(games: Games, n: int) -> tuple[Floats, Floats]:
    """Return wins and ties as `fit` takes them, of one table."""
    wins, ties = np.zeros((n, n)), np.zeros((n, n))
    np.add.at(wins, (games.first, games.second), games.points == 1)
    np.add.at(wins, (games.second, games.first), games.points == 0)
    tied = (games.points != 0) & (games.points != 1)
    np.add.at(ties, (games.first, games.second), tied)
    np.add.at(ties, (games.second, games.first), tied)
    return wins, ties


def _drawn(games: Games, n: int, met: npt.NDArray[np.bool_], resamples: int, seed: int) -> tuple[Floats, int]:
    """Return log strengths of shape (draws, n) under draws of whole clusters, and the number of clusters."""
    from scipy.sparse import csr_array

    cells = n * n
    won = games.points == 1
    winner = np.where(won, games.first, games.second)
    loser = np.where(won, games.second, games.first)
    tied = (games.points != 0) & ~won
    cell = np.where(tied, cells + games.first * n + games.second, winner * n + loser)
    labels = np.unique(games.clusters, return_inverse=True)[1]
    size = int(labels.max()) + 1 if len(labels) else 0
    if size < 2:
        return np.empty((0, n)), size
    # Clusters in the order of what is in them, so that draws do not depend on the order of the games.
    table = csr_array((np.ones(len(cell)), (labels, cell)), shape=(size, 2 * cells))
    table.sum_duplicates()
    lines = [(table.indices[a:b].tolist(), table.data[a:b].tolist()) for a, b in pairwise(table.indptr.tolist())]
    table = table[sorted(range(size), key=lambda at: lines[at])]
    found = []
    for block in counts(size, resamples, seed):
        sums = np.asarray(block @ table)
        wins = sums[:, :cells].reshape(-1, n, n)
        ties = sums[:, cells:].reshape(-1, n, n)
        ties = ties + ties.transpose(0, 2, 1)
        rows = max(1, _CELLS // (n + 1) ** 2)
        found += [fit(wins[at : at + rows], ties[at : at + rows], met)[0] for at in range(0, len(wins), rows)]
    return np.concatenate(found), size


def _more(difference: float, error: float, low: float | None, size: int) -> int | None:
    """Return how many more clusters would show a difference; by the normal approximation (sizes go with squares)."""
    if low is None:
        return None
    if low > 0:
        return 0
    from scipy.stats import norm

    sure = _sure() + float(norm.ppf(_POWER))
    needed = size * (sure * error * math.sqrt(size / (size - 1)) / difference) ** 2 if difference > 0 else math.inf
    return max(1, math.ceil(needed) - size) if needed < size + _MANY else None
