"""The decision fitted to labels, and what it gains on labels that it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from audiojudge_cli.results.rule import Calibrated
from audiojudge_cli.stats.bootstrap import mean_interval
from audiojudge_cli.stats.probability import Floats, Truth, brier_scores, calibration_error, log_losses
from audiojudge_cli.stats.ranking import roc_auc

FOLDS = 10
FEWEST_FOR_WEIGHTS = 80
"""Labels of the rarer kind from which all four numbers are fitted: twenty per number. Peduzzi et al. (1996) ask for
ten, but the features here (mean, lowest, number) are close relatives."""

SLOPE_SPREAD = 0.5
"""Standard deviation of the logarithm of the slope before any label is seen: a factor of 1.6 either way is ordinary,
one of three rare. Keeps a few labels that the judge tells without error from making it cocksure."""

WEIGHT_SPREAD = 0.5
"""Standard deviation of each weight about its old value, likewise; the shipped weights lie between 0 and 3."""

BIAS_SPREAD = 1.0
"""Standard deviation of the bias of a dimension's curve before any label is seen: where the judge says .5, .27 to .73
is ordinary. The decision's bias has no such bound: fifty labels and more tell it."""

_BIAS = 1
_NAMES = ("bias", "mean_odds", "min_log", "count_log")


@dataclass(frozen=True)
class Cases:
    """Labelled clips, as numbers.

    Attributes:
        looks: What the decision looks at: a one, and the three features; shape (clips, 4).
        truth: The labels.
        audio: What audio each clip is.
        captions: What its generator was told.
    """

    looks: Floats
    truth: Truth
    audio: Sequence[Hashable]
    captions: Sequence[Hashable]

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def rarer(self) -> int:
        """Number of labels of the rarer kind."""
        return int(min(self.truth.sum(), (~self.truth).sum()))


@dataclass(frozen=True)
class Gain:
    """The mean of a figure that improved by so much per clip, above zero for better, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """How well decisions fit labels.

    Attributes:
        accuracy: Share decided as people did, at the threshold.
        auc: Area under the ROC curve; None with labels of one kind.
        brier: Mean squared error.
        ece: Expected calibration error, ten bins.
        log_loss: Mean, in nats.
    """

    accuracy: float
    auc: float | None
    brier: float
    ece: float
    log_loss: float


@dataclass(frozen=True)
class Outcome:
    """A fitted decision and what cross-validation says of it.

    Attributes:
        rule: The decision, fitted to all labels.
        fitted: What of it was fitted, for people.
        before: Figures of the decision as it was.
        after: Figures of decisions fitted to the other labels.
        gains: By figure: accuracy, brier, log_loss.
        over_share: Gain in log loss over telling only the share of yes.
        logits: Log odds before and after, of each label by a decision that had not seen it; shape (2, clips).
    """

    rule: Calibrated
    fitted: str
    before: Figures
    after: Figures
    gains: dict[str, Gain]
    over_share: Gain
    logits: Floats = field(repr=False, compare=False)

    @property
    def teaches(self) -> bool:
        """Whether the labels gain something, and more than their share of yes would."""
        return self.gains["log_loss"].low > 0 and self.over_share.low > 0


def cases_of(
    answers: Sequence[Sequence[float]],
    truth: Sequence[bool],
    audio: Sequence[Hashable],
    captions: Sequence[Hashable],
    *,
    floor: float,
) -> Cases:
    """Return labelled clips as numbers.

    Args:
        answers: The p_yes of the verified items of each clip, at least one.
        truth: The labels.
        audio: What audio each clip is.
        captions: What its generator was told.
        floor: As in `Calibrated`.
    """
    looks = np.array([[1.0, *Calibrated.features(ps, floor)] for ps in answers], dtype=np.float64)
    return Cases(looks.reshape(len(answers), len(_NAMES)), np.array(truth, dtype=np.bool_), audio, captions)


def fit(base: Calibrated, cases: Cases) -> tuple[Calibrated, str]:
    """Return the decision fitted to labels, and what of it was fitted.

    With few labels only bias and slope of the decision value's log odds (Platt 1999); with `FEWEST_FOR_WEIGHTS` of
    the rarer kind all four numbers. Either way the better an item, the better the decision. Every number has four
    decimals, so that records name the rule without loss.
    """
    old = _theta(base)
    if cases.rarer >= FEWEST_FOR_WEIGHTS:
        return _rule(_all_numbers(old, cases.looks, cases.truth), base), "bias and weights"
    return _rule(_bias_and_slope(old, cases.looks, cases.truth), base), "bias and slope"


def cross_validated(base: Calibrated, cases: Cases) -> Outcome:
    """Return the fitted decision with its figures.

    Each label is judged by a decision that saw neither its audio nor its caption. The
    intervals draw audio files as a whole, and captions as a whole, and take the wider of the two.

    Args:
        base: The decision as it is.
        cases: At least ten labels of either kind.
    """
    rule, fitted = fit(base, cases)
    before = cases.looks @ _theta(base)
    after, share = np.empty(len(cases)), np.empty(len(cases))
    for held_out, seen in folds(cases):
        part = Cases(cases.looks[seen], cases.truth[seen], (), ())
        # The same form as of the whole, though a fold may have fewer labels.
        form = _all_numbers if cases.rarer >= FEWEST_FOR_WEIGHTS else _bias_and_slope
        after[held_out] = cases.looks[held_out] @ form(_theta(base), part.looks, part.truth)
        # With one more of each kind: no share is 0 or 1.
        yes = (part.truth.sum() + 1) / (len(part) + 2)
        share[held_out] = np.log(yes / (1 - yes))
    losses = {name: log_losses(logits, cases.truth) for name, logits in (("before", before), ("after", after))}
    old, new = chances_of(before), chances_of(after)
    right = [((chance >= base.threshold) == cases.truth).astype(np.float64) for chance in (old, new)]
    gains = {
        "accuracy": interval_of(right[1] - right[0], cases),
        "brier": interval_of(brier_scores(old, cases.truth) - brier_scores(new, cases.truth), cases),
        "log_loss": interval_of(losses["before"] - losses["after"], cases),
    }
    over_share = interval_of(log_losses(share, cases.truth) - losses["after"], cases)
    old_figures, new_figures = (figures(logits, cases.truth, base.threshold) for logits in (before, after))
    return Outcome(rule, fitted, old_figures, new_figures, gains, over_share, np.stack([before, after]))


def figures(logits: Floats, truth: Truth, threshold: float) -> Figures:
    """Return how well decisions with these log odds fit labels."""
    chances = chances_of(logits)
    return Figures(
        accuracy=float(((chances >= threshold) == truth).mean()),
        auc=roc_auc(logits.tolist(), truth.tolist()),
        brier=float(brier_scores(chances, truth).mean()),
        ece=calibration_error(chances, truth),
        log_loss=float(log_losses(logits, truth).mean()),
    )


def logits_of(rule: Calibrated, cases: Cases) -> Floats:
    """Return the log odds that a decision gives clips."""
    return cases.looks @ _theta(rule)


def platt(logits: Floats, truth: Truth) -> tuple[float, float]:
    """Return bias and slope that bring log odds to labels (Platt 1999), four decimals; the slope is above zero."""
    looks = np.column_stack([np.ones(len(logits)), logits])
    bias, slope = _bias_and_slope(np.array([0.0, 1.0]), looks, truth, tight=1 / BIAS_SPREAD**2)
    return round(float(bias), 4), round(float(slope), 4)


def _theta(rule: Calibrated) -> Floats:
    return np.array([getattr(rule, name) for name in _NAMES], dtype=np.float64)


def _rule(theta: Floats, base: Calibrated) -> Calibrated:
    bias, mean_odds, min_log, count_log = (float(round(value, 4)) for value in theta)
    return Calibrated(bias, mean_odds, min_log, count_log, base.floor, base.threshold)


def chances_of(logits: Floats) -> Floats:
    """Return the probabilities of log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def _targets(truth: Truth) -> Floats:
    """Return what to fit to: a little off 0 and 1, as Platt (1999) does, so that no label counts as certain."""
    yes, no = int(truth.sum()), int((~truth).sum())
    return np.where(truth, (yes + 1) / (yes + 2), 1 / (no + 2))


def _bias_and_slope(old: Floats, looks: Floats, truth: Truth, *, tight: float = 0.0) -> Floats:
    base, targets = looks @ old, _targets(truth)

    def loss(shift: Floats) -> tuple[float, Floats]:
        bias, log_slope = shift
        logits = bias + np.exp(log_slope) * base
        off = chances_of(logits) - targets
        prior = log_slope / SLOPE_SPREAD**2
        value = float((np.logaddexp(0.0, logits) - targets * logits).sum() + 0.5 * log_slope * prior)
        value += 0.5 * tight * float(bias) ** 2
        return value, np.array([off.sum() + tight * bias, np.exp(log_slope) * float(off @ base) + prior])

    bias, log_slope = _least(loss, np.zeros(2), [(None, None), (-3.0, 3.0)])  # e^3: a slope of 20 is a step
    theta: Floats = np.exp(log_slope) * old
    theta[:_BIAS] += bias
    return theta


def _all_numbers(old: Floats, looks: Floats, truth: Truth) -> Floats:
    targets = _targets(truth)
    tight = np.array([0.0, *[1 / WEIGHT_SPREAD**2] * (len(old) - _BIAS)])

    def loss(theta: Floats) -> tuple[float, Floats]:
        logits, moved = looks @ theta, theta - old
        value = float((np.logaddexp(0.0, logits) - targets * logits).sum() + 0.5 * tight @ moved**2)
        return value, looks.T @ (chances_of(logits) - targets) + tight * moved

    return _least(loss, old, [(None, None), *[(0.0, None)] * (len(old) - _BIAS)])


def _least(
    loss: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    bounds: list[tuple[float | None, float | None]],
) -> Floats:
    from scipy.optimize import minimize

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x, dtype=np.float64)


def folds(cases: Cases) -> list[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """Return (held out, seen) for each fold: audio files are dealt out, and captions of a fold are not learned from."""
    audio, captions = _numbered(cases.audio), _numbered(cases.captions)
    count = int(audio.max()) + 1
    dealt = np.random.default_rng(0).permutation(count) % min(FOLDS, count)
    found = []
    for fold in range(min(FOLDS, count)):
        held_out = dealt[audio] == fold
        found.append((held_out, ~held_out & ~np.isin(captions, captions[held_out])))
    return found


def interval_of(better: Floats, cases: Cases) -> Gain:
    """Return the mean of a gain per clip; its interval is the wider of those by audio file and by caption."""
    by = [mean_interval(better, _numbered(groups)) for groups in (cases.audio, cases.captions)]
    ends = [(one.low, one.high) for one in by if one.low is not None and one.high is not None]
    if len(ends) < len(by):  # all labels of one audio file, or of one caption, say nothing of another
        return Gain(float(better.mean()), -np.inf, np.inf)
    return Gain(float(better.mean()), min(low for low, _ in ends), max(high for _, high in ends))


def _numbered(groups: Sequence[Hashable]) -> npt.NDArray[np.int64]:
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(group, len(seen)) for group in groups], dtype=np.int64)
