"""Fitting the calibration curves of the embedded judge: ridge logistic regression, one curve per kind of check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from audiojudge_cli.judges.embedded.calibration import Curve

RIDGE = 0.5
"""Pull of every weight towards its prior, in items: few items move a curve little."""

PRIOR_TOTAL = 2.0
"""Prior: the weights of standardised features, all pointing to yes, sum to this (log odds per standard deviation)."""

BIAS_RIDGE = 0.1
"""Pull of the bias towards its prior, in items."""

PRIOR_RIDGE = 4.0
"""Pull towards a curve fitted on generated clips, in items: it has seen hundreds, but none that was recorded. Towards
one set by hand the same."""

LEAST_FLOOR = 0.01
"""No curve gets surer than this."""

FLOOR_ITEMS = 0.5
"""A curve fitted on n items gets not surer than this / (n + 1): what Jeffreys' prior makes of n items without a miss
(Brown, Cai and DasGupta, Statistical Science 2001). Laplace's 1 / (n + 2) left sure answers too unsure on every set
left out: of items answered .967 on average, .997 were right."""


@dataclass(frozen=True)
class Example:
    """One item with a known answer.

    Attributes:
        kind: Kind of check.
        features: As the probes measured them.
        holds: Whether the check holds (not whether the item's answer is yes: negations are already undone).
        clip: The audio file, so that folds never share one.
        source: Where the clip comes from, for leaving a source out.
    """

    kind: str
    features: Mapping[str, float]
    holds: bool
    clip: str
    source: str = ""


def fit_curves(
    examples: Iterable[Example], priors: Mapping[str, Curve] | None = None, *, note: str = ""
) -> dict[str, Curve]:
    """Return one curve per kind that has examples, drawn to its prior where it has one."""
    by_kind: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_kind[example.kind].append(example)
    priors = priors or {}
    return {kind: fit_curve(found, priors.get(kind), note=note) for kind, found in sorted(by_kind.items())}


def fit_curve(examples: Sequence[Example], prior: Curve | None = None, *, note: str = "") -> Curve:
    """Return the curve that fits these examples, pulled towards a prior where they are few.

    Args:
        examples: Of one kind.
        prior: A curve fitted on generated clips or set by hand; its features are standardised as there, and its floor
            is kept. Without one all weights are alike and point to yes.
        note: Said in `fitted`.
    """
    names = tuple(sorted(examples[0].features))
    matrix = np.array([[example.features[name] for name in names] for example in examples], dtype=float)
    holds = np.array([example.holds for example in examples], dtype=float)
    means, scales = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 1e-3)
    goal = np.full(len(names), PRIOR_TOTAL / max(1, len(names)))
    pull, bias_goal, bias_pull = np.full(len(names), RIDGE), 0.0, BIAS_RIDGE
    if prior is not None and set(prior.features) <= set(names):
        goal, bias_goal, bias_pull = np.zeros(len(names)), prior.bias, PRIOR_RIDGE
        for name, mean, scale, weight in zip(prior.features, prior.means, prior.scales, prior.weights, strict=True):
            column = names.index(name)
            means[column], scales[column] = mean, scale
            goal[column], pull[column] = weight, PRIOR_RIDGE
    standard = np.clip((matrix - means) / scales, -4.0, 4.0)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logits = standard @ theta[:-1] + theta[-1]
        p = 1.0 / (1.0 + np.exp(-logits))
        off, bias_off = theta[:-1] - goal, theta[-1] - bias_goal
        nll = float(np.sum(np.logaddexp(0.0, logits) - holds * logits))
        gradient = np.append(standard.T @ (p - holds) + pull * off, np.sum(p - holds) + bias_pull * bias_off)
        return nll + 0.5 * float(pull @ off**2) + 0.5 * bias_pull * float(bias_off**2), gradient

    found = minimize(loss, np.append(goal, bias_goal), jac=True, method="L-BFGS-B").x
    yes = int(holds.sum())
    counts = f"{len(examples)} items ({yes} hold, {len(examples) - yes} do not)"
    origins = len({example.source for example in examples})
    summary = f"{counts} of {origins} source{'s' if origins != 1 else ''}"
    if prior is not None:
        summary += (
            f", drawn to a curve {'set by hand' if prior.fitted.startswith('set by hand') else 'of generated clips'}"
        )
    return Curve(
        features=names,
        means=tuple(float(round(value, 4)) for value in means),
        scales=tuple(float(round(value, 4)) for value in scales),
        weights=tuple(float(round(value, 4)) for value in found[:-1]),
        bias=float(round(found[-1], 4)),
        floor=round(max(LEAST_FLOOR, FLOOR_ITEMS / (len(examples) + 1), prior.floor if prior else 0.0), 4),
        fitted=f"{summary}; {note}" if note else summary,
    )


def folds_by_clip(clips: Sequence[str], count: int = 5, seed: int = 0) -> dict[str, int]:
    """Return clip → fold; every clip lies in exactly one."""
    unique = sorted(set(clips))
    order = np.random.default_rng(seed).permutation(len(unique))
    return {unique[index]: int(place % count) for place, index in enumerate(order)}
