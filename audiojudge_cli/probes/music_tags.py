"""Music tags: musicnn, trained on MagnaTagATune, three seconds at a time (Pons and Serra, 2019).

Fifty words that listeners gave to music: instruments, genres, voices, tempo and mood. Unlike the sound events it was
trained on music alone, so what it says of other sounds means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.clips.spill import room
from audiojudge_cli.probes.mel import Array, frames, mel_filters, spectra
from audiojudge_cli.probes.musicnn_graph import EMBEDDING, LOGITS

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

TAGS = (
    *("guitar", "classical", "slow", "techno", "strings", "drums", "electronic", "rock", "fast", "piano"),
    *("ambient", "beat", "violin", "vocal", "synth", "female", "indian", "opera", "male", "singing"),
    *("vocals", "no vocals", "harpsichord", "loud", "quiet", "flute", "woman", "male vocal", "no vocal", "pop"),
    *("soft", "sitar", "solo", "man", "classic", "choir", "voice", "new age", "dance", "male voice"),
    *("female vocal", "beats", "harp", "cello", "no voice", "weird", "country", "metal", "female voice", "choral"),
)
"""In the order of the network's outputs (`musicnn/configuration.py`)."""

# Its front end, as in `musicnn/configuration.py`: librosa's mel spectrogram at 16 kHz.
WINDOW, HOP, BANDS = 512, 256, 96
PATCH = 187
"""Frames the network was trained on, three seconds."""

_COMPRESSION = 10_000.0


@dataclass(frozen=True)
class MusicTags:
    """What was heard, patch by patch of three seconds.

    Attributes:
        logits: Log odds of each of `TAGS`, shape (patches, 50).
        embedding: What they are read from, shape (patches, 200).
    """

    logits: Array
    embedding: Array

    def mean(self, tags: Iterable[str]) -> float:
        """Return the highest of some tags' log odds, each averaged over the clip.

        Raises:
            ValueError: If there is no such tag.
        """
        return float(self.logits.mean(axis=0)[[TAGS.index(tag) for tag in tags]].max())

    @property
    def sung(self) -> float:
        """How much likelier singing is than instruments alone, in log odds."""
        return self.mean(("vocals", "vocal", "singing")) - self.mean(("no vocals", "no vocal", "no voice"))


def tag_music(samples: Array, session: InferenceSession) -> MusicTags:
    """Return the tags of a clip.

    Patches follow each other; the last one ends with the clip, and a clip shorter than a patch is repeated to fill it.

    Args:
        samples: Mono at 16 kHz.
        session: The network of `musicnn_graph.as_onnx`.
    """
    count = max(1, -(-len(samples) // HOP))
    starts = [*range(0, max(1, count - PATCH + 1), PATCH)]
    if count - PATCH > starts[-1]:
        starts.append(count - PATCH)
    found: list[Mapping[str, Array]] = []
    for start in starts:
        logits, embedding = session.run([LOGITS, EMBEDDING], {"mel": _log_mel(samples, start, min(PATCH, count))[None]})
        found.append({LOGITS: logits[0], EMBEDDING: embedding[0]})
    return MusicTags(*(np.stack([patch[name] for patch in found]) for name in (LOGITS, EMBEDDING)))


def _log_mel(samples: Array, start: int, count: int) -> Array:
    """Return the frames of one patch, shape (187, 96): centred on multiples of the hop, silence beyond the clip."""
    first = start * HOP - WINDOW // 2
    part = room((count - 1) * HOP + WINDOW)
    inside = samples[max(0, first) : max(0, first + len(part))]
    part[max(0, -first) : max(0, -first) + len(inside)] = inside
    power = spectra(frames(part, WINDOW, HOP), WINDOW) ** 2 @ mel_filters(WINDOW, BANDS, 0.0, 8000.0, "slaney")
    log_mel = np.log10(np.float32(1.0) + np.float32(_COMPRESSION) * power)
    return np.asarray(np.tile(log_mel, (-(-PATCH // count), 1))[:PATCH], dtype=np.float32)
