"""Whose voice it is: Resemblyzer's encoder (trained by GE2E, Wan et al., arXiv 1710.10467), 256 numbers for a voice.

Two voices are as alike as the cosine of their embeddings. `benchmarks/speakers.py`: two clips of one of eleven speakers
are told from two of different ones with an AUC of .972, two halves of a clip from halves of others with .997. Noise
lowers it (20 dB below the voice to .9 of itself, 10 dB to .75), level doesn't, a telephone's band hardly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.clips.spill import room
from audiojudge_cli.probes.mel import HOP, RATE, Array, frames, mel_filters, spectra
from audiojudge_cli.probes.speaker_graph import BANDS, EMBEDDING, UNITS

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WINDOW = 400
"""Samples a frame looks at (25 ms)."""

PART = 160
"""Frames the encoder was trained on at once (1.6 s)."""

STEP = 77
"""Frames from one part to the next: upstream's 1.3 parts a second."""

BATCH = 64
"""Parts per call (about 50 s of speech): bounds memory on clips of any length."""

LEAST_SPEECH_S = 1.0
"""Under a second there are a few syllables, and the encoder would read padding for a third of its part."""

TARGET_DBFS = -24.0
"""Level all speech is brought to. The encoder reads power, not its logarithm, so it hears level; upstream only raises
what is below -30 dBFS, and then tells a clip from itself played 20 dB louder (.83 to .94; measured on four voices). Of
-30, -27, -24 and -20 dBFS this tells speakers apart best, by little (AUC .969, .971, .972, .971)."""


def embed_voice(samples: Array, segments: Sequence[tuple[float, float]], session: InferenceSession) -> Array | None:
    """Return the embedding of the voice in a clip, shape (256,), of length 1.

    Parts of 1.6 s are embedded one by one and averaged, as upstream does; several voices in a clip are averaged too.

    Args:
        samples: Mono float32 at 16 kHz.
        segments: Stretches of speech in seconds (`SpeechActivity.segments`); they are joined.
        session: The network of `speaker_graph.as_onnx` (`Models.speaker`).

    Returns:
        None with under a second of speech: too little to tell a voice by.
    """
    speech = _joined(samples, segments)
    level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64)))) if len(speech) else 0.0
    if len(speech) < LEAST_SPEECH_S * RATE or level <= 0:
        return None
    gain = np.float32(10.0 ** (TARGET_DBFS / 20.0) / level)
    count = 1 + len(speech) // HOP
    starts = [*range(0, max(1, count - PART + 1), STEP)]
    if count - PART > starts[-1]:
        starts.append(count - PART)
    total = np.zeros(UNITS, dtype=np.float64)
    for first in range(0, len(starts), BATCH):
        batch = starts[first : first + BATCH]
        mel = _mel(speech, batch[0], batch[-1] + PART, gain)
        parts = np.stack([mel[start - batch[0] :][:PART] for start in batch], axis=1)
        (found,) = session.run([EMBEDDING], {"mel": parts})
        total += found.sum(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(total))
    return np.asarray(total / length, dtype=np.float32) if length > 0 else None


def likeness(one: Array, other: Array) -> float:
    """Return how alike two voices are: the cosine of their embeddings, 0 to 1 since no unit is negative."""
    return float(np.clip(np.dot(one.astype(np.float64), other.astype(np.float64)), 0.0, 1.0))


def _joined(samples: Array, segments: Sequence[tuple[float, float]]) -> Array:
    parts = [samples[round(start * RATE) : round(end * RATE)] for start, end in segments]
    joined = room(sum(map(len, parts)))
    place = 0
    for part in parts:
        joined[place : place + len(part)] = part
        place += len(part)
    return joined


def _mel(samples: Array, first: int, last: int, gain: np.float32) -> Array:
    """Return mel power of the frames from `first` up to `last`, shape (last - first, 40).

    They are centred on multiples of the hop; beyond the samples there is silence.
    """
    start = first * HOP - WINDOW // 2
    part = np.zeros((last - first - 1) * HOP + WINDOW, dtype=np.float32)
    inside = samples[max(0, start) : start + len(part)]
    part[max(0, -start) :][: len(inside)] = inside * gain
    power = spectra(frames(part, WINDOW), WINDOW) ** 2
    return np.asarray(power @ mel_filters(WINDOW, BANDS, 0.0, 8000.0, "slaney"), dtype=np.float32)
