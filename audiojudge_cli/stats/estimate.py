"""An estimated figure with its interval and its one-sided p-values, honest for few clusters too."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_MANY = 100


@dataclass(frozen=True)
class Studied:
    """What the studentised bootstrap (Hall 1988) knows: it follows the skew that scores near 1 have.

    Attributes:
        error: Standard error of the figure, positive.
        t: (draw - figure) / standard error of the draw, for each draw.
        bounds: The least and the most that the figure can be.
    """

    error: float
    t: Floats
    bounds: tuple[float, float]


@dataclass(frozen=True)
class Estimate:
    """A figure, and how sure it is.

    Attributes:
        value: The figure over all units; None without units.
        units: Number of units (clips, items or pairs).
        clusters: Number of clusters (captions) among them.
        share: Whether the figure is a share of units that are each 0 or 1, a change of such a share, or a quantile.
        draws: Bootstrap distribution; empty with fewer than two clusters.
        below: For a quantile: the units and the level, for its exact test.
        studied: For a mean that is no share and has some spread.
        bounds: For a quantile: the least and the most that a unit can be.
    """

    value: float | None
    units: int
    clusters: int
    share: bool = False
    draws: Floats = field(default_factory=lambda: np.empty(0), repr=False)
    below: tuple[Floats, float] | None = field(default=None, repr=False)
    studied: Studied | None = field(default=None, repr=False)
    bounds: tuple[float, float] = (0.0, 1.0)

    @property
    def error(self) -> float | None:
        """Standard error; None with fewer than two clusters."""
        return float(self.draws.std() * self._stretch) if len(self.draws) else None

    @property
    def _stretch(self) -> float:
        return float(np.sqrt(self.clusters / (self.clusters - 1)))

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Return the two ends of the interval; None with fewer than two clusters.

        Of a mean: the studentised bootstrap. Of shares and quantiles: the percentile interval, its tails widened to
        those of Student's t (Hesterberg 2015), as it is too narrow for few clusters; for a quantile at least as wide as
        the exact interval between order statistics.
        """
        if not len(self.draws) or self.value is None:
            return None
        from scipy.stats import norm, t

        tail = (1 - level) / 2
        if self.studied:
            low_t, high_t = np.quantile(self.studied.t, [tail, 1 - tail], method="inverted_cdf")
            error, (least, most) = self.studied.error, self.studied.bounds
            return max(least, float(self.value - high_t * error)), min(most, float(self.value - low_t * error))
        widened = float(norm.cdf(t.ppf(tail, self.clusters - 1) * self._stretch))
        low, high = (float(end) for end in np.quantile(self.draws, [widened, 1 - widened]))
        if self.below is None:
            return low, high
        least, most = self._between(tail)
        return min(low, least), max(high, most)

    def _between(self, tail: float) -> tuple[float, float]:
        from scipy.stats import binom

        units, level = self.below or (np.empty(0), 0.5)
        ends = []
        for chance, beyond, step in ((tail, self.bounds[0], 0), (1 - tail, self.bounds[1], 1)):
            rank = (float(binom.ppf(chance, self.clusters, level)) + step) / self.clusters
            inside = 0 < rank <= 1
            ends.append(float(np.quantile(units, rank, method="inverted_cdf")) if inside else beyond)
        return ends[0], ends[1]

    def p_not_above(self, threshold: float) -> float:
        """Return the p-value against "the truth is at most `threshold`": small when it is surely above.

        1.0 with fewer than two clusters. Never below 2 ** -clusters, the smallest p-value of a sign-flip test, and for
        shares and quantiles never below that of the exact binomial test over clusters: a bootstrap of clips that
        all agree has no spread at all, and would be sure of anything.
        """
        return self._p(threshold, above=True)

    def p_not_below(self, threshold: float) -> float:
        """Return the p-value against "the truth is at least `threshold`"; see `p_not_above`."""
        return self._p(threshold, above=False)

    def _p(self, threshold: float, *, above: bool) -> float:
        if self.value is None or not len(self.draws):
            return 1.0
        from scipy.stats import norm, t

        beyond = self._beyond(threshold, above=above)
        share = (1 + int(beyond.sum())) / (1 + len(self.draws))
        widened = share
        if not self.studied and share < 1:
            widened = float(t.cdf(norm.ppf(share) / self._stretch, self.clusters - 1))
        if not beyond.any() and self.clusters >= _MANY and self.error:
            # No draw reached the threshold; with so many clusters Student's t knows how much further it lies.
            widened = min(widened, float(t.sf(abs(self.value - threshold) / self.error, self.clusters - 1)))
        return max(widened, 2.0**-self.clusters, self._binomial(threshold, above=above))

    def _beyond(self, threshold: float, *, above: bool) -> npt.NDArray[np.bool_]:
        if not self.studied or self.value is None:
            return self.draws <= threshold + 1e-12 if above else self.draws >= threshold - 1e-12
        distance = (self.value - threshold) / self.studied.error
        return self.studied.t >= distance - 1e-9 if above else self.studied.t <= distance + 1e-9

    def _binomial(self, threshold: float, *, above: bool) -> float:
        if self.value is None or not self.share or threshold <= self.bounds[0]:
            return 0.0
        from scipy.stats import binomtest

        if self.below is None:
            success, expected = max(0.0, self.value), threshold
        else:
            # A quantile lies above the threshold when fewer units than its level lie at or below it.
            units, level = self.below
            success, expected = 1 - float((units <= threshold if above else units < threshold).mean()), 1 - level
        # Rounded against the claim, so that clusters of several clips never look surer than they are.
        hits = success * self.clusters
        count = int(np.floor(hits + 1e-9)) if above else int(np.ceil(hits - 1e-9))
        test = binomtest(count, self.clusters, min(1.0, expected), alternative="greater" if above else "less")
        return float(test.pvalue)
