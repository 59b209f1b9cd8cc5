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


LEAST_FLOOR = 0.01
"""No curve gets surer than this; one fitted on n items not surer than 1 / (n + 2) (Laplace's rule of succession)."""


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


def fit_curves(examples: Iterable[Example], *, note: str = "") -> dict[str, Curve]:
    """Return one curve per kind."""
    by_kind: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_kind[example.kind].append(example)
    return {kind: fit_curve(found, note=note) for kind, found in sorted(by_kind.items())}


def fit_curve(examples: Sequence[Example], *, note: str = "") -> Curve:
    """Return the curve that fits these examples, pulled towards a sensible prior where they are few."""
    names = tuple(sorted(examples[0].features))
    matrix = np.array([[example.features[name] for name in names] for example in examples], dtype=float)
    holds = np.array([example.holds for example in examples], dtype=float)
    means = matrix.mean(axis=0)
    scales = np.maximum(matrix.std(axis=0), 1e-3)
    standard = np.clip((matrix - means) / scales, -4.0, 4.0)
    prior = np.full(len(names), PRIOR_TOTAL / max(1, len(names)))

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logits = standard @ theta[:-1] + theta[-1]
        p = 1.0 / (1.0 + np.exp(-logits))
        nll = float(np.sum(np.logaddexp(0.0, logits) - holds * logits))
        off = theta[:-1] - prior
        gradient = np.append(standard.T @ (p - holds) + RIDGE * off, np.sum(p - holds) + 0.1 * theta[-1])
        return nll + 0.5 * RIDGE * float(off @ off) + 0.05 * float(theta[-1] ** 2), gradient

    found = minimize(loss, np.append(prior, 0.0), jac=True, method="L-BFGS-B").x
    yes = int(holds.sum())
    summary = f"{len(examples)} items ({yes} hold, {len(examples) - yes} do not)"
    return Curve(
        features=names,
        means=tuple(float(round(value, 4)) for value in means),
        scales=tuple(float(round(value, 4)) for value in scales),
        weights=tuple(float(round(value, 4)) for value in found[:-1]),
        bias=float(round(found[-1], 4)),
        floor=round(max(LEAST_FLOOR, 1.0 / (len(examples) + 2)), 4),
        fitted=f"{summary}; {note}" if note else summary,
    )


def folds_by_clip(clips: Sequence[str], count: int = 5, seed: int = 0) -> dict[str, int]:
    """Return clip → fold; every clip lies in exactly one."""
    unique = sorted(set(clips))
    order = np.random.default_rng(seed).permutation(len(unique))
    return {unique[index]: int(place % count) for place, index in enumerate(order)}
