"""Linear heads that name instruments from musicnn's embedding (`models/embedded.heads.npz`).

Trained by `benchmarks/train_heads.py` on recorded notes and rendered pieces of known instruments, half of them under
speech too, and on sounds that are no music; the script prints how well each is told apart on pieces held out
(docs/embedded.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import WeightsError

Array = npt.NDArray[np.float32]

DRUMS = "drums"
"""The head that a reading of drums asks by name."""

BY_CLASS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Marimba, xylophone": ("xylophone", "marimba"),
        "Mallet percussion": ("xylophone", "marimba", "vibraphone", "glockenspiel"),
        "Vibraphone": ("vibraphone",),
        "Glockenspiel": ("glockenspiel", "celesta"),
        "Tubular bells": ("tubular_bells",),
        "Steelpan": ("steelpan",),
        "Guitar": ("acoustic_guitar", "electric_guitar"),
        "Bowed string instrument": ("strings", "violin", "viola", "cello"),
        "Wind instrument, woodwind instrument": ("flute", "recorder", "clarinet", "oboe", "bassoon", "saxophone"),
        "Brass instrument": ("brass", "trumpet", "trombone", "french_horn", "tuba"),
        "Keyboard (musical)": ("piano", "electric_piano", "organ", "synthesizer"),
        "Orchestra": ("strings",),
    }
)
"""Heads by the class that means the instrument; other instruments have a head of their own name or none."""


@dataclass(frozen=True, eq=False)
class Heads:
    """One logistic function per instrument over the pooled embedding.

    Attributes:
        names: Instruments, by their names in the vocabulary or a finer one.
        mean: Subtracted from the pooled embedding, shape (200,).
        scale: Divided by, shape (200,).
        weights: Shape (instruments, 200).
        bias: Shape (instruments,).
        digest: SHA-256 of the file.
    """

    names: tuple[str, ...]
    mean: Array
    scale: Array
    weights: Array
    bias: Array
    digest: str

    def logits(self, embedding: Array) -> Mapping[str, float]:
        """Return the log odds of each instrument for a clip's embeddings, shape (patches, 200)."""
        values = self.weights @ ((pooled(embedding) - self.mean) / self.scale) + self.bias
        return {name: float(value) for name, value in zip(self.names, values, strict=True)}


def pooled(embedding: Array) -> Array:
    """Return the mean over patches, shape (200,)."""
    return np.asarray(embedding.mean(axis=0), dtype=np.float32)


def load_heads(path: Path | None = None) -> Heads:
    """Read the heads.

    Raises:
        WeightsError: If the file is missing or not what it should be, or lacks a head that readings ask by name.
    """
    path = path or bundled("models") / "embedded.heads.npz"
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with np.load(path, allow_pickle=False) as data:
            heads = Heads(
                tuple(str(name) for name in data["names"]),
                data["mean"],
                data["scale"],
                data["weights"].astype(np.float32),
                data["bias"],
                digest,
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise WeightsError(f"{path} holds no heads: {error}. Reinstall audiojudge-cli.") from error
    missing = sorted({DRUMS, *(name for names in BY_CLASS.values() for name in names)} - set(heads.names))
    if missing:
        raise WeightsError(f"{path} holds no head for {', '.join(missing)}. Reinstall audiojudge-cli.")
    return heads
