"""Keys and values of tokens that were read once and serve many continuations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch


@dataclass(frozen=True, slots=True)
class Prefix:
    """The attention state of the first tokens of a prompt.

    Attributes:
        keys: Per layer, shape (1, key-value heads, length, head size); empty for a prefix of no tokens.
        values: As `keys`.
        length: Number of tokens; also the position of the next one, as audio tokens take one position each.
    """

    keys: tuple[torch.Tensor, ...] = ()
    values: tuple[torch.Tensor, ...] = ()
    length: int = 0


class ReadEnoughError(Exception):
    """The last layer's keys and values are there: what that layer computes from here on is wanted of few tokens."""


class SharedCache:
    """Stands in for transformers' cache: every row reads its own prefix, and no prefix is ever written to.

    Rows with one prefix each are laid side by side, shorter prefixes filled up with zeros that the mask hides. The
    joined keys of a layer live only as long as that layer runs, so a batch never holds a second copy of the cache.

    The last layer is stopped by `ReadEnoughError` once its keys and values are joined. Run again, with the tokens whose
    output is wanted, it attends over what was joined the first time.

    Args:
        prefixes: One per row.
        layers: Number of layers.
        keep: Whether the joined keys and values of all layers stay, so that they can become a longer prefix.
    """

    is_compileable = False

    def __init__(self, prefixes: Sequence[Prefix], layers: int, *, keep: bool = False) -> None:
        self._prefixes = prefixes
        self._layers = layers
        self._keep = keep
        self._keys: list[torch.Tensor] = []
        self._values: list[torch.Tensor] = []
        self._last: tuple[torch.Tensor, torch.Tensor] | None = None
        self.width = max(prefix.length for prefix in prefixes)

    def get_seq_length(self, layer_idx: int = 0) -> int:  # noqa: ARG002 - all layers are equally long
        """Tokens before the new ones, filling included."""
        return self.width

    def update(
        self,
        key_states: torch.Tensor,
        value_states: torch.Tensor,
        layer_idx: int,
        *_args: object,
        **_kwargs: object,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the layer's keys and values of prefix and new tokens together.

        Raises:
            ReadEnoughError: In the last layer, the first time.
        """
        if self._last is not None:
            return self._last
        keys, values = key_states, value_states
        if self.width:
            keys = self._joined(key_states, [prefix.keys[layer_idx : layer_idx + 1] for prefix in self._prefixes])
            values = self._joined(value_states, [prefix.values[layer_idx : layer_idx + 1] for prefix in self._prefixes])
        if self._keep:
            self._keys.append(keys)
            self._values.append(values)
        if layer_idx + 1 == self._layers:
            self._last = keys, values
            raise ReadEnoughError
        return keys, values

    def extended(self, row: int, length: int) -> Prefix:
        """One row's prefix with its first `length` new tokens. Only for rows whose prefixes are equally long."""
        end = self.width + length
        return Prefix(
            tuple(keys[row : row + 1, :, :end] for keys in self._keys),
            tuple(values[row : row + 1, :, :end] for values in self._values),
            end,
        )

    def _joined(self, new: torch.Tensor, old: Sequence[tuple[torch.Tensor, ...]]) -> torch.Tensor:
        rows, heads, width, size = new.shape
        joined = new.new_empty((rows, heads, self.width + width, size))
        joined[:, :, self.width :] = new
        for row, layer in enumerate(old):
            length = self._prefixes[row].length
            for states in layer:
                joined[row, :, :length] = states[0]
            joined[row, :, length : self.width] = 0  # a mask can't hide NaN
        return joined
