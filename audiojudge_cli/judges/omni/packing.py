"""Many continuations of one prefix in a single row: which token sees which, and where each one stands.

prefix │ shared │ continuation 1 │ continuation 2 │ …
             ▲────────┘                  │
             ▲───────────────────────────┘   no continuation sees another
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
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
        shared: Tokens that all continuations begin with; they stand once, before the first.
    """

    prefix: int
    segments: tuple[int, ...]
    shared: int = 0

    @property
    def width(self) -> int:
        """New tokens in the row."""
        return self.shared + sum(self.segments)

    @property
    def ends(self) -> tuple[int, ...]:
        """Index of the last token of each continuation within the new tokens."""
        return tuple(self.shared + end - 1 for end in accumulate(self.segments))


def common_start(texts: Sequence[Sequence[int]]) -> int:
    """Count the tokens that all texts begin with; of every text at least one token is left over."""
    if len(texts) < 2:
        return 0
    most = min(map(len, texts)) - 1
    first = texts[0]
    return next((at for at in range(most) if any(text[at] != first[at] for text in texts)), most)


def attention_mask(rows: Sequence[Packed], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Return the additive mask (rows, 1, new tokens, longest prefix + new tokens).

    A token sees its row's prefix, the shared tokens and, of its own continuation, itself and what came before it.
    Tokens that only fill a row up see something too, since a softmax over nothing is NaN.
    """
    import torch

    prefix = torch.tensor([row.prefix for row in rows])
    seen = torch.arange(int(prefix.max()))[None, :] < prefix[:, None]
    width = max(row.width for row in rows)
    owner = torch.full((len(rows), width), -1)
    for index, row in enumerate(rows):
        lengths = torch.tensor((row.shared, *row.segments))
        owner[index, : row.width] = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
    earlier = torch.ones((width, width), dtype=torch.bool).tril()
    own = ((owner[:, :, None] == owner[:, None, :]) | (owner == 0)[:, None, :]) & earlier
    allowed = torch.cat([seen[:, None, :].expand(-1, width, -1), own], dim=-1)
    mask = torch.full(allowed.shape, torch.finfo(dtype).min, dtype=dtype)
    return mask.masked_fill_(allowed, 0)[:, None].to(device)


def positions(rows: Sequence[Packed], device: torch.device) -> torch.Tensor:
    """Return the position of every token (rows, new tokens): each continuation starts where the shared ones end."""
    import torch

    found = torch.zeros((len(rows), max(row.width for row in rows)), dtype=torch.long)
    for index, row in enumerate(rows):
        steps = [torch.arange(length) + row.shared for length in row.segments]
        found[index, : row.width] = torch.cat([torch.arange(row.shared), *steps]) + row.prefix
    return found.to(device)
