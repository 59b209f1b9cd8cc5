"""How the next token of a text is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch


class Pick(Protocol):
    """Picks a token."""

    def __call__(self, logits: torch.Tensor) -> int:
        """Return the next token, given the logits of all, shape (vocabulary,)."""
        ...


def greedy(logits: torch.Tensor) -> int:
    """Pick the likeliest."""
    return int(logits.argmax())


class Drawn:
    """Draws tokens by their probabilities; the same seed draws the same numbers, on any device.

    Args:
        seed: Whole numbers from 0 on, together the seed.
        temperature: Above 0; below 1 likely tokens become likelier.
    """

    def __init__(self, seed: Sequence[int], temperature: float) -> None:
        self._random = np.random.default_rng(list(seed))
        self._temperature = temperature

    def __call__(self, logits: torch.Tensor) -> int:
        """Return the token at a uniformly drawn place of the distribution."""
        import torch

        shares = torch.softmax(logits.double() / self._temperature, dim=-1).cpu().numpy()
        sums = np.cumsum(shares)
        return int(min(np.searchsorted(sums, self._random.random() * sums[-1], side="right"), len(sums) - 1))
