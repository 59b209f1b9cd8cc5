"""What ordinary clips answer: the mean and spread of every sound class and music tag (`models/embedded.ordinary.npz`).

Classes differ in how freely a network gives them: the same log odds that are high for a creaking door are low for
music. Against its own mean and spread over ordinary clips, every class tells alike how remarkable it is.
`benchmarks/fit_embedded.py` computes them from all labelled clips, whatever their labels; those of music tags, which
mean nothing elsewhere, from the clips in which music plays.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import WeightsError
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.music_tags import TAGS, MusicTags

if TYPE_CHECKING:
    from audiojudge_cli.probes.events import EventTrack

LEAST_SPREAD = 0.5
"""Added to every spread, in log odds: a class that hardly ever moves is not remarkable when it does a little."""

FARTHEST = 4.0
"""No class stands further than this from ordinary clips, in spreads: beyond, one more says nothing."""

LASTING = 3
"""Patches, about a second and a half in all: a class that is clear in one alone is more often a slip."""

_FIELDS = ("peak_mean", "peak_spread", "mean_mean", "mean_spread", "tag_mean", "tag_spread")


@dataclass(frozen=True, eq=False)
class Standing:
    """How far each sound class of one clip stands from ordinary clips, in spreads.

    Attributes:
        peak: At its clearest moment, pauses of speech included, shape (classes,).
        lasting: Over its three clearest patches, against what the clearest one usually is, shape (classes,).
        mean: On average over the patches that hold sound, shape (classes,).
    """

    peak: Array
    lasting: Array
    mean: Array


@dataclass(frozen=True, eq=False)
class Ordinary:
    """Means and spreads (standard deviations plus `LEAST_SPREAD`) over ordinary clips, in log odds.

    Attributes:
        peak_mean: Of each class's highest log odds in a clip, shape (classes,).
        peak_spread: Of the same.
        mean_mean: Of each class's mean log odds in a clip, shape (classes,).
        mean_spread: Of the same.
        tag_mean: Of each music tag's mean log odds in a clip with music, shape (tags,).
        tag_spread: Of the same.
        digest: SHA-256 of the file; empty for what was not read from one.
    """

    peak_mean: Array
    peak_spread: Array
    mean_mean: Array
    mean_spread: Array
    tag_mean: Array
    tag_spread: Array
    digest: str = ""

    def standing(self, events: EventTrack, between: EventTrack | None) -> Standing:
        """Return how far the classes of a clip stand from ordinary ones."""
        peak = (peaks(events, between) - self.peak_mean) / self.peak_spread
        clearest = np.sort(events.logits, axis=0)[-LASTING:].mean(axis=0)
        lasting = (clearest - self.peak_mean) / self.peak_spread
        mean = (means(events) - self.mean_mean) / self.mean_spread
        return Standing(*(np.clip(value, -FARTHEST, FARTHEST) for value in (peak, lasting, mean)))

    def tag(self, heard: MusicTags, names: Sequence[str]) -> float:
        """Return how far some tags of a clip stand from ordinary music, in spreads, on average; 0 without tags."""
        columns = [TAGS.index(name) for name in names]
        standing = np.clip((heard.logits.mean(axis=0) - self.tag_mean) / self.tag_spread, -FARTHEST, FARTHEST)
        return float(standing[columns].mean()) if columns else 0.0

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        buffer = io.BytesIO()
        np.savez(buffer, **{name: getattr(self, name).astype(np.float32) for name in _FIELDS})
        return buffer.getvalue()


def peaks(events: EventTrack, between: EventTrack | None) -> Array:
    """Return the highest log odds of each class, in the pauses of speech too."""
    best = events.logits.max(axis=0)
    best = best if between is None else np.maximum(best, between.logits.max(axis=0))
    return np.asarray(best, dtype=np.float32)


def means(events: EventTrack) -> Array:
    """Return the mean log odds of each class over the patches that hold sound."""
    return np.asarray(events.logits[events.active].mean(axis=0), dtype=np.float32)


def over(peak: Sequence[Array], mean: Sequence[Array], tag: Sequence[Array]) -> Ordinary:
    """Return means and spreads, given ordinary clips' `peaks` and `means` and musical ones' mean log odds of tags."""
    fields: dict[str, Array] = {}
    for name, values in (("peak", peak), ("mean", mean), ("tag", tag)):
        stacked = np.stack(values).astype(np.float64)
        fields[f"{name}_mean"] = stacked.mean(axis=0).astype(np.float32)
        fields[f"{name}_spread"] = (stacked.std(axis=0) + LEAST_SPREAD).astype(np.float32)
    return Ordinary(**fields, digest="")


@lru_cache(maxsize=1)
def load_ordinary() -> Ordinary:
    """Read the statistics of this installation.

    Raises:
        WeightsError: If the file is missing or not what it should be.
    """
    path = bundled("models") / "embedded.ordinary.npz"
    try:
        raw = path.read_bytes()
        with np.load(io.BytesIO(raw), allow_pickle=False) as data:
            fields = {name: data[name] for name in _FIELDS}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise WeightsError(
            f"{path} holds no statistics of ordinary clips: {error}. Reinstall audiojudge-cli."
        ) from error
    return Ordinary(**fields, digest=hashlib.sha256(raw).hexdigest())
