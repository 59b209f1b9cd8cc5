"""From the logits of the next token to the odds of yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch


@dataclass(frozen=True, slots=True)
class Odds:
    """How a model would answer one item.

    Attributes:
        p_yes: Probability of the best spelling of yes against that of the best spelling of no, in [0, 1].
        mass: Probability that the next token is any spelling of yes or no, in [0, 1]. Where it is small the model
            would say something else, and `p_yes` means nothing.
    """

    p_yes: float
    mass: float


def read_odds(logits: torch.Tensor, yes: Sequence[int], no: Sequence[int]) -> list[Odds]:
    """Read one answer per row.

    Args:
        logits: Scores of the next token, shape (items, vocabulary), any float type; read in float32.
        yes: Tokens that spell yes.
        no: Tokens that spell no.
    """
    import torch

    scores = torch.log_softmax(logits.float(), dim=-1)
    found_yes, found_no = scores[:, list(yes)], scores[:, list(no)]
    p_yes = torch.sigmoid(found_yes.amax(dim=-1) - found_no.amax(dim=-1))
    mass = torch.cat([found_yes, found_no], dim=-1).exp().sum(dim=-1).clamp(max=1.0)
    return [Odds(p, m) for p, m in zip(p_yes.tolist(), mass.tolist(), strict=True)]
