"""Random weights that make a model answer differently to different inputs, tensor by tensor.

Plain initialisation gives flat answers, and refusals only: no token stands out. Here attention is peaked enough that
single tokens matter, and the rows of the answer words in the output layer follow a direction that every token's
embedding shares, so that yes and no together take most of the probability, while which of them wins depends on the
input. Nothing of this is trained.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_SHARED = 0.7  # size of the direction that all embeddings share, in units of their spread
_ANSWER = 11.0  # logits that this direction gives the answer words
_SPREAD = 1.5  # standard deviation of all logits
_ANSWER_SPREAD = 4.0  # and of those of the answer words, on top


@dataclass(frozen=True)
class RandomTensors:
    """Makes a tensor from its name and shape alone, so that order and device of the making don't matter.

    Attributes:
        seed: Another seed, another model.
        answers: Ids of the answer words.
        device: Where the tensors are made.
        dtype: What they are kept in.
    """

    seed: int
    answers: tuple[int, ...]
    device: torch.device
    dtype: torch.dtype

    def make(self, name: str, shape: tuple[int, ...]) -> torch.Tensor:
        """Return the tensor of that name (as the module tree names it, whatever the prefix)."""
        import torch

        own = torch.Generator(self.device).manual_seed(zlib.crc32(f"{self.seed} {_last(name)}".encode()))
        # Made in pieces of the final dtype: a float32 copy of a large embedding would be needlessly big.
        noise = torch.randn(shape, generator=own, device=self.device, dtype=torch.float32)
        if re.search(r"norm\.weight$|layernorm\.weight$|layer_norm\.weight$|ln_post\.weight$|\.ln_q\.weight$", name):
            noise = 1.0 + 0.1 * noise
        elif name.endswith(".alpha"):
            noise = (1.0 + 0.1 * noise).abs()  # a frequency, and divided by
        elif name.endswith("lm_head.weight"):
            noise = noise * (_SPREAD / shape[1] ** 0.5)
            rows = list(self.answers)
            noise[rows] = noise[rows] * (_ANSWER_SPREAD / _SPREAD) + _ANSWER / shape[1] * self._direction(shape[1])
        elif name.endswith("embed_tokens.weight"):
            noise = noise + _SHARED * self._direction(shape[1])
        elif name.endswith(".bias") or len(shape) < 2:
            noise = 0.1 * noise
        else:
            noise = noise * (_gain(name) / _inputs(name, shape) ** 0.5)
        return noise.to(self.dtype)

    def _direction(self, width: int) -> torch.Tensor:
        import torch

        own = torch.Generator(self.device).manual_seed(self.seed)
        return torch.randn(width, generator=own, device=self.device).sign()


def _last(name: str) -> str:
    """Return the name without what differs between a whole model and its thinker alone."""
    return name.removeprefix("thinker.")


def _gain(name: str) -> float:
    if re.search(r"(q_proj|k_proj|\.q|\.k|qkv)\.weight$", name):
        return 2.0
    if name.endswith(("embed_positions.weight", "audio_bos_eos_token.weight")):
        return 0.0 if "bos_eos" in name else 1.0
    return 2.0 if re.search(r"(v_proj|o_proj|out_proj|down_proj|fc2)\.?", name) else 1.2


def _inputs(name: str, shape: tuple[int, ...]) -> int:
    if name.endswith("embed_positions.weight"):
        return 4
    if ".experts." in name:
        return shape[-1]
    count = 1
    for size in shape[1:]:
        count *= size
    return count
