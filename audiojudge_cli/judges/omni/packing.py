"""Many continuations of one prefix in a single row: which token sees which, and where each one stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch


@dataclass(frozen=True, slots=True)
class Packed:
    """Lengths of one row: a prefix, then continuations that share it and don't see each other.

    Attributes:
        prefix: Tokens in the prefix.
        segments: Tokens in each continuation, in order.
    """

    prefix: int
    segments: tuple[int, ...]

    @property
    def width(self) -> int:
        """New tokens in the row."""
        return sum(self.segments)


def attention_mask(rows: Sequence[Packed], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Return the additive mask (rows, 1, new tokens, longest prefix + new tokens).

    A token sees its row's prefix and, of its own continuation, itself and what came before it. Tokens that only fill
    a row up see something too, since a softmax over nothing is NaN.
    """
    import torch

    prefix = torch.tensor([row.prefix for row in rows])
    seen = torch.arange(int(prefix.max()))[None, :] < prefix[:, None]
    width = max(row.width for row in rows)
    owner = torch.full((len(rows), width), -1)
    for index, row in enumerate(rows):
        owner[index, : row.width] = torch.repeat_interleave(torch.arange(len(row.segments)), torch.tensor(row.segments))
    earlier = torch.ones((width, width), dtype=torch.bool).tril()
    own = (owner[:, :, None] == owner[:, None, :]) & earlier
    allowed = torch.cat([seen[:, None, :].expand(-1, width, -1), own], dim=-1)
    mask = torch.full(allowed.shape, torch.finfo(dtype).min, dtype=dtype)
    return mask.masked_fill_(allowed, 0)[:, None].to(device)


def positions(rows: Sequence[Packed], device: torch.device) -> torch.Tensor:
    """Return the position of every token (rows, new tokens): each continuation starts where the prefix ended."""
    import torch

    found = torch.zeros((len(rows), max(row.width for row in rows)), dtype=torch.long)
    for index, row in enumerate(rows):
        steps = [torch.arange(length) for length in row.segments]
        found[index, : row.width] = torch.cat(steps) + row.prefix
    return found.to(device)
