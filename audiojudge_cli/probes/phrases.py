"""Sentence vectors of English phrases: all-MiniLM-L6-v2 in plain numpy, no deep-learning framework.

The encoder of Devlin et al., "BERT" (NAACL 2019), in the six-layer size of Wang et al., "MiniLM" (NeurIPS 2020),
trained for phrases by the sentence-transformers project: embeddings, post-norm layers, mean over tokens, unit length.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.errors import WeightsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]

LONGEST = 128
"""Tokens of a phrase that are read; the model was trained on no longer ones."""


@dataclass(frozen=True)
class PhraseEncoder:
    """Turns phrases into vectors whose scalar product says how alike in meaning they are.

    Attributes:
        weights: Tensors by their names in the safetensors file, float32.
        tokenizer: Lower-cases and splits into word pieces, with [CLS] and [SEP] around them.
        layers: Number of layers.
        heads: Attention heads per layer.
        epsilon: Added to the variance in layer norms.
    """

    weights: Mapping[str, Array]
    tokenizer: Tokenizer
    layers: int
    heads: int
    epsilon: float

    @property
    def size(self) -> int:
        """Length of a vector."""
        return int(self.weights["embeddings.word_embeddings.weight"].shape[1])

    def encode(self, phrases: Sequence[str]) -> Array:
        """Return vectors of unit length, shape (phrases, size).

        Phrases of equal length in tokens go through together: without padding a vector does not depend on its
        company, but for the order in which a matrix product adds (about 1e-7).
        """
        vectors = np.zeros((len(phrases), self.size), dtype=np.float32)
        by_length: dict[int, list[int]] = {}
        ids = [self.tokenizer.encode(phrase).ids for phrase in phrases]
        for at, tokens in enumerate(ids):
            by_length.setdefault(len(tokens), []).append(at)
        for places in by_length.values():
            mean = self._forward(np.array([ids[at] for at in places], dtype=np.int64)).mean(axis=1)
            vectors[places] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors

    def _forward(self, tokens: npt.NDArray[np.int64]) -> Array:
        """Return the last hidden states, shape (phrases, tokens, size), of token numbers (phrases, tokens)."""
        table = self.weights
        hidden = table["embeddings.word_embeddings.weight"][tokens]
        hidden = hidden + table["embeddings.position_embeddings.weight"][: tokens.shape[1]]
        hidden = hidden + table["embeddings.token_type_embeddings.weight"][0]
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for number in range(self.layers):
            name = f"encoder.layer.{number}"
            mixed = self._linear(self._attend(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
            hidden = self._norm(hidden + mixed, f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._linear(hidden, f"{name}.intermediate.dense"))
            hidden = self._norm(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return hidden

    def _attend(self, hidden: Array, name: str) -> Array:
        query, key, value = (self._split(self._linear(hidden, f"{name}.{part}")) for part in ("query", "key", "value"))
        scores = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(query.shape[-1]))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).swapaxes(1, 2).reshape(hidden.shape))

    def _split(self, states: Array) -> Array:
        """Return states (phrases, tokens, size) as (phrases, heads, tokens, size / heads)."""
        count, length, size = states.shape
        return states.reshape(count, length, self.heads, size // self.heads).swapaxes(1, 2)

    def _linear(self, states: Array, name: str) -> Array:
        # One flat product is several times as fast as a product per phrase.
        flat = states.reshape(-1, states.shape[-1]) @ self.weights[f"{name}.weight"].T
        return flat.reshape(*states.shape[:-1], -1) + self.weights[f"{name}.bias"]

    def _norm(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(variance + np.float32(self.epsilon))
        return np.asarray(scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])


def _gelu(x: Array) -> Array:
    """Return x·Φ(x), the exact form with the normal distribution function that the model was trained with."""
    from scipy.special import ndtr

    return np.asarray(x * ndtr(x), dtype=np.float32)


def load_encoder(folder: Path) -> PhraseEncoder:
    """Read an encoder from a folder with config.json, tokenizer.json and model.safetensors.

    Raises:
        WeightsError: If the files are missing or belong to another kind of model.
    """
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        family = (config["model_type"], config["hidden_act"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        weights = load_file(folder / "model.safetensors")
        layers, heads, epsilon = (
            config[name] for name in ("num_hidden_layers", "num_attention_heads", "layer_norm_eps")
        )
    except Exception as error:  # both libraries raise bare exceptions of their own
        raise WeightsError(f"{folder}: the phrase encoder cannot be read: {' '.join(str(error).split())}") from error
    if family != ("bert", "gelu"):
        raise WeightsError(f"{folder}: not a BERT encoder with GELU")
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return PhraseEncoder(weights, tokenizer, int(layers), int(heads), float(epsilon))
