"""The language model's part of a judge: tokens in, next-token logits out, on prefixes that stay as they are."""

from __future__ import annotations

from contextlib import suppress
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
    """Runs the text model of a loaded audio language model directly.

    The outer class would derive positions from what it saw in an earlier call (`rope_deltas`) and compute logits for
    every token; here positions are given and logits are computed where somebody asks for them.
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
        cache = SharedCache([prefix], keep=True)
        hidden = self._run([packing.Packed(prefix.length, (1,))], embeddings[None, -1:], cache)
        return cache.extended(0, 1), self.logits(hidden[0])

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

        cache = SharedCache([prefix] * len(rows), keep=True, layers=len(self._text.layers))
        packed = [packing.Packed(prefix.length, (len(row),)) for row in rows]
        with suppress(ReadEnoughError):
            self._run(packed, torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True), cache)
        return [cache.extended(index, len(row)) for index, row in enumerate(rows)]

    def answers(self, rows: Sequence[tuple[Prefix, Sequence[Sequence[int]]]]) -> torch.Tensor:
        """Return the next-token logits after each continuation, shape (continuations of all rows, vocabulary).

        Args:
            rows: Per row a prefix and the token sequences that continue it; none of them empty.
        """
        import torch

        packed = []
        embeddings = []
        for prefix, texts in rows:
            shared = packing.common_start(texts)
            packed.append(packing.Packed(prefix.length, tuple(len(text) - shared for text in texts), shared))
            tokens = [*texts[0][:shared], *(token for text in texts for token in text[shared:])]
            embeddings.append(self.embed(tokens))
        cache = SharedCache([prefix for prefix, _ in rows])
        hidden = self._run(packed, torch.nn.utils.rnn.pad_sequence(embeddings, batch_first=True), cache)
        return self.logits(torch.cat([hidden[index, list(row.ends)] for index, row in enumerate(packed)]))

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return next-token logits of hidden states, shape (states, vocabulary)."""
        found: torch.Tensor = self._head(hidden)
        return found

    def _run(self, rows: Sequence[packing.Packed], embeddings: torch.Tensor, cache: SharedCache) -> torch.Tensor:
        steps = packing.positions(rows, self._device)
        hidden: torch.Tensor = self._text(
            inputs_embeds=embeddings,
            attention_mask=packing.attention_mask(rows, embeddings.dtype, self._device),
            position_ids=self._adapter.positions(steps),
            past_key_values=cache,
            use_cache=True,
        ).last_hidden_state
        return hidden
