"""The language model's part of a judge: tokens in, next-token logits out, on prefixes that stay as they are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.omni import packing
from audiojudge_cli.judges.omni.prefix import Prefix, ReadEnoughError, SharedCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from audiojudge_cli.judges.omni.adapter import Adapter
    from audiojudge_cli.judges.omni.loaded import LoadedModel

# Attention over more new tokens than this needs masks and scores that grow past the weights of a layer.
BLOCK = 1024


class Decoder:
    """Runs the layers of a loaded model's text model directly.

    The outer classes would derive positions from what they saw in an earlier call (`rope_deltas`) and compute the last
    layer and logits for every token; here positions are given, and only answers are computed to their end.
    """

    def __init__(self, loaded: LoadedModel, adapter: Adapter) -> None:
        model: Any = loaded.model
        self._text = model.model.language_model
        self._head = model.lm_head
        self._embedding = self._text.get_input_embeddings()
        self._adapter = adapter
        self._device = loaded.device

    def embed(self, tokens: Sequence[int]) -> torch.Tensor:
        """Return the embeddings of text tokens, shape (tokens, hidden size)."""
        import torch

        found: torch.Tensor = self._embedding(torch.tensor(list(tokens), dtype=torch.long, device=self._device))
        return found

    def extend(self, prefix: Prefix, embeddings: torch.Tensor) -> tuple[Prefix, torch.Tensor]:
        """Read more tokens on top of a prefix and return the longer prefix and the next-token logits after it."""
        prefix = self.read(prefix, embeddings[:-1])
        row = packing.Packed(prefix.length, (1,))
        cache = SharedCache([prefix], len(self._text.layers), keep=True)
        hidden = self._last_hidden([row], self._run([row], embeddings[None, -1:], cache))
        return cache.extended(0, 1), self._head(hidden)

    def read(self, prefix: Prefix, embeddings: torch.Tensor) -> Prefix:
        """Read more tokens on top of a prefix, in blocks, and return the longer prefix."""
        import torch

        for block in torch.split(embeddings, BLOCK):
            if len(block):
                (prefix,) = self.read_rows(prefix, [block])
        return prefix

    def read_rows(self, prefix: Prefix, rows: Sequence[torch.Tensor]) -> list[Prefix]:
        """Read several continuations of one prefix side by side and return one longer prefix for each."""
        import torch

        cache = SharedCache([prefix] * len(rows), len(self._text.layers), keep=True)
        packed = [packing.Packed(prefix.length, (len(row),)) for row in rows]
        self._run(packed, torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True), cache)
        return [cache.extended(index, len(row)) for index, row in enumerate(rows)]

    def answers(self, rows: Sequence[tuple[Prefix, Sequence[Sequence[int]]]]) -> torch.Tensor:
        """Return the next-token logits after each continuation, shape (continuations of all rows, vocabulary).

        Args:
            rows: Per row a prefix and the token sequences that continue it; none of them empty.
        """
        found: torch.Tensor = self._head(self.states(rows))
        return found

    def states(self, rows: Sequence[tuple[Prefix, Sequence[Sequence[int]]]]) -> torch.Tensor:
        """Return the last hidden state, normed, at the end of each continuation.

        Args:
            rows: As for `answers`.

        Returns:
            Shape (continuations of all rows, hidden size).
        """
        import torch

        packed = []
        embeddings = []
        for prefix, texts in rows:
            shared = packing.common_start(texts)
            packed.append(packing.Packed(prefix.length, tuple(len(text) - shared for text in texts), shared))
            tokens = [*texts[0][:shared], *(token for text in texts for token in text[shared:])]
            embeddings.append(self.embed(tokens))
        cache = SharedCache([prefix for prefix, _ in rows], len(self._text.layers))
        run = self._run(packed, torch.nn.utils.rnn.pad_sequence(embeddings, batch_first=True), cache)
        return self._last_hidden(packed, run)

    def _run(self, rows: Sequence[packing.Packed], embeddings: torch.Tensor, cache: SharedCache) -> _Run:
        """Run all layers, the last one only as far as its keys and values."""
        steps = self._adapter.positions(packing.positions(rows, self._device))
        mask = packing.attention_mask(rows, embeddings.dtype, self._device)
        cosines, sines = self._text.rotary_emb(embeddings, steps)
        run = _Run(embeddings, mask, cosines, sines, cache)
        with suppress(ReadEnoughError):
            for layer in self._text.layers:
                run = replace(run, states=run.through(layer))
        return run

    def _last_hidden(self, rows: Sequence[packing.Packed], run: _Run) -> torch.Tensor:
        """Run the last layer for the last token of every continuation alone: shape (continuations, hidden size)."""
        import torch

        most = max(len(row.ends) for row in rows)
        ends = torch.tensor([[*row.ends, *[0] * (most - len(row.ends))] for row in rows], device=self._device)
        hidden = self._text.norm(run.only(ends).through(self._text.layers[-1]))
        return torch.cat([hidden[index, : len(row.ends)] for index, row in enumerate(rows)])


@dataclass(frozen=True, slots=True)
class _Run:
    """What a decoder layer takes, in the order of rows, then tokens.

    Attributes:
        states: Hidden states, shape (rows, tokens, hidden size).
        mask: Additive attention mask, shape (rows, 1, tokens, keys).
        cosines: Rotation of the tokens, shape (rows, tokens, head size).
        sines: As `cosines`.
        cache: Where keys and values are joined.
    """

    states: torch.Tensor
    mask: torch.Tensor
    cosines: torch.Tensor
    sines: torch.Tensor
    cache: SharedCache

    def through(self, layer: torch.nn.Module) -> torch.Tensor:
        """Return the states after a layer."""
        found: torch.Tensor = layer(
            self.states,
            attention_mask=self.mask,
            position_embeddings=(self.cosines, self.sines),
            past_key_values=self.cache,
            use_cache=True,
        )
        return found

    def only(self, places: torch.Tensor) -> _Run:
        """Return the same for some tokens of each row, given by their indices, shape (rows, tokens)."""
        import torch

        rows = torch.arange(len(places), device=places.device)[:, None]
        mask = self.mask[rows, 0, places][:, None]
        picked = [each[rows, places] for each in (self.states, self.cosines, self.sines)]
        return _Run(picked[0], mask, picked[1], picked[2], self.cache)
