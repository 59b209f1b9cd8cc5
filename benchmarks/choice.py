"""Conditional logit: which of several candidates is the right one, from facts about each (McFadden, 1974)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """One choice with a known answer.

    Attributes:
        facts: Shape (candidates, facts).
        right: Which candidates are right, shape (candidates,); none where the truth is not among them.
        group: Questions of one group never lie on both sides of a fold.
        weight: How much it counts in the fit.
    """

    facts: Numbers
    right: npt.NDArray[np.bool_]
    group: str
    weight: float = 1.0

    def p(self, weights: Numbers) -> Numbers:
        """Return the probability of each candidate."""
        logits = self.facts @ weights
        p = np.exp(logits - logits.max())
        return np.asarray(p / p.sum())


def yes_or_no(facts: Numbers, answer: bool, group: str) -> Question:
    """Return a question whose first candidate is yes: logistic regression as a choice of two."""
    return Question(np.stack([facts, np.zeros(len(facts))]), np.array([answer, not answer]), group)


def fit_choice(
    questions: Sequence[Question], names: Sequence[str], *, ridge: float, fixed: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the weight of each fact, by maximum likelihood with a ridge on standardised facts.

    Args:
        questions: Those whose right candidate is missing teach nothing.
        names: Of the facts, in the order of their columns.
        ridge: Times the squared weights of facts divided by their spread, against the mean log likelihood.
        fixed: Weights set by hand; they stay as they are.
    """
    fixed = fixed or {}
    taught = [question for question in questions if question.right.any()]
    spread = np.vstack([question.facts for question in taught]).std(axis=0) + 1e-6
    free = np.array([name not in fixed for name in names])
    theta = np.array([fixed.get(name, 0.0) for name in names])
    total = sum(question.weight for question in taught)

    def loss(standard: Numbers) -> tuple[float, Numbers]:
        weights = theta.copy()
        weights[free] = standard / spread[free]
        value, gradient = 0.0, np.zeros(len(names))
        for question in taught:
            p = question.p(weights)
            likely = p * question.right
            value -= question.weight * float(np.log(likely.sum() + 1e-12))
            gradient -= question.weight * (question.facts.T @ (likely / (likely.sum() + 1e-12) - p))
        slope = (gradient / spread)[free] / total + 2 * ridge * standard
        return value / total + ridge * float(standard @ standard), slope

    found = minimize(loss, np.zeros(int(free.sum())), jac=True, method="L-BFGS-B").x
    theta[free] = found / spread[free]
    return {name: float(f"{weight:.4g}") for name, weight in zip(names, theta, strict=True)}


def as_row(weights: Mapping[str, float], names: Sequence[str]) -> Numbers:
    """Return weights in the order of the facts."""
    return np.array([weights[name] for name in names])
